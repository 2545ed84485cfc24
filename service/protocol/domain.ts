/**
 * Records beyond jobs: workers, tasks, queues, models, endpoints, caches, actions, and what is computed from them. The
 * same rules as for the others: times are RFC 3339, units stand in the names, `null` is "not known" (never 0).
 */
import { type Static, Type } from '@sinclair/typebox';
import { ErrorDetails } from './event.ts';
import { OneOf, OrNull, Time, Values, Labels } from './schema.ts';
import { TASK_STATES, WORKER_KINDS, WORKER_STATES } from './states.ts';

const Measure = OrNull(Type.Number());
const Seq = { seq: Type.Integer() };

export const WorkerRecord = Type.Object({
  worker_id: Type.String(),
  kind: OrNull(OneOf(WORKER_KINDS)),
  host: OrNull(Type.String()),
  state: OneOf(WORKER_STATES),
  is_online: Type.Boolean(),
  is_healthy: Type.Boolean({ description: 'online, and not failing task after task' }),
  health_reason: OrNull(Type.String({ description: 'why it is not healthy, as a sentence' })),
  registered_at: OrNull(Time),
  last_heartbeat: OrNull(
    Type.String({ format: 'date-time', description: 'when its latest sign of life arrived' }),
  ),
  offline_since: OrNull(Time),
  active_tasks: Type.Integer(),
  completed_tasks: Type.Integer(),
  failed_tasks: Type.Integer(),
  total_processing_ms: Type.Number(),
  average_task_ms: Measure,
  cpu_percent: Measure,
  memory_mb: Measure,
  gpu_percent: Measure,
  gpu_memory_mb: Measure,
  disk_percent: Measure,
  disk_read_mb_s: Measure,
  disk_write_mb_s: Measure,
  net_in_mb_s: Measure,
  net_out_mb_s: Measure,
  ipc_latency_ms: Measure,
  latency_ms: Measure,
  bytes_transferred: Measure,
  error_count: Type.Integer(),
  timeout_count: Type.Integer(),
  consecutive_failures: Type.Integer(),
  labels: Labels,
  /** Fields of its events that Pipescope does not know: kept as they came. */
  extra: Values,
  ...Seq,
});
export type WorkerRecord = Static<typeof WorkerRecord>;

export const TaskRecord = Type.Object({
  task_id: Type.String(),
  job_id: OrNull(Type.String()),
  phase_id: OrNull(Type.String()),
  worker_id: OrNull(Type.String()),
  queue: OrNull(Type.String()),
  content_type: OrNull(Type.String()),
  status: OneOf(TASK_STATES),
  submitted_at: OrNull(Time),
  started_at: OrNull(Time),
  completed_at: OrNull(
    Type.String({ format: 'date-time', description: 'when it ended, failed ones too' }),
  ),
  wait_ms: OrNull(Type.Number({ description: 'submitted to started' })),
  processing_ms: OrNull(Type.Number({ description: 'started to ended' })),
  total_ms: OrNull(Type.Number({ description: 'submitted to ended' })),
  retry_count: Type.Integer(),
  timed_out: Type.Boolean(),
  degraded: Type.Boolean(),
  confidence: OrNull(Type.Number({ description: '0-1' })),
  input_bytes: Measure,
  output_bytes: Measure,
  cpu_ms: Measure,
  gpu_ms: Measure,
  memory_peak_mb: Measure,
  error: OrNull(ErrorDetails),
  labels: Labels,
  extra: Values,
  ...Seq,
});
export type TaskRecord = Static<typeof TaskRecord>;

export const QueueRecord = Type.Object({
  queue: Type.String(),
  kind: OrNull(Type.String({ description: 'gpu, cpu, fallback...' })),
  pending: OrNull(Type.Number({ description: 'as last sampled; null when only tasks named it' })),
  oldest_wait_ms: OrNull(
    Type.Number({
      minimum: 0,
      description: 'milliseconds; as last sampled, else of the known tasks as of the answer',
    }),
  ),
  waiting_since: OrNull(
    Type.String({
      format: 'date-time',
      description: 'of its oldest known task; null where none waits, or the wait is sampled',
    }),
  ),
  /** Of the tasks that named this queue and are still known. */
  tasks_pending: Type.Integer(),
  tasks_processing: Type.Integer(),
  sampled_at: OrNull(Time),
  ...Seq,
});
export type QueueRecord = Static<typeof QueueRecord>;

