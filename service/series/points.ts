/**
 * Events as points of time series. Labels are names of things that stay: never ids of jobs, tasks or runs, because each
 * label set is a series of its own. Pure; what an event does not say itself is looked up.
 */
import { type Event, type EventOf, RESOURCE_FIELDS } from '../protocol/event.ts';
import type { SeriesKind } from '../protocol/aggregation.ts';
import type { Point } from './types.ts';

/**
 * What the model knows of a task. A time is null until it is known, and again after the event by which it became known:
 * that is the end of the task, or whatever was heard of it only later.
 */
export interface TaskFacts {
  /** Epoch milliseconds. */
  ended_at: number | null;
  wait_ms: number | null;
  processing_ms: number | null;
  total_ms: number | null;
  queue: string | null;
  content_type: string | null;
  worker_id: string | null;
}

/** Answers from the model, as it is after the event; undefined for what is not known. */
export interface PointLookup {
  pipelineOf(job_id: string): string | undefined;
  task(task_id: string): TaskFacts | undefined;
  /** How long the newest run of the phase took, in milliseconds. */
  phaseTime(job_id: string, phase_id: string): number | undefined;
}

/** Most events make no point: they share this list. */
const NONE: readonly Point[] = Object.freeze([]);

/** The points that one event makes, all of the event's own time. */
export function pointsOf(event: Event, lookup: PointLookup): readonly Point[] {
  switch (event.type) {
    case 'resource.sampled':
      return resources(event, resourceLabels(event, lookup));
    case 'worker.registered':
    case 'worker.heartbeat':
    case 'worker.stopped':
      return workerPoints(event);
    case 'queue.sampled':
      return queuePoints(event);
    case 'request.recorded':
      return requestPoints(event);
    case 'prediction.recorded':
      return predictionPoints(event);
    case 'cache.sampled':
      return cachePoints(event);
    case 'task.submitted':
    case 'task.started':
    case 'task.retried':
    case 'task.completed':
    case 'task.failed':
      return taskPoints(event, lookup);
    case 'phase.completed':
    case 'phase.failed':
      return phasePoints(event, lookup);
    case 'signal.counted':
      return signalPoints(event, lookup);
    case 'metric.recorded':
      return metricPoints(event, lookup);
    default:
      return NONE;
  }
}

type LabelValues = Record<string, string | null | undefined>;

/** Those that are known. */
function labelsOf(values: LabelValues): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null) labels[name] = value;
  return labels;
}

/** Puts points of one event together; values that are not known make none. */
class Points {
  readonly list: Point[] = [];
  readonly #time: number;
  readonly #labels: Record<string, string>;

  constructor({ time }: { time: number }, labels: LabelValues) {
    this.#time = time;
    this.#labels = labelsOf(labels);
  }

