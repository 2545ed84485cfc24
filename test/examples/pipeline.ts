/** Runs the document pipeline as a person would: as a process of its own. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const EXAMPLE = fileURLToPath(new URL('../../examples/document-pipeline/', import.meta.url));
const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  took_ms: number;
}

export class Pipeline {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;

  constructor(args: string[], env: Record<string, string> = {}) {
    const start = performance.now();
    const rest = { ...process.env };
    for (const name of ['PIPESCOPE_URL', 'PIPESCOPE_TOKEN']) delete rest[name];
    this.process = spawn(process.execPath, [path.join(EXAMPLE, 'main.mjs'), ...args], {
      env: { ...rest, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      this.process[name]?.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
    }
    this.ended = once(this.process, 'close').then(([code]) => ({
      code: code as number | null,
      ...output,
      took_ms: performance.now() - start,
    }));
  }

  /** The worker processes that live now. */
  workers(): number[] {
    const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
    return list
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, parent, stat]) => Number(parent) === this.process.pid && !stat?.startsWith('Z'))
      .map(([pid]) => Number(pid));
  }

  /** Ends what is left of it; for the end of a test that failed. */
  async end(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGKILL');
    }
    await this.ended;
  }
}

/** Waits until something holds, for 10 s at most. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    assert.ok(performance.now() < end, 'it did not happen within 10 s');
    await sleep(20);
  }
}

/** A folder with the Markdown and licence files of some installed packages, and files that are not what they seem. */
export interface Corpus {
  folder: string;
  out: string;
  /** Path -> the reason for which it must be refused. */
  broken: Map<string, string>;
  remove: () => void;
}

export function makeCorpus(): Corpus {
  const folder = mkdtempSync(path.join(tmpdir(), 'document-corpus-'));
  const out = mkdtempSync(path.join(tmpdir(), 'document-results-'));
  for (const name of ['mocha', 'fastify', 'yaml', 'ws', 'pino']) copyTexts(name, folder);
  const broken = new Map<string, string>();
  const add = (name: string, bytes: Buffer, reason: string) => {
    writeFileSync(path.join(folder, name), bytes);
    broken.set(path.join(folder, name), reason);
  };
  for (const name of readdirSync(path.join(EXAMPLE, 'samples'))) {
    copyFileSync(path.join(EXAMPLE, 'samples', name), path.join(folder, name));
    broken.set(path.join(folder, name), 'not_utf8');
  }
  add('empty.md', Buffer.alloc(0), 'empty');
  add('zeros.txt', Buffer.from('text\0with a zero'), 'binary');
  add('large.txt', Buffer.alloc(1_048_577, 'a '), 'too_large');
  symlinkSync(path.join(folder, 'mocha'), path.join(folder, 'linked-folder'));
  symlinkSync(path.join(folder, 'empty.md'), path.join(folder, 'linked.md'));
  const remove = () => {
    for (const made of [folder, out]) rmSync(made, { recursive: true, force: true });
  };
  return { folder, out, broken, remove };
}

function copyTexts(name: string, folder: string): void {
  mkdirSync(path.join(folder, name));
  const entries = readdirSync(path.join(MODULES, name), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !/\.md$|^LICENSE$/.test(entry.name)) continue;
    const from = path.join(entry.parentPath, entry.name);
    const to = path.relative(path.join(MODULES, name), from).replaceAll(path.sep, '-');
    copyFileSync(from, path.join(folder, name, to));
  }
}
