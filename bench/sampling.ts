/**
 * What sampling this machine costs: CPU time of processes that sample every 100 ms, against the same without, side by
 * side, in percent of the machine's CPU. Prints a JSON row each; exit code 1 when one is 0.5 % or more.
 *   node --import tsx bench/sampling.ts [seconds, 60]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostSampler } from '../service/sampler/hostSampler.ts';

const INTERVAL_MS = 100;
const MOST_PERCENT = 0.5;
/** After this, all that starts a process has been compiled and done. */
const WARM_UP_MS = 8000;
const root = join(import.meta.dirname, '..');

interface Measured {
  child: ChildProcess;
  pid: number;
  /** Values that it has measured so far, where it can be asked. */
  points: () => Promise<number | null>;
}

type Start = (intervalMs: number) => Promise<Measured>;

/** A process that does nothing but sample. */
const startAlone: Start = async (intervalMs) => {
  const file = join(root, 'bench', 'sampling.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file, '--child', String(intervalMs)], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const answer = () => new Promise<string>((resolve) => lines.once('line', resolve));
  const { pid } = JSON.parse(await answer()) as { pid: number };
  const points = async () => {
    const answered = answer();
    child.stdin.write('points\n');
    return Number(await answered);
  };
  return { child, pid, points };
};

/** The service itself, as `npm run build` made it. */
function serviceIn(folder: string): Start {
  return async (host_interval_ms) => {
    const dataDir = join(folder, `service-${host_interval_ms}`);
    mkdirSync(dataDir);
    const config = join(folder, `${host_interval_ms}.yaml`);
    writeFileSync(config, JSON.stringify({ log_level: 'error', sampling: { host_interval_ms } }));
    const cli = join(root, 'dist', 'cli.js');
    const args = [cli, 'serve', '--port', '0', '--data-dir', dataDir, '--config', config];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`serve ended with ${code ?? 'a signal'}.`)));
    });
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    const tokens = readFileSync(join(dataDir, 'tokens.json'), 'utf8');
    const { admin } = JSON.parse(tokens) as { admin: string };
    return { child, pid, points: () => countPoints(url, admin) };
  };
}

/** How many values of the CPU the service's series hold; null for a service that has none. */
async function countPoints(url: string, token: string): Promise<number | null> {
  const query = 'metric=cpu_percent&label.source=host&aggregation=count&range=1h';
  const response = await fetch(`${url}/api/v1/series?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) return null;
  const { series } = (await response.json()) as { series: { points: [number, number][] }[] };
  const counts = series.flatMap(({ points }) => points.map(([, count]) => count));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** USER_HZ; see proc(5). Children that were waited for count: programs that a look starts. */
const TICK_MS = 10;

function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * TICK_MS;
}

async function compare(what: string, start: Start, seconds: number): Promise<boolean> {
  const started: Measured[] = [];
  try {
    for (const interval of [INTERVAL_MS, 0]) started.push(await start(interval));
    const [sampling, without] = started;
    if (!sampling || !without) throw new Error('Two processes are compared.');
    await sleep(WARM_UP_MS);
    const points = (await sampling.points()) ?? 0;
    const begin = performance.now();
    const before = [cpuMs(sampling.pid), cpuMs(without.pid)];
    await sleep(seconds * 1000);
    const used = [sampling, without].map(({ pid }, n) => cpuMs(pid) - (before[n] ?? 0));
    const wall = performance.now() - begin;
    const measured = ((await sampling.points()) ?? 0) - points;
    const percent = used.map((ms) => (ms / wall / availableParallelism()) * 100);
    const difference = (percent[0] ?? 0) - (percent[1] ?? 0);
    // Without values there was no sampling: that costs nothing and proves nothing.
    const ok = measured > 0 && difference < MOST_PERCENT;
    const row = {
      what,
      seconds: Math.round(wall / 1000),
      cores: availableParallelism(),
      values_measured: measured,
      cpu_ms_sampling: used[0],
      cpu_ms_without: used[1],
      percent_of_machine: Number(difference.toFixed(3)),
      most_percent: MOST_PERCENT,
      ok,
    };
    console.log(JSON.stringify(row));
    return ok;
  } finally {
    for (const { child } of started) await stop(child);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}

async function main(seconds: number): Promise<void> {
  if (process.platform !== 'linux') throw new Error('The CPU time of processes is read in /proc.');
  const folder = mkdtempSync(join(tmpdir(), 'pipescope-sampling-'));
  try {
    const alone = await compare('sampling every 100 ms, alone', startAlone, seconds);
    const inside = await compare('the same in serve', serviceIn(folder), seconds);
    if (!alone || !inside) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The child: samples, and tells how many values when asked. */
function sample(intervalMs: number): void {
  let values = 0;
  const sampler = new HostSampler({
    intervalMs,
    sink: (points) => (values += points.length),
    logger: { warn: (sentence) => console.error(sentence) },
    dataDir: tmpdir(),
  });
  sampler.start();
  createInterface({ input: process.stdin }).on('line', () => console.log(values));
  console.log(JSON.stringify({ pid: process.pid }));
}

const [first, second] = process.argv.slice(2);
if (first === '--child') sample(Number(second));
else await main(Number(first ?? 60));
