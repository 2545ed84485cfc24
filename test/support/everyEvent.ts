/** A small world in which every event of the contract happens, with every field that it may have. */
export const WORLD = {
  job: 'nightly/1 ü',
  /** Ended well; the other one failed. */
  done: 'nightly-0',
  running: 'nightly-2',
  pipeline: 'nightly',
  phase: 'P01',
  worker: 'gpu/1 ü',
  task: 'task/1 ü',
  alert: 'alert/1',
  metric: 'queue_depth',
} as const;

const ERROR = {
  message: 'no space',
  ...{ type: 'OSError', stack: 'at a\nat b', file: 'w.py', line: 3, column: 1, exit_code: 2 },
  details: { path: '/tmp' },
};
const RESOURCES = {
  ...{ cpu_percent: 40, memory_mb: 512, gpu_percent: 60, gpu_memory_mb: 2048, disk_percent: 70 },
  ...{ disk_read_mb_s: 1.5, disk_write_mb_s: 2.5, net_in_mb_s: 0.5, net_out_mb_s: 0.25 },
  ipc_latency_ms: 3,
};

interface Raw {
  type: string;
  [field: string]: unknown;
}

/** All of them, `now` (epoch milliseconds) being a little later. */
export function everyEvent(now: number): Raw[] {
  const begin = now - 600_000;
  const at = (seconds: number) => ({ time: begin + seconds * 1000, source: 'test' });
  return [...jobEvents(at), ...taskEvents(at), ...otherEvents(at)];
}

type At = (seconds: number) => { time: number; source: string };

function jobEvents(at: At): Raw[] {
  const { job, done, running, pipeline, phase, worker } = WORLD;
  const of = (phase_id: string) => ({ job_id: job, phase_id });
  return [
    {
      type: 'job.started',
      ...{ job_id: job, name: 'Nightly, "full"', pipeline, kind: 'batch', attempt: 2 },
      phases: [
        { phase_id: 'P00', name: 'Read' },
        { phase_id: phase, depends_on: ['P00'] },
      ],
      ...{ submitted_at: at(0).time - 5000, items_total: 10, source_file: 'p.py' },
      ...{ worker_id: worker, labels: { branch: 'main' }, commit: { sha: 'abc' }, ...at(0) },
    },
    { type: 'job.progress', job_id: job, progress: 0.1, message: 'reading', ...at(1) },
    { type: 'phase.started', ...of('P00'), name: 'Read', items_total: 10, ...at(1) },
    {
      type: 'phase.progress',
      ...{ ...of('P00'), progress: 0.5, items_done: 5, items_total: 10, message: 'half' },
      ...at(2),
    },
    {
      type: 'subphase.recorded',
      ...{ ...of('P00'), name: 'scan', status: 'COMPLETED', started_at: at(1).time },
      ...{ duration_ms: 12, metrics: { files: 3 }, ...at(2) },
    },
    { type: 'resource.sampled', ...of('P00'), worker_id: worker, ...RESOURCES, ...at(3) },
    {
      type: 'phase.completed',
      ...{ ...of('P00'), artifacts: ['a.bin', { path: 'b.bin', size_bytes: 7 }], items_done: 10 },
      ...{ metrics: { rows: 9 }, ...at(4) },
    },
    { type: 'subphase.recorded', ...of(phase), name: 'open', ...at(5) },
    { type: 'phase.started', ...of(phase), depends_on: ['P00'], worker_id: worker, ...at(4) },
    ...['info', 'warning', 'error'].map((level) => ({
      type: 'log.recorded',
      ...{ ...of(phase), level, message: `a line of ${level}`, worker_id: worker },
      ...{ details: { a: [1] }, ...at(5) },
    })),
    {
      type: 'artifact.produced',
      ...{ ...of(phase), path: 'c.bin', kind: 'model', size_bytes: 9, checksum: 'sha256:00' },
      ...at(5),
    },
    { type: 'artifact.produced', job_id: job, uri: 's3://bucket/x', ...at(5) },
    { type: 'signal.counted', ...of(phase), signal: 'retries', count: 4, ...at(5) },
    { type: 'phase.failed', ...of(phase), error: ERROR, ...at(6) },
    { type: 'phase.skipped', ...of('P02'), reason: 'not needed', ...at(6) },
    { type: 'phase.cancelled', ...of('P03'), reason: 'too late', ...at(6) },
    { type: 'job.failed', job_id: job, error: ERROR, ...at(7) },
    { type: 'job.started', job_id: done, pipeline, ...at(10) },
    { type: 'phase.started', job_id: done, phase_id: phase, ...at(11) },
    { type: 'phase.completed', job_id: done, phase_id: phase, ...at(13) },
    { type: 'job.completed', job_id: done, ...at(14) },
    { type: 'job.started', job_id: 'stopped', ...at(15) },
    { type: 'job.cancelled', job_id: 'stopped', ...at(16) },
    { type: 'job.started', job_id: running, pipeline, ...at(500) },
    { type: 'phase.started', job_id: running, phase_id: phase, ...at(501) },
  ];
}

