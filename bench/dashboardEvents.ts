/** Events for the measurements of the dashboard. */

type Said = { type: string; [field: string]: unknown };

export const LIVE_JOB = 'live-run';
const PHASES = 20;
const WORKERS = 50;

/** A job of so many phases, of which the last runs; ten in a row side by side. */
export function hugeJob(phases: number): { id: string; events: Said[] } {
  const id = `huge-${Date.now()}`;
  const begin = Date.now() - phases * 100;
  const name = (n: number): string => `P${String(n).padStart(4, '0')}`;
  const events: Said[] = [{ type: 'job.started', job_id: id, name: 'huge', time: begin }];
  for (let n = 0; n < phases; n++) {
    const facts = { job_id: id, phase_id: name(n) };
    const depends_on = n < 10 ? [] : [name(n - 10), ...(n % 10 === 0 ? [name(n - 9)] : [])];
    events.push({ ...facts, type: 'phase.started', time: begin + n * 100, depends_on });
    if (n < phases - 5)
      events.push({ ...facts, type: 'phase.completed', time: begin + n * 100 + 900 });
  }
  return { id, events };
}

export function liveStart(): Said[] {
  const phases = Array.from({ length: PHASES }, (_, n) => ({
    type: 'phase.started',
    job_id: LIVE_JOB,
    phase_id: phaseOf(n),
    depends_on: n === 0 ? [] : [phaseOf(n - 1)],
  }));
  return [{ type: 'job.started', job_id: LIVE_JOB, name: LIVE_JOB }, ...phases];
}

/** The n-th event of a busy service: progress, tasks, samples, requests, caches, models, queues and metrics in turn. */
export function live(n: number): Said {
  const at = Math.floor(n / KINDS.length);
  return { time: Date.now(), ...(KINDS[n % KINDS.length] as (at: number) => Said)(at) };
}

const phaseOf = (n: number): string => `P${String(n % PHASES).padStart(2, '0')}`;
const workerOf = (n: number): string => `worker-${n % WORKERS}`;
const taskOf = (n: number): string => `live-task-${n}`;
const wave = (n: number, high: number): number => (high / 2) * (1 + Math.sin(n / 50));

const KINDS: readonly ((at: number) => Said)[] = [
  (at) => ({ type: 'phase.progress', job_id: LIVE_JOB, phase_id: phaseOf(at), items_done: at }),
  (at) => ({ type: 'task.submitted', task_id: taskOf(at), job_id: LIVE_JOB, queue: 'default' }),
  (at) => ({ type: 'task.started', task_id: taskOf(at), worker_id: workerOf(at) }),
  (at) => ({ type: 'task.completed', task_id: taskOf(at), worker_id: workerOf(at) }),
  (at) => ({ type: 'worker.heartbeat', worker_id: workerOf(at), cpu_percent: wave(at, 100) }),
  (at) => ({
    ...{ type: 'resource.sampled', job_id: LIVE_JOB, phase_id: phaseOf(at) },
    ...{ cpu_percent: wave(at, 100), memory_mb: wave(at, 2000) },
  }),
  (at) => ({
    ...{ type: 'request.recorded', endpoint: `/v1/e${at % 10}`, method: 'GET' },
    ...{ status_code: at % 40 === 0 ? 500 : 200, duration_ms: wave(at, 300) },
  }),
  (at) => ({ type: 'cache.sampled', cache: `c${at % 3}`, hits: at * 3, misses: at }),
  (at) => ({ type: 'prediction.recorded', model: `m${at % 3}`, absolute_error: wave(at, 5) }),
  (at) => ({ type: 'queue.sampled', queue: 'default', pending: Math.round(wave(at, 50)) }),
  (at) => ({ type: 'metric.recorded', name: 'rows_per_s', value: wave(at, 900), kind: 'gauge' }),
  (at) => ({
    ...{ type: 'log.recorded', level: 'info', message: `row ${at}` },
    ...{ job_id: LIVE_JOB, phase_id: phaseOf(at) },
  }),
];
