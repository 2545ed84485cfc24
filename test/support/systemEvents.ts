/** Events of a system at work over the last minutes: workers, queues, tasks, requests, models and caches. All of it is made up. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const ENDPOINTS = ['/predict', '/search', '/health', '/upload/{id}'];

interface Kind {
  id: string;
  kind: string;
  host: string;
}

const WORKERS: readonly Kind[] = [
  { id: 'gpu-1', kind: 'gpu', host: 'alpha' },
  { id: 'gpu-2', kind: 'gpu', host: 'beta' },
  { id: 'cpu-1', kind: 'cpu', host: 'alpha' },
  { id: 'cpu-2', kind: 'hybrid', host: 'gamma' },
];

/** 0-1, the same for the same number: tests want to know what they sent. */
function mixed(n: number): number {
  const x = Math.sin(n * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}

export function workerEvents(now: number): object[] {
  return WORKERS.flatMap(({ id, kind, host }, i) => [
    { type: 'worker.registered', worker_id: id, kind, host, time: now - 30 * MINUTE },
    ...Array.from({ length: 10 }, (_, n) => ({
      type: 'worker.heartbeat',
      ...{ worker_id: id, kind, host, active_tasks: i, latency_ms: 4 + i * 3 },
      ...{ cpu_percent: 20 + i * 20 + mixed(n) * 9, memory_mb: 800 * (i + 1) },
      ...(kind === 'cpu' ? {} : { gpu_percent: 35 + i * 15, gpu_memory_mb: 4096 }),
      time: now - (10 - n) * 10 * SECOND,
    })),
  ]);
}

export function queueEvents(now: number): object[] {
  return ['gpu-main', 'cpu-main'].flatMap((queue, i) =>
    Array.from({ length: 20 }, (_, n) => ({
      type: 'queue.sampled',
      ...{ queue, kind: queue.slice(0, 3), pending: 4 + i * 3 + Math.round(mixed(n + i) * 20) },
      oldest_wait_ms: 2_000 + n * 150,
      time: now - (20 - n) * 15 * SECOND,
    })),
  );
}

/** `count` tasks that ended, every tenth of them badly, one that runs and one that waits. */
export function taskEvents(now: number, count = 60): object[] {
  const ended = Array.from({ length: count }, (_, n) => endedTask(now, n, count)).flat();
  const at = { queue: 'gpu-main', content_type: 'video', time: now - 30 * SECOND };
  const running = { task_id: 'task-running', worker_id: 'gpu-2' };
  return [
    ...ended,
    { type: 'task.submitted', task_id: 'task-waiting', ...at },
    { type: 'task.submitted', ...running, ...at },
    { type: 'task.started', ...running, ...at, time: now - 12 * SECOND },
  ];
}

function endedTask(now: number, n: number, count: number): object[] {
  const submitted = now - (count - n) * 5 * SECOND - 10 * SECOND;
  const started = submitted + 200 + mixed(n) * 1500;
  const worker = WORKERS[n % WORKERS.length];
  const task = {
    ...{ task_id: `task-${n}`, worker_id: worker?.id },
    ...{ queue: n % 2 === 0 ? 'gpu-main' : 'cpu-main', content_type: 'document' },
  };
  const failed = n % 10 === 9;
  const error = { type: 'ValueError', message: `page ${n} has no text` };
  const ending = failed ? { type: 'task.failed', error } : { type: 'task.completed' };
  return [
    { type: 'task.submitted', ...task, time: submitted },
    { type: 'task.started', ...task, time: started },
    { ...ending, ...task, time: started + 800 + mixed(n + 7) * 3000 },
  ];
}

export function requestEvents(now: number, count = 600): object[] {
  return Array.from({ length: count }, (_, n) => {
    const endpoint = ENDPOINTS[Math.floor(mixed(n) * mixed(n + 3) * ENDPOINTS.length)];
    return {
      type: 'request.recorded',
      ...{ endpoint, method: 'GET', status_code: n % 50 === 0 ? 503 : n % 20 === 0 ? 404 : 200 },
      duration_ms: Math.round(Math.exp(2 + mixed(n + 1) * 4) * 10) / 10,
      bytes: 2048,
      time: now - (count - n) * 500,
    };
  });
}

export function modelEvents(now: number): object[] {
  const models = [
    { model: 'result_predictor', mae: 3.5, error: 3.9, r2: 0.934, confidence: 0.68 },
    { model: 'duration_predictor', mae: 0.7, error: 0.55, r2: 0.981, confidence: 0.75 },
  ];
  return models.flatMap(({ model, mae, error, r2, confidence }) => [
    { type: 'model.baselined', model, mae, time: now - 10 * MINUTE },
    ...Array.from({ length: 40 }, (_, n) => ({
      type: 'prediction.recorded',
      model,
      absolute_error: error * (0.8 + 0.4 * mixed(n)),
      confidence: confidence * (0.9 + 0.1 * mixed(n + 5)),
      r2: r2 - 0.01 * mixed(n + 9),
      time: now - (40 - n) * 7 * SECOND,
    })),
  ]);
}

export function cacheEvents(now: number): object[] {
  return ['results', 'sessions'].flatMap((cache, i) =>
    Array.from({ length: 30 }, (_, n) => ({
      type: 'cache.sampled',
      ...{
        cache,
        hits: Math.round((30 + n * 14) * (i === 0 ? 1 : 0.4)),
        misses: 20 + n * (4 + i * 6),
      },
      size_mb: 12.5 + i * 40 + n / 4,
      time: now - (30 - n) * 10 * SECOND,
    })),
  );
}

/** A job that runs with known phases: something has to be shown. */
export function jobEvents(now: number): object[] {
  const job_id = 'nightly-1';
  const phases = ['load', 'split', 'report'].map((phase_id) => ({
    phase_id,
    name: `The ${phase_id}`,
  }));
  return [
    {
      type: 'job.started',
      job_id,
      name: 'nightly report',
      pipeline: 'nightly',
      phases,
      time: now - 4 * MINUTE,
    },
    { type: 'phase.started', job_id, phase_id: 'load', time: now - 4 * MINUTE },
    { type: 'phase.completed', job_id, phase_id: 'load', time: now - 3 * MINUTE },
    { type: 'phase.started', job_id, phase_id: 'split', time: now - 3 * MINUTE },
    {
      type: 'phase.progress',
      job_id,
      phase_id: 'split',
      progress: 0.4,
      items_done: 40,
      items_total: 100,
      time: now - 2 * SECOND,
    },
    { type: 'job.progress', job_id, progress: 0.55, time: now - SECOND },
  ];
}

export function systemEvents(now: number): object[] {
  return [
    ...jobEvents(now),
    ...workerEvents(now),
    ...queueEvents(now),
    ...taskEvents(now),
    ...requestEvents(now),
    ...modelEvents(now),
    ...cacheEvents(now),
  ];
}
