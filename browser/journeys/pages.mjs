// Every page that a role can reach by links: it answers, axe finds nothing, it fits a telephone and a desk,
// it has one heading and carries the mark of the demo. axe and the camera look at a page that holds an element
// not yet looked at under that shape of address: the same elements are the same page with other words.

const WIDTHS = [1366, 360];
const EXAMPLES_OF_A_SHAPE = 3;
const CROWD = 2;

/** People of one role see the same pages; those who fill in stand at different points of their forms. */
const PEOPLE_OF_A_ROLE = { 填报员: 4 };

export default {
  name: 'pages',
  minutes: 25,
  async run(tools) {
    const cards = await readCards(tools);
    tools.expect(cards.length > 0, 'the sign-in page of the demo shows no cards');
    const walks = [null, ...cards];
    const faults = [];
    const known = new Set();
    const counts = { pages: 0, looks: 0 };
    const walker = async () => {
      for (let card; (card = walks.shift()) !== undefined; ) {
        await walk(tools, card, { faults, known, counts });
      }
    };
    await Promise.all(Array.from({ length: CROWD }, walker));
    const { pages, looks } = counts;
    console.log(`    ${pages} pages, ${looks} looked at closely, as ${cards.length} people and as a stranger`);
    tools.expect(faults.length === 0, `${faults.length} faults on ${pages} pages:\n${gathered(faults)}`);
  },
};

async function readCards({ visitor }) {
  const page = await visitor();
  await page.goto('/sign-in');
  const buttons = page.locator('form[action="/demo/sign-in"] button[name=card]');
  const cards = await buttons.evaluateAll((all) => all.map(({ value, innerText }) => ({ value, innerText })));
  await page.context().close();
  const once = cards.filter(({ value }, at) => cards.findIndex((card) => card.value === value) === at);
  const people = once.map(({ value, innerText }) => ({ value, words: innerText.trim().split(/\s+/) }));
  const isOneOfFew = ({ words }, at) =>
    people.slice(0, at).filter((other) => other.words[0] === words[0]).length < (PEOPLE_OF_A_ROLE[words[0]] ?? 1);
  return people.filter(isOneOfFew).map(({ value, words }) => ({ value, label: words.slice(0, 3).join('-') }));
}

/** Follows links from the first page, some examples of each shape of address. */
async function walk(tools, card, { faults, known, counts }) {
  const page = card === null ? await tools.visitor() : await tools.signIn(card.value);
  const who = card?.label ?? 'stranger';
  const queue = ['/', card === null ? '/sign-in' : new URL(page.url()).pathname];
  const seen = new Set();
  const shapes = new Map();
  while (queue.length > 0) {
    const path = queue.shift();
    const shape = shapeOf(path);
    const examples = shapes.get(shape) ?? 0;
    if (seen.has(path) || examples >= EXAMPLES_OF_A_SHAPE) continue;
    seen.add(path);
    shapes.set(shape, examples + 1);
    const note = (words) => faults.push({ words, where: `${who} ${path}` });
    if (!(await visit(page, path, note))) continue;
    counts.pages += 1;
    queue.push(...(await links(page)));
    const fresh = (await elements(page)).map((element) => `${shape} ${element}`).filter((one) => !known.has(one));
    fresh.forEach((one) => known.add(one));
    counts.looks += fresh.length > 0 ? 1 : 0;
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width > 800 ? 900 : 740 });
      await look(page, width, note);
      if (fresh.length === 0) continue;
      for (const violation of await tools.axe(page)) note(`${violation} at ${width}px`);
      await tools.screenshot(page, `${shape === '/' ? 'front' : shape} ${who} ${examples + 1} ${width}`);
    }
    for (const error of tools.takeErrors(page)) note(`console: ${error}`);
  }
  await page.context().close();
}

/** Opens an address and says whether it is a page; a download is only asked for its status. */
async function visit(page, path, note) {
  let answer;
  try {
    answer = await page.goto(path, { waitUntil: 'load' });
  } catch (error) {
    if (!/download|ERR_ABORTED/i.test(error.message)) throw error;
    answer = await page.context().request.get(path);
    if (answer.status() >= 400) note(`answers ${answer.status()}`);
    return false;
  }
  if (answer.status() >= 400) note(`answers ${answer.status()}`);
  return (answer.headers()['content-type'] ?? '').startsWith('text/html');
}

/** Each kind of element on the page, by its name, classes, attributes and where it stands. */
function elements(page) {
  return page.evaluate(() => {
    const name = (element) => [element.tagName, element.className?.baseVal ?? element.className,
      ...element.getAttributeNames().sort(), element.parentElement?.tagName].join(' ');
    return [...new Set([...document.querySelectorAll('body *')].map(name))];
  });
}

async function look(page, width, note) {
  const seen = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    isWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    hasMark: document.body.innerText.includes('演示数据'),
    title: document.title.trim(),
  }));
  if (seen.headings !== 1) note(`has ${seen.headings} h1 at ${width}px`);
  if (seen.isWide) note(`scrolls sideways at ${width}px`);
  if (!seen.hasMark) note(`lacks the mark 演示数据 at ${width}px`);
  if (seen.title === '') note('has no title');
}

/** Addresses on the page that a reader can follow: ours, and not downloads. */
async function links(page) {
  const found = await page.locator('a[href]:not([download])').evaluateAll((all) => all.map((link) => link.href));
  const here = new URL(page.url());
  const ours = found.map((href) => new URL(href)).filter((url) => url.origin === here.origin);
  return [...new Set(ours.map((url) => url.pathname + url.search))];
}

/** The address with ids, numbers and days replaced, and only the names of its parameters. */
function shapeOf(path) {
  const url = new URL(path, 'http://shape');
  const parts = url.pathname.split('/').map((part) => (/^[0-9a-z]{26}$/i.test(part) || /\d/.test(part) ? '*' : part));
  const names = [...new Set(url.searchParams.keys())].sort().join('&');
  return parts.join('/') + (names ? `?${names}` : '');
}

/** Each fault once, with where it stands and how often. */
function gathered(faults) {
  const places = new Map();
  for (const { words, where } of faults) places.set(words, [...(places.get(words) ?? []), where]);
  const line = ([words, where]) => `${words}\n    ${where.length} times, first: ${where.slice(0, 3).join(', ')}`;
  return [...places].map(line).join('\n');
}
