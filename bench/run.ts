/**
 * The benchmarks: ratios against the baseline in the same run, as one table. Exit code 1 when a number is missed.
 *   npm run bench            all, about 22 minutes
 *   npm run bench -- alerts  only the part of the alerts, about 3 minutes
 *   npm run bench -- quick   shorter runs and a smaller store: to see that it works, not to measure
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertRows } from './alerts.ts';
import { measureLatency } from './latency.ts';
import { dashboardRows, judgeRows, restRows, samplingRows, seriesRows } from './parts.ts';
import {
  type Running,
  diagnostics,
  runTool,
  startBaseline,
  startService,
  until,
} from './processes.ts';
import { Table } from './table.ts';
import { webhookRows } from './webhook.ts';

const quick = process.argv.includes('quick');
const SECONDS = quick ? 2 : 6;
const ROUNDS = quick ? 1 : 3;
const STORED_JOBS = quick ? 5000 : 100_000;
/** The store that is restarted: many events, in jobs of the length of a usual pipeline. */
const LONG_JOBS = quick ? 1000 : 20_000;
const LONG_EVENTS = 50;
const RUNNING_JOBS = 20;
/** The store whose answers are timed: ten phases a job, tasks, workers, series. */
const MANY_JOBS = quick ? 1000 : 10_000;
const SAMPLING_SECONDS = quick ? 10 : 60;
const LIVE_SECONDS = quick ? 30 : 600;

type Stores = [full: string, long: string, many: string];

const table = new Table();
let longestBlock = 0;

interface Load {
  mode: 'ws' | 'http';
  batch: number;
  connections: number;
}

interface Measured {
  events_per_s: number;
  p50_ms: number;
  p99_ms: number;
}

async function load(target: Running, { mode, batch, connections }: Load): Promise<Measured> {
  const url = mode === 'ws' ? target.ws : target.events;
  const args = [
    mode,
    url,
    '--batch',
    String(batch),
    '--connections',
    String(connections),
    '--seconds',
    String(SECONDS),
  ];
  if (target.token) args.push('--token', target.token, ...(mode === 'ws' ? ['--hello'] : []));
  const result = JSON.parse(await runTool('bench/load.ts', args)) as Measured;
  if (target.token)
    longestBlock = Math.max(longestBlock, (await diagnostics(target)).event_loop_max_ms);
  return result;
}

/** Both in turn, so that what else the machine does hits both; the medians are compared. */
async function compare(
  what: string,
  least: number,
  how: Load,
  pair: [Running, Running],
): Promise<void> {
  const results: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of [0, 1] as const)
      results[side].push((await load(pair[side], how)).events_per_s);
  }
  const [base, ours] = results.map(median) as [number, number];
  const unit = 'events/s';
  const detail = `${ours.toLocaleString('en')} against ${base.toLocaleString('en')} ${unit}`;
  table.ratio({ what, least, ratio: ours / base, detail });
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** From the start of the process, killed before, to the first answer that it is ready. */
async function restartTime(dataDir: string, keep: Keep): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const begin = performance.now();
    const service = await keep(startService(dataDir));
    await until(service, '/readyz');
    times.push(performance.now() - begin);
    await service.kill();
  }
  return median(times);
}

/** The UI tests of the dashboard read the time off the screen, in each VS Code there is. */
async function onScreen(): Promise<void> {
  const output = await runTool('test/run.ts', ['e2e', '--grep', 'the dashboard in VS Code']).catch(
    String,
  );
  const found = [...output.matchAll(/on screen: median (\d+) ms \(VS Code ([\d.]+)\)/g)];
  for (const [, ms, version] of found) {
    table.below(
      `event posted -> on screen in VS Code ${version ?? ''}, median`,
      Number(ms),
      300,
      'ms',
    );
  }
  if (found.length === 0)
    console.log('No VS Code host is here: the time to the screen was not measured.');
}

type Keep = (starting: Promise<Running>) => Promise<Running>;

async function seed(folder: string): Promise<Stores> {
  console.log(`Seeding a store of ${STORED_JOBS.toLocaleString('en')} finished jobs, and others.`);
  const [full, long, many] = ['full', 'long', 'many'].map((name) => join(folder, name)) as Stores;
  await Promise.all([
    runTool('bench/seed.ts', [full, String(STORED_JOBS), '10']),
    runTool('bench/seed.ts', [long, String(LONG_JOBS), String(LONG_EVENTS)]),
    runTool('bench/seedMany.ts', [many, String(MANY_JOBS)]),
  ]);
  return [full, long, many];
}

