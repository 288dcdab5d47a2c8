// Starts the program's demo in a temporary folder and waits until it names its address.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LONGEST_START_MS = 120_000;
const ADDRESS = /http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+/;

const running = new Set();
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
  process.once(signal, () => process.exit(code));
}
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export async function startDemo(binary) {
  const folder = mkdtempSync(join(tmpdir(), 'zhenxing-journey-'));
  const port = await freePort();
  const child = spawn(binary, ['demo', '--data', join(folder, 'demo'), '--port', String(port)]);
  running.add(child);
  let words = '';
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    }
    running.delete(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const base = await new Promise((found, lost) => {
      const timer = setTimeout(() => lost(new Error(`no address within ${LONGEST_START_MS} ms:\n${words}`)), LONGEST_START_MS);
      const listen = (chunk) => {
        words = (words + chunk).slice(-20_000);
        const address = words.match(ADDRESS);
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
        lost(new Error(`the demo ended (${code ?? signal}) before it named its address:\n${words}`));
      });
    });
    return { base, stop, lastWords: () => words.slice(-3_000) };
  } catch (error) {
    await stop();
    throw error;
  }
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
