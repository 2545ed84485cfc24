/** What holds a machine back, one after the other: stress-ng where it is installed, and small programs of our own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BottleneckKind } from '../../../service/protocol/bottleneck.ts';

export interface Load {
  kind: BottleneckKind;
  name: string;
  command: string;
  args: string[];
  /** It says "begin" when it begins; others begin when they are started. */
  saysBegin: boolean;
  /** MB of memory that it may have: it is started in a memory cgroup. */
  memoryMb?: number;
  /** The worker that must be named. */
  worker?: string;
}

export interface Loads {
  loads: Load[];
  /** What could not be had. */
  missing: string[];
}

const PROGRAM = join(import.meta.dirname, 'program.mjs');
const WORKERS = join(import.meta.dirname, 'workers.mjs');
const MEMORY_MB = 64;

/** `round` makes the ids of jobs differ. */
export function loadsOf(seconds: number, round: number): Loads {
  const cores = availableParallelism();
  const stress = (kind: BottleneckKind, name: string, words: string): Load => ({
    ...{ kind, name: `stress-ng ${name}`, command: 'stress-ng', saysBegin: false },
    args: [...words.split(' '), '--temp-path', tmpdir(), '--timeout', String(seconds), '--quiet'],
  });
  const own = (kind: BottleneckKind, name: string, program: string): Load => ({
    ...{ kind, name: `own ${name}`, command: process.execPath, saysBegin: true },
    args: [PROGRAM, program, String(seconds)],
  });
  const tasks = (kind: BottleneckKind, name: string, mode: string, worker?: number): Load => ({
    ...{ kind, name: `own ${name}`, command: process.execPath, saysBegin: true },
    args: [WORKERS, mode, String(seconds), jobId(round, mode)],
    ...(worker !== undefined && { worker: `${jobId(round, mode)}-w${worker}` }),
  });
  const mmap = `--mmap 1 --mmap-file --mmap-bytes ${3 * MEMORY_MB}m`;
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  const all = [
    stress('CPU', 'cpu', `--cpu ${3 * cores}`),
    own('CPU', 'processes that compute', 'cpu'),
    stress('IO', 'hdd with fsync', '--hdd 2 --hdd-opts fsync --hdd-bytes 128m'),
    own('IO', 'writes with fsync', 'disk'),
    stress('IPC', 'pipe', `--pipe ${cores}`),
    own('IPC', 'pairs through pipes', 'pipe'),
    stress('NETWORK', 'sock', `--sock ${cores}`),
    stress('NETWORK', 'udp', `--udp ${cores}`),
    own('NETWORK', 'bulk on loopback', 'network'),
    { ...stress('MEMORY', 'mmap in a small cgroup', mmap), memoryMb: MEMORY_MB },
    { ...own('MEMORY', 'a file larger than its memory', 'cache'), memoryMb: MEMORY_MB },
    own('LOCK', 'threads with one lock', 'lock'),
    ...(hasPython ? [own('LOCK', 'Python threads that compute', 'gil')] : []),
    tasks('SKEW', 'one slow worker of four', 'slow', 2),
    tasks('QUEUE', 'twice the tasks', 'queue'),
    tasks('LOCK', 'one of four workers takes tasks', 'single'),
  ];
  return available(all);
}

function jobId(round: number, mode: string): string {
  return `tasks-${mode}-${round}`;
}

function available(all: Load[]): Loads {
  const missing: string[] = [];
  const hasStress = spawnSync('stress-ng', ['--version']).status === 0;
  if (!hasStress) missing.push('stress-ng is not installed (Debian: apt-get install stress-ng)');
  const hasCgroup = canMakeCgroup();
  if (!hasCgroup) missing.push('no memory cgroup can be made here (root is needed)');
  const loads = all.filter(
    ({ command, memoryMb }) =>
      (command !== 'stress-ng' || hasStress) && (memoryMb === undefined || hasCgroup),
  );
  return { loads, missing };
}

const ROOT = '/sys/fs/cgroup';
const NAME = `pipescope-bench-${process.pid}`;

/** False where that is not allowed. */
function canMakeCgroup(): boolean {
  try {
    removeCgroup(); // of the round before
    mkdirSync(cgroupFolder());
    removeCgroup();
    return true;
  } catch {
    return false;
  }
}

/** Version 1 has a folder a controller, version 2 one of all. */
function cgroupFolder(): string {
  return join(ROOT, existsSync(join(ROOT, 'memory')) ? 'memory' : '', NAME);
}

/** A shell line that runs the load in the cgroup: it joins before anything else. */
export function commandOf({ command, args, memoryMb }: Load): [string, string[]] {
  if (memoryMb === undefined) return [command, args];
  const folder = cgroupFolder();
  if (!existsSync(folder)) mkdirSync(folder);
  const limit = existsSync(join(folder, 'memory.max')) ? 'memory.max' : 'memory.limit_in_bytes';
  writeFileSync(join(folder, limit), String(memoryMb * 1024 * 1024));
  const line = `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$0" "$@"`;
  return ['sh', ['-c', line, command, ...args]];
}

export function removeCgroup(): void {
  if (existsSync(cgroupFolder())) rmdirSync(cgroupFolder());
}
