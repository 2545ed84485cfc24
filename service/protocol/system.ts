/** The whole system in numbers (the reference document's system metrics), and the document that shows all at once. */
import { type Static, Type } from '@sinclair/typebox';
import { PeriodStatistics, TaskRecord, WorkerRecord } from './domain.ts';
import { AlertRecord } from './record.ts';
import { OrNull, Time } from './schema.ts';

const Measure = OrNull(Type.Number());
const Count = Type.Integer();

export const SystemMetrics = Type.Object({
  time: Time,
  total_workers: Count,
  online_workers: Count,
  offline_workers: Count,
  stopped_workers: Count,
  healthy_workers: Count,
  gpu_workers: Count,
  cpu_workers: Count,
  hybrid_workers: Count,
  /** Tasks that are still known; what retention took is in the statistics. */
  total_tasks: Count,
  pending_tasks: Count,
  processing_tasks: Count,
  completed_tasks: Count,
  failed_tasks: Count,
  /** Waiting tasks, by the kind of their queue; `any_queue_size` is of all queues. */
  gpu_queue_size: Type.Number(),
  cpu_queue_size: Type.Number(),
  fallback_queue_size: Type.Number(),
  any_queue_size: Type.Number(),
  queue_sizes: Type.Record(Type.String(), Type.Number(), { description: 'by queue' }),
  statistics_from: Type.String({
    format: 'date-time',
    description: 'about an hour ago: durations, throughput and rates count from it',
  }),
  average_task_duration_ms: OrNull(
    Type.Number({ description: 'of ended tasks, completed and failed: started to ended' }),
  ),
  average_queue_wait_ms: Measure,
  throughput_per_hour: Type.Number({ description: 'tasks that ended well' }),
  average_cpu_percent: OrNull(Type.Number({ description: 'of the online workers' })),
  total_memory_mb: OrNull(Type.Number({ description: 'of the online workers together' })),
  average_gpu_percent: OrNull(Type.Number({ description: 'of the online workers that have one' })),
  total_gpu_memory_mb: Measure,
  error_rate: OrNull(Type.Number({ description: 'failed of ended tasks, 0-1' })),
  timeout_rate: OrNull(Type.Number({ description: 'timed out of ended tasks, 0-1' })),
  retry_rate: OrNull(Type.Number({ description: 'retries a submitted task' })),
});
export type SystemMetrics = Static<typeof SystemMetrics>;

/** Most workers and alerts of one document: `truncated` says when there are more; their routes have all. */
export const DASHBOARD_ROWS = 500;
export const RECENT_TASKS = 50;

export const DashboardDocument = Type.Object({
  time: Time,
  system_metrics: SystemMetrics,
  worker_metrics: Type.Array(WorkerRecord, { maxItems: DASHBOARD_ROWS }),
  recent_tasks: Type.Array(TaskRecord, { maxItems: RECENT_TASKS }),
  active_alerts: Type.Array(AlertRecord, { maxItems: DASHBOARD_ROWS }),
  hourly_stats: Type.Array(PeriodStatistics, { description: 'the last 24 hours, oldest first' }),
  daily_stats: Type.Array(PeriodStatistics, { description: 'the last 30 days, oldest first' }),
  truncated: Type.Boolean({ description: 'true when there are more workers or alerts' }),
});
export type DashboardDocument = Static<typeof DashboardDocument>;
