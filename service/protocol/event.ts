/**
 * Events: what a pipeline says happened. One schema a type; the TypeScript types, the validation and the OpenAPI
 * document come from here. Unknown fields are kept, so every object stays open.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { ALERT_CHANGES, ALERTING_EVENTS } from './alertEvents.ts';
import {
  Count,
  ErrorDetails,
  event,
  Fraction,
  Id,
  job,
  Labels,
  LARGEST,
  literals,
  maybe,
  optional,
  phase,
  Resources,
  Text,
  Time,
  Values,
} from './eventParts.ts';
import { OPTIMIZATION_EVENTS, ParameterOffered } from './optimization.ts';
import { LEVELS, SEVERITIES, STATUSES } from './states.ts';

export { type Definition } from './alertEvents.ts';
export { ErrorDetails, RESOURCE_FIELDS } from './eventParts.ts';

const Strings = Type.Array(Id('an id'), { maxItems: 10_000 });
const Artifact = Type.Union([Text('a path'), Type.Object({ path: Text('a path') })]);

const task = <N extends string>(type: N) =>
  event(type, {
    ...maybe,
    task_id: Id('the task'),
    queue: Type.Optional(Id('the queue it waited in')),
    content_type: Type.Optional(Text('what it works on')),
    input_bytes: Type.Optional(Count),
    output_bytes: Type.Optional(Count),
    cpu_ms: Type.Optional(Count),
    gpu_ms: Type.Optional(Count),
    memory_peak_mb: Type.Optional(Count),
    confidence: Type.Optional(Fraction),
    degraded: Type.Optional(Type.Boolean()),
    timed_out: Type.Optional(Type.Boolean()),
    error: Type.Optional(ErrorDetails),
  });

const worker = <N extends string>(type: N) =>
  Type.Intersect([
    event(type, {
      worker_id: Id('the worker'),
      kind: Type.Optional(literals(['cpu', 'gpu', 'hybrid'], 'cpu, gpu or hybrid')),
      host: Type.Optional(Text('the machine')),
      active_tasks: Type.Optional(Count),
      latency_ms: Type.Optional(Count),
      bytes_transferred: Type.Optional(Count),
    }),
    optional(Resources),
  ]);

/** The events a pipeline may send. */
export const PUBLIC_EVENTS = {
  'job.started': event('job.started', {
    ...job,
    name: Type.Optional(Text('the name shown')),
    pipeline: Type.Optional(Id('groups runs of the same thing')),
    kind: Type.Optional(Id('what sort of job it is')),
    attempt: Type.Optional(Type.Integer({ minimum: 1 })),
    submitted_at: Type.Optional(Time),
    phases: Type.Optional(
      Type.Array(
        Type.Object({
          phase_id: phase.phase_id,
          name: Type.Optional(Text('the name shown')),
          depends_on: Type.Optional(Strings),
        }),
        { maxItems: 20_000 },
      ),
    ),
    items_total: Type.Optional(Count),
    source_file: Type.Optional(Text('the file that defines the pipeline')),
    worker_id: maybe.worker_id,
    pid: Type.Optional(
      Type.Integer({ minimum: 1, description: 'the process to sample, on this machine' }),
    ),
  }),
  'job.progress': event('job.progress', {
    ...job,
    progress: Type.Optional(Fraction),
    message: Type.Optional(Text('what it does now')),
  }),
  'job.completed': event('job.completed', job),
  'job.cancelled': event('job.cancelled', job),
  'job.failed': event('job.failed', { ...job, error: Type.Optional(ErrorDetails) }),
  'phase.started': event('phase.started', {
    ...phase,
    name: Type.Optional(Text('the name shown')),
    depends_on: Type.Optional(Strings),
    items_total: Type.Optional(Count),
    worker_id: maybe.worker_id,
  }),
  'phase.progress': event('phase.progress', {
    ...phase,
    progress: Type.Optional(Fraction),
    items_done: Type.Optional(Count),
    items_total: Type.Optional(Count),
    message: Type.Optional(Text('what it does now')),
  }),
  'phase.completed': event('phase.completed', {
    ...phase,
    artifacts: Type.Optional(Type.Array(Artifact, { maxItems: 10_000 })),
    items_done: Type.Optional(Count),
    metrics: Type.Optional(Values),
  }),
  'phase.failed': event('phase.failed', { ...phase, error: ErrorDetails }),
  'phase.skipped': event('phase.skipped', { ...phase, reason: Type.Optional(Text('why')) }),
  'phase.cancelled': event('phase.cancelled', { ...phase, reason: Type.Optional(Text('why')) }),
  'subphase.recorded': event('subphase.recorded', {
    ...phase,
    name: Id('the name of the sub-phase'),
    status: Type.Optional(literals(STATUSES, 'a status')),
    started_at: Type.Optional(Time),
    duration_ms: Type.Optional(Count),
    metrics: Type.Optional(Values),
  }),
  'artifact.produced': event('artifact.produced', {
    ...job,
    phase_id: maybe.phase_id,
    path: Type.Optional(Text('where it lies')),
    uri: Type.Optional(Text('where it lies')),
    kind: Type.Optional(Text('what it is')),
    size_bytes: Type.Optional(Count),
    checksum: Type.Optional(Text('its checksum')),
  }),
  'log.recorded': event('log.recorded', {
    level: literals(LEVELS, 'info, warning or error'),
    message: Text('what is said'),
    ...maybe,
    details: Type.Optional(Values),
  }),
  'signal.counted': event('signal.counted', {
    ...job,
    signal: Id('the name of the counter'),
    count: Type.Optional(Type.Integer({ minimum: 0, maximum: LARGEST })),
    phase_id: maybe.phase_id,
  }),
  'resource.sampled': Type.Intersect([event('resource.sampled', maybe), optional(Resources)]),
  'metric.recorded': event('metric.recorded', {
    name: Id('the name of the metric'),
    value: Type.Number({ description: 'a finite number' }),
    kind: Type.Optional(literals(['gauge', 'counter', 'histogram'], 'gauge, counter or histogram')),
    unit: Type.Optional(Text('its unit')),
    ...maybe,
  }),
  'task.submitted': task('task.submitted'),
  'task.started': task('task.started'),
  'task.completed': task('task.completed'),
  'task.failed': task('task.failed'),
  'task.retried': task('task.retried'),
  'worker.registered': worker('worker.registered'),
  'worker.heartbeat': worker('worker.heartbeat'),
  'worker.stopped': worker('worker.stopped'),
  'queue.sampled': event('queue.sampled', {
    queue: Id('the queue'),
    kind: Type.Optional(Id('gpu, cpu, fallback...')),
    pending: Count,
    oldest_wait_ms: Type.Optional(Count),
  }),
  'request.recorded': event('request.recorded', {
    endpoint: Id('the endpoint'),
    method: Type.Optional(Id('the HTTP method')),
    status_code: Type.Integer({ minimum: 100, maximum: 999 }),
    duration_ms: Count,
    bytes: Type.Optional(Count),
  }),
  'prediction.recorded': event('prediction.recorded', {
    model: Id('the model'),
    absolute_error: Type.Optional(Count),
    confidence: Type.Optional(Fraction),
    r2: Type.Optional(Type.Number()),
  }),
  'model.baselined': event('model.baselined', {
    model: Id('the model'),
    mae: Type.Optional(Count),
  }),
  'cache.sampled': event('cache.sampled', {
    cache: Id('the cache'),
    hits: Count,
    misses: Count,
    size_mb: Type.Optional(Count),
  }),
  'action.offered': event('action.offered', {
    action: Id('the action'),
    title: Text('its name for people'),
    job_id: maybe.job_id,
    kind: Type.Optional(Id('retrain, clear_cache, retry, cancel...')),
    params: Type.Optional(Values),
  }),
  'parameter.offered': ParameterOffered,
  'optimization.answered': event('optimization.answered', {
    optimization_id: Id('the proposal'),
    outcome: literals(['applied', 'refused'], 'applied or refused'),
    detail: Type.Optional(Text('why')),
  }),
  'alert.raised': event('alert.raised', {
    title: Text('what is wrong, in a few words'),
    description: Type.Optional(Text('what happened, where, and the next step')),
    severity: literals(SEVERITIES, 'INFO, WARNING, ERROR or CRITICAL'),
    component: Id('what it is about: job, phase, worker, queue...'),
    component_id: Type.Optional(Id('which one')),
    metric: Type.Optional(Text('the metric that crossed its threshold')),
    value: Type.Optional(Type.Number()),
    threshold: Type.Optional(Type.Number()),
    job_id: maybe.job_id,
    phase_id: maybe.phase_id,
    tags: Type.Optional(Labels),
  }),
};