  add(metric: string, value: number | null | undefined, kind: SeriesKind, unit?: string): this {
    if (value === undefined || value === null) return this;
    const point: Point = { metric, labels: this.#labels, time: this.#time, value, kind };
    if (unit !== undefined) point.unit = unit;
    this.list.push(point);
    return this;
  }
}

/** The unit that stands at the end of a resource's name. */
const UNITS: Record<(typeof RESOURCE_FIELDS)[number], string> = {
  cpu_percent: 'percent',
  memory_mb: 'MB',
  gpu_percent: 'percent',
  gpu_memory_mb: 'MB',
  disk_percent: 'percent',
  disk_read_mb_s: 'MB/s',
  disk_write_mb_s: 'MB/s',
  net_in_mb_s: 'MB/s',
  net_out_mb_s: 'MB/s',
  ipc_latency_ms: 'ms',
};

type Sampled = { time: number } & { [K in (typeof RESOURCE_FIELDS)[number]]?: number | undefined };

function resources(event: Sampled, labels: LabelValues): Point[] {
  const points = new Points(event, labels);
  for (const field of RESOURCE_FIELDS) points.add(field, event[field], 'gauge', UNITS[field]);
  return points.list;
}

/** Of the job where it names one, else of the worker, else of the machine. */
function resourceLabels(
  { job_id, phase_id, worker_id }: EventOf<'resource.sampled'>,
  lookup: PointLookup,
): LabelValues {
  if (job_id !== undefined) return { source: 'job', pipeline: lookup.pipelineOf(job_id), phase_id };
  return worker_id === undefined ? { source: 'host' } : { source: 'worker', worker_id };
}

type WorkerEvent = EventOf<'worker.registered' | 'worker.heartbeat' | 'worker.stopped'>;

function workerPoints(event: WorkerEvent): Point[] {
  const { worker_id } = event;
  const own = new Points(event, { worker_id })
    .add('worker_latency_ms', event.latency_ms, 'gauge', 'ms')
    .add('worker_active_tasks', event.active_tasks, 'gauge', 'tasks')
    .add('worker_memory_percent', memoryPercent(event), 'gauge', 'percent');
  return [...own.list, ...resources(event, { source: 'worker', worker_id })];
}

/** What it tells beyond its own fields, as the agent does: the share itself, or all the memory it has. Null without them. */
function memoryPercent(event: WorkerEvent): number | null {
  const { memory_percent, memory_total_mb } = event as unknown as Record<string, unknown>;
  const { memory_mb } = event;
  const share = isAmount(memory_percent)
    ? memory_percent
    : isAmount(memory_total_mb) && memory_total_mb > 0 && memory_mb !== undefined
      ? (100 * memory_mb) / memory_total_mb
      : null;
  return share === null || share > 100 ? null : share;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function queuePoints(event: EventOf<'queue.sampled'>): Point[] {
  const { queue, kind } = event;
  return new Points(event, { queue, kind })
    .add('queue_pending', event.pending, 'gauge', 'tasks')
    .add('queue_oldest_wait_ms', event.oldest_wait_ms, 'gauge', 'ms').list;
}

/** Answers from this status on are errors of the service; those below are the caller's. */
const FIRST_ERROR_STATUS = 500;

function requestPoints(event: EventOf<'request.recorded'>): Point[] {
  const { endpoint, method } = event;
  return new Points(event, { endpoint, method })
    .add('request_duration_ms', event.duration_ms, 'histogram', 'ms')
    .add('request_errors', event.status_code >= FIRST_ERROR_STATUS ? 1 : 0, 'histogram', 'errors')
    .list;
}

function predictionPoints(event: EventOf<'prediction.recorded'>): Point[] {
  return new Points(event, { model: event.model })
    .add('prediction_absolute_error', event.absolute_error, 'histogram')
    .add('prediction_confidence', event.confidence, 'histogram')
    .add('prediction_r2', event.r2, 'gauge').list;
}

function cachePoints(event: EventOf<'cache.sampled'>): Point[] {
  const { cache, hits, misses } = event;
  const looks = hits + misses;
  return new Points(event, { cache })
    .add('cache_hits', hits, 'counter', 'hits')
    .add('cache_misses', misses, 'counter', 'misses')
    .add('cache_hit_rate_percent', looks === 0 ? null : (100 * hits) / looks, 'gauge', 'percent')
    .add('cache_size_mb', event.size_mb, 'gauge', 'MB').list;
}

type TaskEvent = EventOf<
  'task.submitted' | 'task.started' | 'task.retried' | 'task.completed' | 'task.failed'
>;

const TASK_COUNTERS: Record<Exclude<TaskEvent['type'], 'task.started'>, string> = {
  'task.submitted': 'tasks_submitted',
  'task.retried': 'tasks_retried',
  'task.completed': 'tasks_completed',
  'task.failed': 'tasks_failed',
};

/** A count of one for what happened, and for the end of a task how long it waited and took. */
function taskPoints(event: TaskEvent, lookup: PointLookup): Point[] {
  const facts = lookup.task(event.task_id);
  const queue = event.queue ?? facts?.queue;
  const counts = new Points(event, { queue });
  if (event.type !== 'task.started') {
    counts
      .add(TASK_COUNTERS[event.type], 1, 'histogram', 'tasks')
      .add('tasks_timed_out', event.timed_out === true ? 1 : null, 'histogram', 'tasks');
  }
  if (facts === undefined || facts.ended_at === null) return counts.list;
  const content_type = event.content_type ?? facts.content_type;
  const worker_id = event.worker_id ?? facts.worker_id;
  const times = new Points({ time: facts.ended_at }, { queue, content_type, worker_id })
    .add('task_wait_ms', facts.wait_ms, 'histogram', 'ms')
    .add('task_processing_ms', facts.processing_ms, 'histogram', 'ms')
    .add('task_total_ms', facts.total_ms, 'histogram', 'ms');
  return [...counts.list, ...times.list];
}

function phasePoints(
  event: EventOf<'phase.completed' | 'phase.failed'>,
  lookup: PointLookup,
): readonly Point[] {
  const { job_id, phase_id } = event;
  const time = lookup.phaseTime(job_id, phase_id);
  if (time === undefined) return NONE;
  const labels = { pipeline: lookup.pipelineOf(job_id), phase_id };
  return new Points(event, labels).add('phase_execution_time_ms', time, 'histogram', 'ms').list;
}

function signalPoints(event: EventOf<'signal.counted'>, lookup: PointLookup): Point[] {
  const { signal, count = 1 } = event;
  const labels = { signal, pipeline: lookup.pipelineOf(event.job_id) };
  return new Points(event, labels).add('signals', count, 'histogram', 'signals').list;
}

/** Labels that would make a series of every run. */
const RUN_IDS: ReadonlySet<string> = new Set(['job_id', 'task_id', 'run_id']);

/** The event's own labels without ids of runs; what it names itself wins over labels of the same name. */
function metricPoints(event: EventOf<'metric.recorded'>, lookup: PointLookup): Point[] {
  const { name, value, kind = 'gauge', unit, job_id, phase_id, worker_id } = event;
  const own = Object.entries(event.labels ?? {}).filter(([key]) => !RUN_IDS.has(key));
  const pipeline = job_id === undefined ? undefined : lookup.pipelineOf(job_id);
  const named = labelsOf({ worker_id, phase_id, pipeline });
  const labels = { ...Object.fromEntries(own), ...named };
  return new Points(event, labels).add(name, value, kind, unit).list;
}
