/**
 * A recorded mix of all that a service is told: jobs with phases in two attempts, tasks with retries, workers, queues,
 * requests, predictions, caches, signals, metrics, resources. Event n is always the same, so a set of events can be sent
 * again, in any order, to any service.
 */
export interface MixEvent {
  id: string;
  type: string;
  time: number;
  [field: string]: unknown;
}

/** Milliseconds from one event to the next: no two are of the same time. */
const STEP_MS = 7;
/** A job is told of over so many cycles, a phase of it over a quarter. */
const JOB_CYCLES = 8;

type Told = Omit<MixEvent, 'id' | 'time'> & { type: string };

/** `begin` is the time of the first event, epoch milliseconds; `from` and `to` count cycles of about 30 events. */
export function mixEvents(begin: number, from: number, to: number): MixEvent[] {
  const events: MixEvent[] = [];
  for (let cycle = from; cycle < to; cycle++) {
    const told = [...domainEvents(cycle), ...taskEvents(cycle), ...jobEvents(cycle)];
    told.forEach((one, n) => {
      events.push({ ...one, id: `${cycle}-${n}`, time: begin + (cycle * 64 + n) * STEP_MS });
    });
  }
  return events;
}

/** The time after the last event of cycle `to - 1`. */
export function mixEnd(begin: number, to: number): number {
  return begin + to * 64 * STEP_MS;
}

/** Eighths: their sums are exact in any order. */
const eighths = (n: number, of: number) => ((n * 37) % (of * 8)) / 8;

function domainEvents(n: number): Told[] {
  const worker_id = `worker-${n % 4}`;
  const load = { cpu_percent: eighths(n, 80), memory_mb: eighths(n, 900) };
  return [
    ...(n < 4
      ? [
          {
            type: 'worker.registered',
            worker_id,
            kind: 'gpu',
            host: `h${n}`,
            labels: { zone: 'a' },
          },
        ]
      : []),
    {
      type: 'worker.heartbeat',
      worker_id,
      active_tasks: n % 5,
      latency_ms: eighths(n, 30),
      ...load,
    },
    { type: 'queue.sampled', queue: `q${n % 3}`, kind: 'gpu', pending: n % 50, oldest_wait_ms: n },
    {
      type: 'request.recorded',
      ...{ endpoint: `/v1/${n % 5}`, method: n % 2 ? 'GET' : 'POST' },
      ...{ status_code: n % 11 === 0 ? 503 : 200, duration_ms: eighths(n, 400), bytes: n },
    },
    {
      type: 'prediction.recorded',
      ...{ model: `m${n % 2}`, absolute_error: eighths(n, 9), confidence: (n % 8) / 8, r2: 0.5 },
    },
    { type: 'model.baselined', model: `m${n % 2}`, mae: 3 },
    { type: 'cache.sampled', cache: 'c', hits: n * 5, misses: n * 2, size_mb: eighths(n, 64) },
    { type: 'resource.sampled', worker_id, ...load },
    { type: 'resource.sampled', gpu_percent: eighths(n, 90) },
    { type: 'metric.recorded', name: 'rows_total', kind: 'counter', value: (n % 100) * 3 },
    {
      type: 'metric.recorded',
      name: 'level',
      value: eighths(n, 40),
      labels: { side: `s${n % 2}` },
    },
    {
      type: 'metric.recorded',
      name: 'took',
      kind: 'histogram',
      value: eighths(n, 500),
      unit: 'ms',
    },
    { type: 'log.recorded', level: 'error', message: `Worker line ${n}`, worker_id },
    ...(n % 10 === 0
      ? [{ type: 'action.offered', action: `a${n % 3}`, title: `Retrain ${n}` }]
      : []),
    ...(n % 10 === 5
      ? [{ type: 'optimization.answered', optimization_id: `o${n % 3}`, outcome: 'applied' }]
      : []),
  ];
}

/** Tasks that end within the cycle, and others that take many: what came before is known only from the tables. */
function taskEvents(n: number): Told[] {
  const told: Told[] = [];
  const say = (type: string, task_id: string, fields: object = {}) =>
    told.push({ type: `task.${type}`, task_id, queue: `q${n % 3}`, ...fields });
  const worker_id = `worker-${n % 4}`;
  say('submitted', `short-${n}`, { content_type: 'pdf', input_bytes: n });
  say('started', `short-${n}`, { worker_id });
  say(n % 7 === 0 ? 'failed' : 'completed', `short-${n}`, {
    ...(n % 7 === 0 && { error: { message: 'No pages' }, timed_out: true }),
  });
  say('submitted', `long-${n}`, { content_type: 'video' });
  // Told in later cycles, of the tasks that began then.
  const of = (before: number, type: string, fields: object = {}) => {
    if (n >= before) told.push({ type: `task.${type}`, task_id: `long-${n - before}`, ...fields });
  };
  of(3, 'started', { worker_id });
  of(9, 'failed', { error: { message: 'Lost' }, timed_out: n % 2 === 0 });
  of(10, 'retried');
  of(14, 'started', { worker_id: `worker-${(n + 1) % 4}` });
  of(30, 'completed', { output_bytes: n, cpu_ms: n });
  return told;
}

function jobEvents(n: number): Told[] {
  const job_id = `job-${Math.floor(n / JOB_CYCLES)}`;
  const at = n % JOB_CYCLES;
  const phase_id = `P${Math.floor(at / 2)}`;
  const told: Told[] = [];
  const say = (type: string, fields: object = {}) => told.push({ type, job_id, ...fields });
  const pipeline = `line-${Math.floor(n / JOB_CYCLES) % 3}`;
  if (at === 0) say('job.started', { pipeline, name: 'Nightly', kind: 'build' });
  if (at % 2 === 0)
    say('phase.started', { phase_id, items_total: 100, worker_id: `worker-${n % 4}` });
  say('phase.progress', { phase_id, items_done: 10 + at });
  say('resource.sampled', { phase_id, cpu_percent: eighths(n, 70), memory_mb: eighths(n, 500) });
  say('signal.counted', { phase_id, signal: `rows-${n % 2}`, count: 1 + (n % 5) });
  say('log.recorded', { phase_id, level: 'warning', message: `Row ${n} is odd.` });
  if (at === 3) {
    say('phase.failed', { phase_id, error: { message: 'No key' } });
    say('phase.started', { phase_id, items_total: 100 });
    say('log.recorded', { phase_id, level: 'error', message: `Row ${n} is bad.` });
  }
  if (at % 2 === 1) say('phase.completed', { phase_id, items_done: 100, metrics: { rows: n } });
  if (at === JOB_CYCLES - 1) say('job.completed');
  return told;
}