const BATCHES = { batch: 100, connections: 4 };

async function ingestRows(baseline: Running, empty: Running): Promise<void> {
  console.log('Ingest against the baseline.');
  const pair: [Running, Running] = [baseline, empty];
  await compare('ingest, WebSocket, batches of 100', 0.5, { mode: 'ws', ...BATCHES }, pair);
  await compare('the same over HTTP', 0.5, { mode: 'http', ...BATCHES }, pair);
  const single = { mode: 'http', batch: 1, connections: 32 } as const;
  await compare('single-event POST, 32 connections', 0.6, single, pair);

  console.log('Latency from a post to a WebSocket client.');
  const latency = await measureLatency(empty, { perSecond: 1000, seconds: quick ? 5 : 30 });
  const what = 'event posted -> seen by a WebSocket client, 1,000 events/s, p99';
  table.below(what, latency.p99_ms, 100, 'ms');
  longestBlock = Math.max(longestBlock, (await diagnostics(empty)).event_loop_max_ms);
}

async function fullStoreRows(full: string, empty: Running, keep: Keep): Promise<void> {
  console.log('The full store.');
  const stored = await keep(startService(full));
  await diagnostics(stored);
  const what = 'ingest with a full store, against an empty one';
  await compare(what, 0.9, { mode: 'ws', ...BATCHES }, [empty, stored]);
  await stored.stop();
  const fresh = await keep(startService(full));
  await fresh.say(
    Array.from({ length: RUNNING_JOBS }, (_, n) => ({
      type: 'phase.started',
      job_id: `running-${n}`,
      phase_id: 'P00',
    })),
  );
  const { memory_mb, jobs_stored } = await diagnostics(fresh);
  const kept = jobs_stored.toLocaleString('en');
  table.below(
    `memory with ${kept} finished jobs and ${RUNNING_JOBS} running`,
    memory_mb,
    250,
    'MB',
  );
}

async function restartRow(long: string, keep: Keep): Promise<void> {
  const restartMs = await restartTime(long, keep);
  const events = (LONG_JOBS * LONG_EVENTS).toLocaleString('en');
  const what = `restart with ${events} events behind it until /readyz, median of 3`;
  table.below(what, restartMs, 1000, 'ms');
}

async function alerting(folder: string): Promise<void> {
  console.log(
    'Alerts: what the judge costs, how soon they come, and a webhook that never answers.',
  );
  await judgeRows(table);
  await alertRows(table, folder, quick ? 5 : 30);
  await webhookRows(table, { folder, seconds: SECONDS, rounds: ROUNDS });
}

async function onlyAlerting(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pipescope-bench-'));
  try {
    await alerting(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (!table.print()) process.exitCode = 1;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pipescope-bench-'));
  const running: Running[] = [];
  const keep: Keep = async (starting) => {
    const started = await starting;
    running.push(started);
    return started;
  };
  try {
    const [full, long, many] = await seed(folder);
    const baseline = await keep(startBaseline(join(folder, 'baseline.ndjson')));
    const empty = await keep(startService(join(folder, 'empty')));
    await ingestRows(baseline, empty);
    await restartRow(long, keep);
    await fullStoreRows(full, empty, keep);
    table.below("longest block of the service's event loop", longestBlock, 50, 'ms');
    while (running.length > 0) await running.pop()?.stop();
    console.log('The documented GETs, the time series, and the cost of sampling.');
    await restRows(table, MANY_JOBS, many);
    await seriesRows(table);
    await samplingRows(table, SAMPLING_SECONDS);
    await alerting(folder);
    console.log('The dashboard in Chromium.');
    await dashboardRows(table, { jobs: MANY_JOBS, dir: many, seconds: LIVE_SECONDS });
  } finally {
    for (const one of running) await one.stop();
    await rm(folder, { recursive: true, force: true });
  }
  if (!quick) await onScreen();
  if (!table.print()) process.exitCode = 1;
}

await (process.argv.includes('alerts') ? onlyAlerting() : main());
