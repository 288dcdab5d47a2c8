// Starts the program's demo in a temporary folder and waits until it names its address.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LONGEST_START_MS = 120_000;
const LONGEST_END_MS = 10_000;
const ADDRESS = /http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+/;

const running = new Set();
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  process.once(signal, () => process.exit(code));
}
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/**
 * A demo in a folder of its own. `onDay(DAY)` ends it and starts it again with the same folder and address on a
 * later day; `run(WORDS…)` runs the same program once and gives its exit status and what it said.
 */
export async function startDemo(binary) {
  const folder = mkdtempSync(join(tmpdir(), 'zhenxing-journey-'));
  const data = join(folder, 'demo');
  const port = await freePort();
  let serving;
  const start = async (more = []) => {
    serving = serve(binary, ['demo', '--data', data, '--port', String(port), ...more]);
    return serving.address;
  };
  const stop = async () => {
    await end(serving.child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return {
      base: await start(),
      data,
      stop,
      onDay: async (day) => {
        await end(serving.child);
        await start(['--today', day]);
      },
      run: (...words) => once(binary, words),
      lastWords: () => serving.words().slice(-3_000),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The program at work, and a promise of the address that it names. */
function serve(binary, words) {
  const child = spawn(binary, words);
  running.add(child);
  let said = '';
  const address = new Promise((found, lost) => {
    const timer = setTimeout(() => lost(new Error(`no address within ${LONGEST_START_MS} ms:\n${said}`)), LONGEST_START_MS);
    const listen = (chunk) => {
      said = (said + chunk).slice(-20_000);
      const address = said.match(ADDRESS);
      if (address) {
        clearTimeout(timer);
        found(address[0]);
      }
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.once('error', (error) => lost(new Error(`${binary} does not start: ${error.message}`)));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      lost(new Error(`the demo ended (${code ?? signal}) before it named its address:\n${said}`));
    });
  });
  return { child, address, words: () => said };
}

/** Ctrl-C, and a while later no more patience. */
async function end(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS);
    await gone;
    clearTimeout(timer);
  }
  running.delete(child);
}

function once(binary, words) {
  return new Promise((done, lost) => {
    execFile(binary, words, { timeout: LONGEST_START_MS }, (error, out, err) => {
      if (error && typeof error.code !== 'number') return lost(error);
      done({ status: error ? error.code : 0, said: out + err });
    });
  });
}

function freePort() {
  return new Promise((found, lost) => {
    const server = createServer();
    server.once('error', lost);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
