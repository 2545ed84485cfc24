/** Watches the system calls of a process, and kills it at one of them (strace). */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir } from '../../support/tempDir.ts';
import { startProcess } from '../../support/processes.ts';
import { eventually } from './service.ts';

/** By which something gets out of the process, or becomes durable. */
const CALLS = [
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'],
  ...['fsync', 'fdatasync', 'rename', 'renameat', 'renameat2', 'link', 'unlink', 'ftruncate'],
  ...['connect', 'sendto', 'sendmsg', 'sendmmsg', 'shutdown'],
];

/** The n-th call of a name that a thread makes, from 1 on. Threads are numbered as they were made. */
export interface Place {
  thread: number;
  call: string;
  when: number;
}

export interface Tracer {
  stop: () => Promise<unknown>;
}

/** The process dies when it begins that call, as far as it comes to it. */
export function killAt(pid: number, { thread, call, when }: Place): Promise<Tracer> {
  // Without -f it is this thread alone that is looked at: others would be counted by themselves.
  const id = threadsOf(pid)[thread] ?? pid;
  const inject = `inject=${call}:signal=SIGKILL:when=${when}`;
  return attach(['-p', String(id), '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject]);
}

/** Every call that a process makes until `stop`: that is, every place at which it may die. */
export async function countCalls(pid: number): Promise<{ stop: () => Promise<Place[]> }> {
  const file = join(makeTempDir('calls'), 'calls');
  const of = `trace=${CALLS.join(',')}`;
  const tracer = await attach(['-f', '-p', String(pid), '-o', file, '-e', of]);
  return {
    stop: async () => {
      const threads = threadsOf(pid);
      await tracer.stop();
      return placesOf(readFileSync(file, 'utf8'), threads);
    },
  };
}

function threadsOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .sort((a, b) => a - b);
}

function placesOf(trace: string, threads: readonly number[]): Place[] {
  const counts = new Map<string, number>();
  // `1234 write(5, ...`; what goes on after another thread was shown begins with `<...`.
  return [...trace.matchAll(/^(\d+)\s+(\w+)\(/gm)].map(([, id, call = '']) => {
    const thread = threads.indexOf(Number(id));
    const key = `${thread} ${call}`;
    const when = (counts.get(key) ?? 0) + 1;
    counts.set(key, when);
    return { thread, call, when };
  });
}

async function attach(args: readonly string[]): Promise<Tracer> {
  const tracer = startProcess('strace', args, { env: process.env });
  await eventually('strace is attached', () => /attached/.test(tracer.stderr));
  return { stop: () => tracer.stop() };
}

export function canAttach(): boolean {
  const args = ['-f', '-p', String(process.pid), '-o', '/dev/null', '-e', 'trace=fdatasync'];
  const probe = spawnSync('timeout', ['-s', 'INT', '1', 'strace', ...args], { encoding: 'utf8' });
  return probe.stderr.includes('attached');
}