function taskEvents(at: At): Raw[] {
  const { job, phase, worker, task } = WORLD;
  const of = {
    ...{ job_id: job, phase_id: phase, worker_id: worker, queue: 'gpu', content_type: 'image' },
    ...{ input_bytes: 100, output_bytes: 50, cpu_ms: 20, gpu_ms: 30, memory_peak_mb: 300 },
    ...{ confidence: 0.9, degraded: true, timed_out: false, labels: { lane: 'fast' } },
  };
  const told = { worker_id: worker, kind: 'gpu', host: 'box', active_tasks: 1, latency_ms: 4 };
  return [
    { type: 'worker.registered', ...told, ...RESOURCES, bytes_transferred: 10, ...at(20) },
    { type: 'worker.heartbeat', ...told, ...RESOURCES, rack: 7, ...at(550) },
    { type: 'worker.registered', worker_id: 'cpu-1', kind: 'cpu', ...at(20) },
    { type: 'worker.stopped', worker_id: 'cpu-1', ...at(30) },
    { type: 'task.submitted', task_id: task, ...of, ...at(540) },
    { type: 'task.started', task_id: task, ...of, ...at(541) },
    { type: 'task.retried', task_id: task, ...of, ...at(542) },
    { type: 'task.started', task_id: task, ...of, ...at(543) },
    { type: 'task.completed', task_id: task, ...of, ...at(545) },
    { type: 'task.submitted', task_id: 'task-2', queue: 'gpu', ...at(546) },
    { type: 'task.failed', task_id: 'task-2', timed_out: true, error: ERROR, ...at(548) },
    { type: 'task.submitted', task_id: 'task-3', queue: 'cpu', ...at(549) },
    { type: 'queue.sampled', queue: 'gpu', kind: 'gpu', pending: 3, oldest_wait_ms: 9, ...at(550) },
  ];
}

function otherEvents(at: At): Raw[] {
  const { job, phase, alert, metric, worker } = WORLD;
  return [
    ...[200, 404, 503].map((status_code, i) => ({
      type: 'request.recorded',
      ...{ endpoint: '/predict', method: 'POST', status_code, duration_ms: 90 + i, bytes: 512 },
      ...at(560 + i),
    })),
    {
      type: 'prediction.recorded',
      model: 'm',
      absolute_error: 3,
      confidence: 0.8,
      r2: 0.9,
      ...at(561),
    },
    { type: 'model.baselined', model: 'm', mae: 2, ...at(560) },
    { type: 'cache.sampled', cache: 'c', hits: 80, misses: 20, size_mb: 12, ...at(562) },
    {
      type: 'metric.recorded',
      ...{ name: metric, value: 5, kind: 'gauge', unit: 'jobs', labels: { lane: 'fast' } },
      ...{ job_id: job, phase_id: phase, worker_id: worker, ...at(563) },
    },
    { type: 'resource.sampled', ...RESOURCES, ...at(564) },
    {
      type: 'action.offered',
      ...{ action: 'retrain', title: 'Train again', job_id: job, kind: 'retrain' },
      ...{ params: { type: 'object' }, ...at(565) },
    },
    {
      type: 'parameter.offered',
      ...{ job_id: WORLD.running, parameter: 'workers', kind: 'concurrency', title: 'Workers' },
      ...{ unit: 'workers', value: 2, minimum: 1, maximum: 8, step: 1, phase_id: phase },
      ...{ subject: worker, ...at(565) },
    },
    {
      type: 'optimization.answered',
      ...{ optimization_id: 'o-1', outcome: 'applied', detail: 'two more', ...at(566) },
    },
    {
      type: 'alert.raised',
      ...{ id: alert, title: 'Queue full', description: 'It is.', severity: 'CRITICAL' },
      ...{ component: 'queue', component_id: 'gpu', metric: 'pending', value: 3, threshold: 2 },
      ...{ job_id: job, phase_id: phase, tags: { a: 'b' }, ...at(567) },
    },
  ];
}
