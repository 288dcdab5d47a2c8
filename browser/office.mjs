// How the people of a journey work: they open their desk, press buttons, and look at what the page says.

export function officeFor(tools) {
  const { expect, scripted } = tools;

  /** Signs in with a card, named by words on it. */
  async function person(words) {
    return tools.signIn(words);
  }

  /** Presses a button and waits for the next page. */
  async function press(page, words) {
    await moved(page, page.getByRole('button', { name: words, exact: true }).first());
  }

  /** Follows a link and waits for the next page. */
  async function follow(page, words) {
    await moved(page, page.getByRole('link', { name: words, exact: true }).first());
  }

  async function moved(page, target) {
    await Promise.all([page.waitForNavigation(), target.click()]);
    expect(!page.url().includes('/sign-in'), `${page.url()}: signed out`);
  }

  /** The row of the desk for this thing; none when the desk does not show it. */
  async function todo(page, words) {
    await page.goto('/desk');
    const row = page.getByRole('region', { name: '我的待办' }).locator('tbody tr').filter({ hasText: words });
    return (await row.count()) > 0 ? row.first() : null;
  }

  /** Opens a thing from the desk, which must show it. */
  async function open(page, words) {
    const row = await todo(page, words);
    expect(row, `the desk does not show ${words}`);
    const before = Number(await page.locator('.todo .count').innerText());
    expect(before > 0, 'the desk shows a thing that the bell does not count');
    await moved(page, row.getByRole('link', { name: '办理' }));
  }

  async function isDone(page, words) {
    expect((await todo(page, words)) === null, `the desk still shows ${words}`);
  }

  /** The page says these words, somewhere under its heading. */
  async function says(page, ...all) {
    const text = await page.locator('main').innerText();
    for (const words of all) expect(text.includes(words), `${page.url()} does not say “${words}”:\n${text.slice(0, 700)}`);
  }

  async function saysNot(page, words) {
    const text = await page.locator('main').innerText();
    expect(!text.includes(words), `${page.url()} says “${words}”`);
  }

  /** The same page came back: a summary on top whose link leads to the field, and the field says it too. */
  async function isRefused(page, field, words) {
    const link = page.locator('.error-summary a').filter({ hasText: words });
    expect((await link.count()) > 0, `${page.url()}: no summary says “${words}”:\n${await page.locator('main').innerText()}`);
    const target = await link.first().getAttribute('href');
    expect(target === `#f-${field}`, `the summary leads to ${target}, not to #f-${field}`);
    expect((await page.locator(target).count()) === 1, `nothing stands at ${target}`);
    const own = page.locator(`[data-field="${field}"] .field-error`);
    expect((await own.innerText()).includes(words), `the field ${field} does not say “${words}”`);
    expect((await page.title()).startsWith('错误'), `the title is “${await page.title()}”`);
    if (!scripted) return;
    const focused = await page.evaluate(() => document.activeElement?.matches('.error-summary'));
    expect(focused, `${page.url()}: the summary is not in focus`);
  }

  /** A picture for the desk and one for the telephone; neither scrolls sideways. */
  async function picture(page, name) {
    for (const [width, height] of [[360, 740], [1366, 900]]) {
      await page.setViewportSize({ width, height });
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      expect(!isWide, `${page.url()} scrolls sideways at ${width}px`);
      await tools.screenshot(page, `batch ${name} ${scripted ? 'script' : 'plain'} ${width}`);
    }
  }

  return { person, press, follow, moved, todo, open, isDone, says, saysNot, isRefused, picture };
}
