// @ts-check
/**
 * Small real programs, each held back by one thing:
 *   node bench/analysis/bottlenecks/program.mjs cpu|disk|pipe|network|lock|gil|cache SECONDS
 * Says "begin" when it really begins, and ends by itself.
 */
import { spawn } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, workerData } from 'node:worker_threads';

const FILE = fileURLToPath(import.meta.url);
const KB = 1024;

/** @type {Record<string, (until: number) => unknown>} */
const PROGRAMS = { cpu, disk, pipe, network, lock, gil, cache, burn, talk, listen };

/** More processes that compute than there are cores. @param {number} until */
function cpu(until) {
  for (let n = 0; n < 3 * availableParallelism(); n++) child('burn', until, 'inherit');
}

/** @param {number} until */
function burn(until) {
  let x = 1;
  while (Date.now() < until) for (let n = 0; n < 1e5; n++) x = Math.sqrt(x + n);
  return x;
}

/** Writes that wait for the disk each time. @param {number} until */
function disk(until) {
  withFile((fd) => {
    const block = Buffer.alloc(256 * KB, 7);
    for (let n = 0; Date.now() < until; n++) {
      writeSync(fd, block, 0, block.length, (n % 256) * block.length);
      fsyncSync(fd);
    }
  });
}

/** Reads a file that is larger than the memory it is let have, again and again (started in a memory cgroup). @param {number} until */
function cache(until) {
  withFile((fd) => {
    const block = Buffer.alloc(KB * KB, 7);
    const blocks = Number(process.env['LOAD_MB'] ?? 192);
    for (let n = 0; n < blocks; n++) writeSync(fd, block, 0, block.length, n * block.length);
    fsyncSync(fd);
    for (let n = 0; Date.now() < until; n++)
      readSync(fd, block, 0, block.length, (n % blocks) * block.length);
  });
}

/** @param {(fd: number) => void} use */
function withFile(use) {
  const folder = mkdtempSync(join(process.env['LOAD_DIR'] ?? tmpdir(), 'pipescope-load-'));
  const fd = openSync(join(folder, 'data'), 'w+');
  try {
    use(fd);
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pairs of processes that send a few bytes to and fro through pipes. @param {number} until */
function pipe(until) {
  for (let n = 0; n < availableParallelism(); n++) child('talk', until, 'pipe', true);
}

/** The other end of `pipe`: blocking reads and writes, a message each. @param {number} until */
function talk(until) {
  const answer = Buffer.alloc(64);
  while (Date.now() < until) {
    writeSync(1, answer);
    if (readSync(0, answer, 0, answer.length, null) === 0) return;
  }
}

/** Bulk through a socket on the loopback. @param {number} until */
function network(until) {
  for (let n = 0; n < availableParallelism(); n++) {
    const server = createServer((socket) => {
      socket.on('data', () => undefined);
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('No port.');
      const sender = child('listen', until, 'inherit', false, [String(address.port)]);
      sender.once('exit', () => server.close());
    });
  }
}

/** The sender of `network`. @param {number} until */
function listen(until) {
  const block = Buffer.alloc(16 * KB, 7);
  const socket = createConnection({ host: '127.0.0.1', port: Number(process.argv[4]) });
  const send = () => {
    while (Date.now() < until) if (!socket.write(block)) return void socket.once('drain', send);
    socket.destroy();
  };
  socket.on('error', () => undefined);
  send();
}

/** Four threads that all need the same lock for most of their work: one computes, three wait. @param {number} until */
function lock(until) {
  const shared = new SharedArrayBuffer(4);
  for (let n = 0; n < 4; n++) new Worker(FILE, { workerData: { shared, until } });
}

/** @param {{ shared: SharedArrayBuffer, until: number }} data */
function locked({ shared, until }) {
  const held = new Int32Array(shared);
  while (Date.now() < until) {
    while (Atomics.compareExchange(held, 0, 0, 1) !== 0) Atomics.wait(held, 0, 1, 100);
    burnFor(5, until);
    Atomics.store(held, 0, 0);
    Atomics.notify(held, 0, 1);
    // What each does by itself; without it, the one that gave the lock back takes it before another wakes up.
    burnFor(0.3, until);
  }
}

/** @param {number} ms @param {number} until */
function burnFor(ms, until) {
  const end = performance.now() + ms;
  for (let x = 1; performance.now() < end && Date.now() < until; x++) Math.sqrt(x);
}

/** Threads under the interpreter's lock of Python. @param {number} until */
function gil(until) {
  const work = 'while time.time() < until: sum(range(1000))';
  const lines = [
    ...['import threading, time', `until = ${until / 1000}`, `def work():\n  ${work}`],
    'for one in [threading.Thread(target=work) for _ in range(4)]: one.start()',
  ];
  const started = spawn('python3', ['-c', lines.join('\n')], { stdio: 'inherit' });
  started.once('error', (error) => process.stderr.write(`${error.message}\n`));
}

/**
 * @param {string} program
 * @param {number} until
 * @param {'inherit' | 'pipe'} stdio
 * @param {boolean} [echo]
 * @param {string[]} [more]
 */
function child(program, until, stdio, echo = false, more = []) {
  const args = [FILE, program, String(until), ...more];
  const started = spawn(process.execPath, args, {
    stdio: stdio === 'pipe' ? ['pipe', 'pipe', 'inherit'] : ['ignore', 'inherit', 'inherit'],
  });
  started.once('error', (error) => process.stderr.write(`${error.message}\n`));
  if (echo && started.stdin && started.stdout) {
    started.stdin.on('error', () => undefined);
    started.stdout.pipe(started.stdin);
  }
  return started;
}

const [, , name = '', seconds = ''] = process.argv;
if (!isMainThread) locked(workerData);
else {
  const program = PROGRAMS[name];
  const number = Number(seconds);
  if (!program || !(number > 0)) {
    process.stderr.write('Give a program and its seconds, for example: program.mjs cpu 10\n');
    process.exitCode = 2;
  } else {
    const isChild = number > 1e9;
    if (!isChild) process.stdout.write('begin\n');
    program(isChild ? number : Date.now() + number * 1000);
  }
}