/** What parsing adds to every event: an id, and the time as epoch milliseconds. */
interface Parsed {
  id: string;
  time: number;
}
type Members<T extends Record<string, TSchema>> = {
  [K in keyof T]: Omit<Static<T[K]>, 'id' | 'time'> & Parsed;
};
type AlertEvents = Members<typeof ALERT_CHANGES & Pick<typeof PUBLIC_EVENTS, 'alert.raised'>>;

/** One of the events that an alert is made of. */
export type AlertEvent = AlertEvents[keyof AlertEvents];

/** Events that only the service itself writes: what a person did, and what ended. Refused from outside. */
export const INTERNAL_EVENTS = {
  ...ALERT_CHANGES,
  /** An alert of an exported job, with all that was said of it, as it was said. */
  'alert.imported': event('alert.imported', {
    alert_id: Id('the alert'),
    events: Type.Array(Type.Unsafe<AlertEvent>(Values)),
  }),
  'job.removed': event('job.removed', { ...job, by: Type.Optional(Text('who')) }),
  /** One of `parts` parts of an exported job: a state document (core/stateDocument.ts) that is merged into the job. */
  'job.imported': event('job.imported', {
    ...job,
    part: Type.Integer({ minimum: 0 }),
    parts: Type.Integer({ minimum: 1 }),
    state: Values,
    /** What the totals of signals get of it: what the job that it replaces has counted is in them already. */
    new_signals: Type.Optional(Type.Array(Type.Tuple([Type.String(), Type.Number()]))),
  }),
  /** Somebody changed settings of the running service; `revision` counts the changes. */
  'config.changed': event('config.changed', {
    revision: Type.Integer({ minimum: 1 }),
    changes: Values,
    by: Type.Optional(Text('who')),
  }),
  ...ALERTING_EVENTS,
  ...OPTIMIZATION_EVENTS,
  /** No sign of life since `silent_since` (epoch milliseconds of arrival); any later one ends the state. */
  'job.stalled': event('job.stalled', { ...job, silent_since: Type.Number() }),
  'worker.lost': event('worker.lost', { worker_id: Id('the worker'), silent_since: Type.Number() }),
};

/** Ids of the service's own events begin so; they are refused from outside: nobody else speaks for its rules. */
export const OWN_ID = 'pipescope:';

export type PublicEventType = keyof typeof PUBLIC_EVENTS;
export type EventType = PublicEventType | keyof typeof INTERNAL_EVENTS;

type EventMap = Members<typeof PUBLIC_EVENTS> & Members<typeof INTERNAL_EVENTS>;

/** A parsed event, told apart by `type`. */
export type Event = EventMap[keyof EventMap];
export type EventOf<T extends EventType> = EventMap[T];

/** An event with its place in the journal. `received_at` is epoch milliseconds of arrival. */
export interface Entry {
  seq: number;
  received_at: number;
  event: Event;
}
