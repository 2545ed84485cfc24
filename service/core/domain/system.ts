/** The whole system in numbers, from the records of workers, queues and hours. Pure. */
import type {
  PeriodStatistics,
  QueueRecord,
  TaskStatus,
  WorkerRecord,
} from '../../protocol/domain.ts';
import type { SystemMetrics } from '../../protocol/system.ts';
import { timeText } from '../view.ts';

export const HOUR_MS = 3_600_000;

export interface SystemParts {
  /** Epoch milliseconds. */
  now: number;
  workers: readonly WorkerRecord[];
  queues: readonly QueueRecord[];
  tasks: Readonly<Record<TaskStatus, number>>;
  /** Statistics of this hour and the one before it. */
  hours: readonly PeriodStatistics[];
}

/** Begin of the hour before that of `now`: rates of one hour alone would say nothing when it has just begun. */
export function statisticsBegin(now: number): number {
  return Math.floor(now / HOUR_MS) * HOUR_MS - HOUR_MS;
}

export function systemMetrics({ now, workers, queues, tasks, hours }: SystemParts): SystemMetrics {
  return {
    time: timeText(now),
    ...workerCounts(workers),
    total_tasks: tasks.PENDING + tasks.PROCESSING + tasks.COMPLETED + tasks.FAILED,
    pending_tasks: tasks.PENDING,
    processing_tasks: tasks.PROCESSING,
    completed_tasks: tasks.COMPLETED,
    failed_tasks: tasks.FAILED,
    ...queueSizes(queues),
    ...rates(hours, now),
    ...resources(workers.filter(({ is_online }) => is_online)),
  };
}

function workerCounts(workers: readonly WorkerRecord[]) {
  const count = (matches: (worker: WorkerRecord) => boolean) => workers.filter(matches).length;
  return {
    total_workers: workers.length,
    online_workers: count(({ state }) => state === 'ONLINE'),
    offline_workers: count(({ state }) => state === 'OFFLINE'),
    stopped_workers: count(({ state }) => state === 'STOPPED'),
    healthy_workers: count(({ is_healthy }) => is_healthy),
    gpu_workers: count(({ kind }) => kind === 'gpu'),
    cpu_workers: count(({ kind }) => kind === 'cpu'),
    hybrid_workers: count(({ kind }) => kind === 'hybrid'),
  };
}

function queueSizes(queues: readonly QueueRecord[]) {
  const sizes = queues.map((queue) => ({
    name: queue.queue,
    kind: queueKind(queue),
    size: queue.pending ?? queue.tasks_pending,
  }));
  const ofKind = (wanted: string) =>
    sum(sizes.map(({ kind, size }) => (kind === wanted ? size : 0)));
  return {
    gpu_queue_size: ofKind('gpu'),
    cpu_queue_size: ofKind('cpu'),
    fallback_queue_size: ofKind('fallback'),
    any_queue_size: sum(sizes.map(({ size }) => size)),
    queue_sizes: Object.fromEntries(sizes.map(({ name, size }) => [name, size])),
  };
}

/** The kind it was sampled with; else what its name says, as in the reference document. */
function queueKind({ kind, queue }: QueueRecord): string | null {
  if (kind !== null) return kind;
  const name = queue.toLowerCase();
  return ['gpu', 'cpu', 'fallback'].find((one) => name.includes(one)) ?? null;
}

function rates(hours: readonly PeriodStatistics[], now: number) {
  const total = (
    field:
      'tasks_submitted' | 'tasks_completed' | 'tasks_failed' | 'tasks_retried' | 'tasks_timed_out',
  ) => sum(hours.map((hour) => hour[field]));
  const ended = total('tasks_completed') + total('tasks_failed');
  const from = statisticsBegin(now);
  return {
    statistics_from: timeText(from),
    average_task_duration_ms: mean(hours, 'average_task_duration_ms'),
    average_queue_wait_ms: mean(hours, 'average_queue_wait_ms'),
    throughput_per_hour: (total('tasks_completed') * HOUR_MS) / (now - from),
    error_rate: ratio(total('tasks_failed'), ended),
    timeout_rate: ratio(total('tasks_timed_out'), ended),
    retry_rate: ratio(total('tasks_retried'), total('tasks_submitted')),
  };
}

/** Of hours with different numbers of ended tasks. */
function mean(
  hours: readonly PeriodStatistics[],
  field: 'average_task_duration_ms' | 'average_queue_wait_ms',
): number | null {
  let weighted = 0;
  let weights = 0;
  for (const hour of hours) {
    const value = hour[field];
    const weight = hour.tasks_completed + hour.tasks_failed;
    if (value === null || weight === 0) continue;
    weighted += value * weight;
    weights += weight;
  }
  return ratio(weighted, weights);
}

function resources(online: readonly WorkerRecord[]) {
  const known = (field: 'cpu_percent' | 'memory_mb' | 'gpu_percent' | 'gpu_memory_mb') =>
    online.flatMap((worker) => worker[field] ?? []);
  const total = (values: readonly number[]) => (values.length === 0 ? null : sum(values));
  const average = (values: readonly number[]) => ratio(sum(values), values.length);
  return {
    average_cpu_percent: average(known('cpu_percent')),
    total_memory_mb: total(known('memory_mb')),
    average_gpu_percent: average(known('gpu_percent')),
    total_gpu_memory_mb: total(known('gpu_memory_mb')),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
