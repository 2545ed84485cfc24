/** The whole system in numbers, from workers, queues, tasks and the statistics of the last hour. Pure. */
import type { QueueRecord, WorkerRecord } from '../../protocol/domain.ts';
import type { TaskStatus } from '../../protocol/states.ts';
import type { SystemMetrics } from '../../protocol/system.ts';
import { timeText } from '../view.ts';
import type { Bucket } from './bucket.ts';
import { queueRecords, workerRecords } from './queries.ts';
import { HOUR_MS, MINUTE_MS, type Tables } from './tables.ts';
import { meanOf } from './values.ts';

/** `now` is epoch milliseconds. */
export function systemMetrics(tables: Tables, now: number): SystemMetrics {
  const workers = workerRecords(tables);
  return {
    time: timeText(now),
    ...workerCounts(workers),
    ...taskCounts(tables),
    ...queueSizes(queueRecords(tables)),
    ...rates(tables, now),
    ...resources(workers.filter(({ is_online }) => is_online)),
  };
}

function taskCounts({ tasks }: Tables) {
  const counts: Record<TaskStatus, number> = { PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0 };
  for (const { run } of tasks.rows.values()) counts[run.status]++;
  return {
    total_tasks: tasks.rows.size,
    pending_tasks: counts.PENDING,
    processing_tasks: counts.PROCESSING,
    completed_tasks: counts.COMPLETED,
    failed_tasks: counts.FAILED,
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

/** Begin of the 59 whole minutes before this one. */
function hourBegin(now: number): number {
  return Math.floor(now / MINUTE_MS) * MINUTE_MS - HOUR_MS + MINUTE_MS;
}

/** Counts of tasks over minutes: what ended well, what failed, and sums of times. */
export interface TaskSums {
  submitted: number;
  completed: number;
  failed: number;
  retried: number;
  timed_out: number;
  processing_ms: number;
  processed: number;
  wait_ms: number;
  waited: number;
}

/** Sums of the minutes that overlap from <= time < to (epoch milliseconds); minutes are kept for 24 hours. */
export function taskSums(
  { minutes }: Tables,
  { from, to }: { from: number; to: number },
): TaskSums {
  const sums: TaskSums = {
    ...{ submitted: 0, completed: 0, failed: 0, retried: 0, timed_out: 0 },
    ...{ processing_ms: 0, processed: 0, wait_ms: 0, waited: 0 },
  };
  for (const minute of minutes.rows.values())
    if (minute.begin + MINUTE_MS > from && minute.begin < to) addMinute(sums, minute);
  return sums;
}

function addMinute(sums: TaskSums, minute: Bucket): void {
  for (const key of ['submitted', 'completed', 'failed', 'retried', 'timed_out'] as const)
    sums[key] += minute[key];
  sums.processing_ms += minute.processing.sum;
  sums.processed += minute.processing.values.count;
  sums.wait_ms += minute.wait.sum;
  sums.waited += minute.wait.values.count;
}

function rates(tables: Tables, now: number) {
  const from = hourBegin(now);
  const sums = taskSums(tables, { from, to: now + 1 });
  const ended = sums.completed + sums.failed;
  return {
    statistics_from: timeText(from),
    average_task_duration_ms: meanOf(sums.processing_ms, sums.processed),
    average_queue_wait_ms: meanOf(sums.wait_ms, sums.waited),
    throughput_per_hour: (sums.completed * HOUR_MS) / (now - from),
    error_rate: meanOf(sums.failed, ended),
    timeout_rate: meanOf(sums.timed_out, ended),
    retry_rate: meanOf(sums.retried, sums.submitted),
  };
}

function resources(online: readonly WorkerRecord[]) {
  const known = (field: 'cpu_percent' | 'memory_mb' | 'gpu_percent' | 'gpu_memory_mb') =>
    online.flatMap((worker) => worker[field] ?? []);
  const total = (values: readonly number[]) => (values.length === 0 ? null : sum(values));
  const average = (values: readonly number[]) => meanOf(sum(values), values.length);
  return {
    average_cpu_percent: average(known('cpu_percent')),
    total_memory_mb: total(known('memory_mb')),
    average_gpu_percent: average(known('gpu_percent')),
    total_gpu_memory_mb: total(known('gpu_memory_mb')),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