export const ModelRecord = Type.Object({
  model: Type.String(),
  predictions_count: Type.Integer(),
  avg_mae: OrNull(Type.Number({ description: 'mean absolute error of all predictions with one' })),
  baseline_mae: Measure,
  degradation_percent: OrNull(
    Type.Number({ description: 'how much worse than the baseline; negative is better' }),
  ),
  r2: OrNull(Type.Number({ description: 'as last told' })),
  avg_confidence: OrNull(Type.Number({ description: '0-1' })),
  last_updated: OrNull(Time),
  ...Seq,
});
export type ModelRecord = Static<typeof ModelRecord>;

/** An endpoint since it was first seen. Ranges of time are a question to the series. */
export const EndpointRecord = Type.Object({
  endpoint: Type.String(),
  requests_total: Type.Integer(),
  errors_total: Type.Integer({ description: 'answers with status 500 and more' }),
  client_errors_total: Type.Integer({ description: 'answers with status 400 to 499' }),
  error_rate_percent: Type.Number({ description: 'share of status 500 and more, 0-100' }),
  avg_response_time_ms: Measure,
  p50_response_time_ms: Measure,
  p95_response_time_ms: Measure,
  p99_response_time_ms: Measure,
  bytes_total: Type.Number(),
  methods: Type.Record(Type.String(), Type.Integer()),
  last_request_at: OrNull(Time),
  ...Seq,
});
export type EndpointRecord = Static<typeof EndpointRecord>;

export const CacheRecord = Type.Object({
  cache: Type.String(),
  hits: Type.Number({ description: 'as last told, since the cache began to count' }),
  misses: Type.Number(),
  hit_rate_percent: OrNull(Type.Number({ description: '0-100' })),
  size_mb: Measure,
  sampled_at: OrNull(Time),
  ...Seq,
});
export type CacheRecord = Static<typeof CacheRecord>;

export const ActionRecord = Type.Object({
  action: Type.String(),
  title: Type.String(),
  kind: OrNull(Type.String()),
  job_id: OrNull(Type.String()),
  params: Values,
  offered_at: Time,
  ...Seq,
});
export type ActionRecord = Static<typeof ActionRecord>;

/** What happened in one hour or day, by the events' own times: an event that comes late lands in its own. */
export const PeriodStatistics = Type.Object({
  from: Type.String({
    format: 'date-time',
    description: 'UTC; of all time: the begin of the first day with a task',
  }),
  to: Time,
  tasks_submitted: Type.Integer(),
  tasks_completed: Type.Integer(),
  tasks_failed: Type.Integer(),
  tasks_retried: Type.Integer(),
  tasks_timed_out: Type.Integer(),
  average_task_duration_ms: OrNull(
    Type.Number({ description: 'of ended tasks, completed and failed: started to ended' }),
  ),
  p50_task_duration_ms: Measure,
  p95_task_duration_ms: Measure,
  p99_task_duration_ms: Measure,
  average_queue_wait_ms: Measure,
  p95_queue_wait_ms: Measure,
  throughput_per_hour: Type.Number({ description: 'tasks that ended well' }),
  error_rate: OrNull(Type.Number({ description: 'failed of ended tasks, 0-1' })),
  timeout_rate: OrNull(Type.Number({ description: 'timed out of ended tasks, 0-1' })),
  retry_rate: OrNull(Type.Number({ description: 'retries a submitted task' })),
});
export type PeriodStatistics = Static<typeof PeriodStatistics>;

/** One execution of a phase that ended, as the history keeps it. */
export const PhaseExecution = Type.Object({
  phase_id: Type.String(),
  pipeline: Type.String(),
  job_id: Type.String(),
  attempt: Type.Integer(),
  status: OneOf(['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'] as const),
  started_at: OrNull(Time),
  ended_at: OrNull(Time),
  execution_time_ms: Measure,
  cpu_percent: OrNull(Type.Number({ description: 'average, of the whole machine' })),
  memory_mb: OrNull(Type.Number({ description: 'average' })),
  items_done: Measure,
  error_count: Type.Integer(),
  warning_count: Type.Integer(),
});
export type PhaseExecution = Static<typeof PhaseExecution>;

export const TREND_METRICS = [
  'execution_time',
  'memory_usage',
  'cpu_usage',
  'error_count',
] as const;
export type TrendMetric = (typeof TREND_METRICS)[number];

export const PhaseTrend = Type.Object({
  phase_id: Type.String(),
  metric: OneOf(TREND_METRICS),
  unit: Type.String({ description: 'ms, MB, percent or errors' }),
  count: Type.Integer(),
  avg: Measure,
  min: Measure,
  max: Measure,
  p50: Measure,
  p95: Measure,
  trend: Type.Array(Type.Number(), { description: 'the last 20, oldest first' }),
  direction: OneOf(['rising', 'falling', 'steady', 'unknown'] as const),
});
export type PhaseTrend = Static<typeof PhaseTrend>;
