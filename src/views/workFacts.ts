/** What the hovers of the Workers view say: every number with its unit, nothing that is not known. */
import { t } from '@vscode/l10n';
import {
  bytes,
  count,
  duration,
  errorLine,
  exactTime,
  memory,
  percent,
} from '../../service/protocol/describe.ts';
import {
  taskTimes,
  taskWord,
  transferRate,
  workerCondition,
} from '../../service/protocol/describeWorkers.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../../service/protocol/domain.ts';

export type Fact = [name: string, value: string];
const MOST_EXTRA = 10;

export function workerFacts(worker: WorkerRecord): Fact[] {
  return known([
    ['State', workerCondition(worker)],
    ['Why', worker.health_reason],
    ['Kind', worker.kind],
    ['Host', worker.host],
    ['Last heartbeat', worker.last_heartbeat && exactTime(worker.last_heartbeat)],
    ['Offline since', worker.offline_since && exactTime(worker.offline_since)],
    ['Registered', worker.registered_at && exactTime(worker.registered_at)],
    ['Active tasks', worker.active_tasks.toLocaleString()],
    ['Completed tasks', worker.completed_tasks.toLocaleString()],
    ['Failed tasks', worker.failed_tasks.toLocaleString()],
    ['Average task', show(worker.average_task_ms, duration)],
    ['Busy in all', duration(worker.total_processing_ms)],
    ...machineFacts(worker),
    ['Errors', worker.error_count.toLocaleString()],
    ['Time-outs', worker.timeout_count.toLocaleString()],
    ['Failures in a row', positive(worker.consecutive_failures)],
    ...labelFacts(worker.labels),
    ...extraFacts(worker.extra),
  ]);
}

type Maybe = [name: string, value: string | null];

function machineFacts(worker: WorkerRecord): Maybe[] {
  return [
    ['CPU', show(worker.cpu_percent, percent)],
    ['Memory', show(worker.memory_mb, memory)],
    ['GPU', show(worker.gpu_percent, percent)],
    ['GPU memory', show(worker.gpu_memory_mb, memory)],
    ['Disk', show(worker.disk_percent, percent)],
    ['Disk read', show(worker.disk_read_mb_s, transferRate)],
    ['Disk written', show(worker.disk_write_mb_s, transferRate)],
    ['Network in', show(worker.net_in_mb_s, transferRate)],
    ['Network out', show(worker.net_out_mb_s, transferRate)],
    ['Latency between processes', show(worker.ipc_latency_ms, duration)],
    ['Latency', show(worker.latency_ms, duration)],
    ['Transferred', show(worker.bytes_transferred, bytes)],
  ];
}

export function taskFacts(task: TaskRecord, now: number): Fact[] {
  const { wait, processing, total } = taskTimes(task, now);
  return known([
    ['State', taskWord(task.status)],
    ['Error', task.error && errorLine(task.error)],
    ['Job', task.job_id],
    ['Phase', task.phase_id],
    ['Worker', task.worker_id],
    ['Queue', task.queue],
    ['Content', task.content_type],
    ['Waited', show(wait, duration)],
    ['Processing', show(processing, duration)],
    ['In all', show(total, duration)],
    ['Submitted', task.submitted_at && exactTime(task.submitted_at)],
    ['Started', task.started_at && exactTime(task.started_at)],
    ['Ended', task.completed_at && exactTime(task.completed_at)],
    ['Retries', positive(task.retry_count)],
    ['Timed out', task.timed_out ? 'yes' : null],
    ['Degraded', task.degraded ? 'yes' : null],
    ['Confidence', show(task.confidence, (value) => percent(value * 100))],
    ['Input', show(task.input_bytes, bytes)],
    ['Output', show(task.output_bytes, bytes)],
    ['CPU time', show(task.cpu_ms, duration)],
    ['GPU time', show(task.gpu_ms, duration)],
    ['Memory at most', show(task.memory_peak_mb, memory)],
    ...labelFacts(task.labels),
    ...extraFacts(task.extra),
  ]);
}

export function queueFacts(queue: QueueRecord): Fact[] {
  const tasks = (n: number): string => count(n, t('{0} task'), t('{0} tasks'));
  return known([
    ['Kind', queue.kind],
    ['Pending', queue.pending === null ? null : queue.pending.toLocaleString()],
    ['Oldest waits', show(queue.oldest_wait_ms, duration)],
    ['Last sample', queue.sampled_at && exactTime(queue.sampled_at)],
    ['Known to wait', tasks(queue.tasks_pending)],
    ['Known to run', tasks(queue.tasks_processing)],
  ]);
}

function labelFacts(labels: Readonly<Record<string, string>>): Maybe[] {
  return Object.entries(labels).map(([name, value]) => [`Label ${name}`, value]);
}

function extraFacts(extra: Readonly<Record<string, unknown>>): Maybe[] {
  return Object.entries(extra)
    .slice(0, MOST_EXTRA)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

function show(value: number | null, words: (value: number) => string): string | null {
  return value === null ? null : words(value);
}

function positive(value: number): string | null {
  return value > 0 ? value.toLocaleString() : null;
}

function known(facts: Maybe[]): Fact[] {
  return facts.filter((fact): fact is Fact => fact[1] !== null && fact[1] !== '');
}
