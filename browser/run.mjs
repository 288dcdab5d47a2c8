// Runs every journey of journeys/ in a real Chromium against a demo of its own.
//
//   node run.mjs PROGRAM SCREENSHOTS [JOURNEY…]
//
// A journey is `export default { name, withoutScript, minutes, async run(tools) }`; `withoutScript: true` runs
// it a second time with script off, `minutes` is the longest it may take. It fails by throwing. The last line
// is `journeys: N passed, M failed`.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { startDemo } from './demo.mjs';
import { toolsFor } from './tools.mjs';

const LONGEST_JOURNEY_MINUTES = 5;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

const here = dirname(fileURLToPath(import.meta.url));

async function main([program, screenshots, ...wanted]) {
  if (!program || !screenshots) throw new Error('usage: node run.mjs PROGRAM SCREENSHOTS [JOURNEY…]');
  // The caller's folder is this one or the root; both write paths as seen from the root.
  const [binary, pictures] = [program, screenshots].map((path) => resolve(join(here, '..'), path));
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.ZHENXING_CHROMIUM || '/usr/bin/chromium',
    args: FLAGS,
  });
  const counts = { passed: 0, failed: 0 };
  try {
    for (const journey of await journeys(wanted)) {
      for (const scripted of journey.withoutScript ? [true, false] : [true]) {
        const is_good = await runOne({ journey, scripted, browser, binary, pictures });
        counts[is_good ? 'passed' : 'failed'] += 1;
      }
    }
  } finally {
    await browser.close();
  }
  if (counts.passed + counts.failed === 0) throw new Error(`no journey matches ${wanted.join(', ')}`);
  console.log(`journeys: ${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0;
}

async function journeys(wanted) {
  const files = readdirSync(join(here, 'journeys')).filter((file) => file.endsWith('.mjs')).sort();
  const chosen = files.filter((file) => wanted.length === 0 || wanted.includes(file.replace('.mjs', '')));
  const load = async (file) => (await import(pathToFileURL(join(here, 'journeys', file)))).default;
  return Promise.all(chosen.map(load));
}

/** One journey in one mode, on a fresh demo. Says how it went. */
async function runOne({ journey, scripted, browser, binary, pictures }) {
  const title = `${journey.name}, ${scripted ? 'with' : 'without'} script`;
  const minutes = journey.minutes ?? LONGEST_JOURNEY_MINUTES;
  const start = Date.now();
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
  let demo;
  let tools;
  let timer;
  try {
    demo = await startDemo(binary);
    tools = toolsFor({ browser, demo, scripted, pictures });
    const timeout = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`longer than ${minutes} minutes`)), minutes * 60_000);
    });
    await Promise.race([journey.run(tools), timeout]);
    tools.expectQuiet();
    console.log(`journey ${title} ... ok (${seconds()})`);
    return true;
  } catch (error) {
    console.log(`journey ${title} ... FAILED (${seconds()})\n${indent(error.stack ?? String(error))}`);
    console.log(indent(`the program's last words:\n${demo?.lastWords() ?? 'none'}`));
    await tools?.screenshotAll(`failed-${journey.name}-${scripted ? 'script' : 'plain'}`);
    return false;
  } finally {
    clearTimeout(timer);
    await tools?.close();
    await demo?.stop();
  }
}

function indent(text) {
  return text.split('\n').map((line) => `    ${line}`).join('\n');
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.log(error.stack ?? error);
  console.log('journeys: 0 passed, 1 failed');
  process.exitCode = 1;
}
