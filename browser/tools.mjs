// What a journey works with: pages that remember their errors, axe, pictures, and a plain `expect`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export function toolsFor({ browser, demo, scripted, pictures }) {
  const { base } = demo;
  const contexts = [];
  const errors = new Map();

  /** A visitor of his own: nothing shared with the others. */
  async function visitor({ width = 1366, height = 900 } = {}) {
    const context = await browser.newContext({
      baseURL: base,
      javaScriptEnabled: scripted,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width, height },
    });
    contexts.push(context);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    errors.set(page, []);
    const hear = (words) => errors.get(page).push(`${page.url()}: ${words}`);
    page.on('console', (message) => {
      if (message.type() === 'error' && !isRefusal(message)) hear(message.text());
    });
    page.on('pageerror', (error) => hear(error.message));
    return page;
  }

  /** Signs in with a card of the demo's sign-in page, named by its value or by words on it. */
  async function signIn(card, options) {
    const page = await visitor(options);
    await page.goto('/sign-in');
    const buttons = page.locator('form[action="/demo/sign-in"] button[name=card]');
    const byValue = page.locator(`form[action="/demo/sign-in"] button[name=card][value="${card}"]`);
    const button = (await byValue.count()) > 0 ? byValue : buttons.filter({ hasText: card });
    await Promise.all([page.waitForNavigation(), button.first().click()]);
    expect(!page.url().includes('/demo/sign-in'), `card ${card} does not sign in`);
    return page;
  }

  /** The violations that axe finds, each with the elements concerned; none is an empty list. */
  async function axe(page) {
    if (scripted) return examine(page);
    // axe is a script itself: where script is off it looks at a copy of the page in which only axe runs.
    const context = await browser.newContext({
      locale: 'zh-CN',
      storageState: await page.context().storageState(),
      viewport: page.viewportSize(),
    });
    try {
      return await examine(await copyInto(context, page));
    } finally {
      await context.close();
    }
  }

  async function examine(page) {
    await page.evaluate(AXE);
    const run = (values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] });
    const { violations } = await page.evaluate(run, STANDARDS);
    const where = (nodes) => nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ');
    return violations.map(({ id, help, nodes }) => `axe ${id}: ${help} (${nodes.length}: ${where(nodes)})`);
  }

  /** Saves what the page looks like, whole. */
  async function screenshot(page, name) {
    const file = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+/, '').slice(0, 100);
    await page.screenshot({ path: join(pictures, `${file}.png`), fullPage: true });
  }

  async function screenshotAll(name) {
    const pages = contexts.flatMap((context) => context.pages());
    for (const [number, page] of pages.entries()) {
      await screenshot(page, `${name}-${number + 1}`).catch(() => {});
    }
  }

  /** Errors that a page wrote to its console since the last call. */
  function takeErrors(page) {
    return errors.get(page).splice(0);
  }

  function expectQuiet() {
    const left = [...errors.keys()].flatMap(takeErrors);
    expect(left.length === 0, `console errors:\n${left.join('\n')}`);
  }

  async function close() {
    await Promise.all(contexts.map((context) => context.close().catch(() => {})));
  }

  return {
    browser, demo, base, scripted, visitor, signIn, axe, screenshot, screenshotAll, expect, takeErrors, expectQuiet, close,
  };
}

async function copyInto(context, page) {
  const copy = await context.newPage();
  const body = await page.content();
  await copy.route('**/*', (route) => {
    const kind = route.request().resourceType();
    if (kind === 'document') return route.fulfill({ contentType: 'text/html; charset=utf-8', body });
    return kind === 'script' ? route.abort() : route.continue();
  });
  await copy.goto(page.url());
  return copy;
}

/** Chromium reports a page that answers 4xx as an error; journeys that provoke a refusal look at the page. */
function isRefusal(message) {
  return /Failed to load resource: the server responded with a status of (403|404|409|422)/.test(message.text());
}

export function expect(isSo, words) {
  if (!isSo) throw new Error(words);
}
