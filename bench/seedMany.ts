/**
 * Fills a data directory as a busy month leaves it: jobs with phases, some of which failed, tasks, workers, requests,
 * models, caches and series. The events go through the service's own monitor, as those of a pipeline do.
 *   node --import tsx bench/seedMany.ts DIR JOBS
 */
import { pino } from 'pino';
import { systemClock } from '../service/clock.ts';
import { loadConfig } from '../service/config.ts';
import { Monitor } from '../service/monitor.ts';
import { prepareDataDir } from '../service/storage/dataDir.ts';

const [dir = '', jobs = '10000'] = process.argv.slice(2);
const JOBS = Number(jobs);
/** Of these, the last ones have not ended. */
const RUNNING = 20;
const PHASES = 10;
const TASKS = 2 * JOBS;
const WORKERS = 200;
const ENDPOINTS = 50;
const SERIES = 1000;
const BATCH = 1000;
const HOUR = 3_600_000;
const SPAN = 6 * 24 * HOUR;

interface Said {
  type: string;
  time: number;
  [field: string]: unknown;
}

const config = loadConfig({ flags: { data_dir: dir, log_level: 'error' }, env: {} });
await prepareDataDir(dir);
const logger = pino({ level: 'error' });
const begin = Date.now() - SPAN;
/** The time of what is told, so that jobs leave memory as they do in use. */
let now = begin;
const clock = { now: () => now, elapsed: () => systemClock.elapsed() };
const monitor = await Monitor.open({ config, logger, clock });

let batch: Said[] = [];
for (const event of allEvents()) {
  batch.push(event);
  if (batch.length === BATCH) await send();
}
await send();
now = Date.now();
await monitor.close();

async function send(): Promise<void> {
  now = Math.max(now, batch.at(-1)?.time ?? now);
  const { rejected } = await monitor.ingest(batch);
  const [first] = rejected;
  if (first) throw new Error(`An event of the seed is wrong: ${JSON.stringify(first)}`);
  batch = [];
}

function* allEvents(): Generator<Said> {
  for (let n = 0; n < WORKERS; n++)
    yield* [workerEvent(n, 'worker.registered'), workerEvent(n, 'worker.heartbeat')];
  for (let n = 0; n < JOBS; n++) yield* jobEvents(n);
  for (let n = 0; n < TASKS; n++) yield* taskEvents(n);
  yield* sampleEvents();
}

/** A time `part` (0 to 1) of the way through the seeded days. */
function at(part: number, offset = 0): number {
  return Math.floor(begin + part * SPAN) + offset;
}

function workerEvent(n: number, type: string): Said {
  const cpu_percent = (n * 7) % 100;
  return { type, worker_id: `worker-${n}`, time: at(1), kind: 'cpu', cpu_percent, latency_ms: n };
}

function* jobEvents(n: number): Generator<Said> {
  const job_id = `job-${n}`;
  const start = at(n / JOBS);
  const pipeline = `nightly-${n % 20}`;
  const running = n >= JOBS - RUNNING;
  const fails = n % 10 === 3;
  yield { type: 'job.started', job_id, time: start, name: `nightly ${n}`, pipeline };
  for (let k = 0; k < PHASES; k++) {
    const of = { job_id, phase_id: `P0${k}` };
    const depends_on = k === 0 ? [] : [`P0${k - 1}`];
    yield { ...of, type: 'phase.started', time: start + k * 1000, depends_on };
    const time = start + k * 1000 + 500 + ((n * 13 + k * 101) % 500);
    const last = k === PHASES - 1;
    if (last && running) return;
    if (last && fails)
      yield { ...of, type: 'phase.failed', time, error: { message: 'The input is cut.' } };
    else yield { ...of, type: 'phase.completed', time, items_done: 100 };
  }
  const time = start + PHASES * 1000;
  if (n % 50 === 7) yield { type: 'log.recorded', level: 'warning', message: 'slow', job_id, time };
  yield fails
    ? { type: 'job.failed', job_id, time, error: { message: 'A phase failed.' } }
    : { type: 'job.completed', job_id, time };
}

function* taskEvents(n: number): Generator<Said> {
  const start = at(n / TASKS);
  const job_id = `job-${Math.floor((n * JOBS) / TASKS)}`;
  const of = { task_id: `task-${n}`, job_id, worker_id: `worker-${n % WORKERS}` };
  const about = { ...of, queue: `queue-${n % 4}`, content_type: ['pdf', 'text', 'image'][n % 3] };
  yield { ...about, type: 'task.submitted', time: start };
  yield { ...about, type: 'task.started', time: start + (n % 300) };
  const time = start + 300 + ((n * 31) % 2000);
  if (n % 25 === 0)
    yield { ...about, type: 'task.failed', time, error: { message: 'No answer in time.' } };
  else yield { ...about, type: 'task.completed', time, cpu_ms: 100 };
}

function* sampleEvents(): Generator<Said> {
  for (let n = 0; n < ENDPOINTS * 100; n++) {
    const endpoint = `/api/items/${n % ENDPOINTS}`;
    const status_code = n % 40 === 0 ? 500 : 200;
    const time = at(1, -HOUR + n * 700);
    yield {
      type: 'request.recorded',
      endpoint,
      method: 'GET',
      status_code,
      duration_ms: n % 400,
      time,
    };
  }
  for (let n = 0; n < 2000; n++) {
    const time = at(1, -HOUR + n * 1500);
    const [model, cache] = [`model-${n % 10}`, `cache-${n % 10}`];
    yield {
      type: 'prediction.recorded',
      model,
      absolute_error: n % 7,
      confidence: 0.9,
      r2: 0.8,
      time,
    };
    yield { type: 'cache.sampled', cache, hits: n * 3, misses: n, size_mb: 10, time };
    const queue = `queue-${n % 4}`;
    yield { type: 'queue.sampled', queue, kind: 'cpu', pending: n % 90, oldest_wait_ms: n, time };
  }
  for (let n = 0; n < SERIES * 20; n++) {
    const labels = { shard: `${n % SERIES}` };
    const time = at(1, -HOUR + Math.floor(n / SERIES) * 120_000);
    yield { type: 'metric.recorded', name: 'shard_load', value: n % 97, labels, time };
  }
  for (let n = 0; n < 20; n++)
    yield {
      type: 'action.offered',
      action: `retry-${n}`,
      title: `Retry ${n}`,
      kind: 'retry',
      time: at(1),
    };
  for (let n = 0; n < 200; n++) {
    const title = `Limit ${n} was crossed`;
    yield {
      type: 'alert.raised',
      title,
      severity: 'WARNING',
      component: 'queue',
      component_id: `queue-${n}`,
      time: at(1),
    };
  }
}
