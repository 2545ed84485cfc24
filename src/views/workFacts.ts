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
  conditionWord,
  oldestWait,
  taskTimes,
  taskWord,
  transferRate,
  workerCondition,
} from '../../service/protocol/describeWorkers.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../../service/protocol/domain.ts';
import { numeral } from '../../service/protocol/intl.ts';

export type Fact = [name: string, value: string];
const MOST_EXTRA = 10;

export function workerFacts(worker: WorkerRecord): Fact[] {
  return known([
    [t('State'), conditionWord(workerCondition(worker))],
    [t('Why'), worker.health_reason],
    [t('Kind'), worker.kind],
    [t('Host'), worker.host],
    [t('Last heartbeat'), worker.last_heartbeat && exactTime(worker.last_heartbeat)],
    [t('Offline since'), worker.offline_since && exactTime(worker.offline_since)],
    [t('Registered'), worker.registered_at && exactTime(worker.registered_at)],
    [t('Active tasks'), numeral(worker.active_tasks)],
    [t('Completed tasks'), numeral(worker.completed_tasks)],
    [t('Failed tasks'), numeral(worker.failed_tasks)],
    [t('Average task'), show(worker.average_task_ms, duration)],
    [t('Busy in all'), duration(worker.total_processing_ms)],
    ...machineFacts(worker),
    [t('Errors'), numeral(worker.error_count)],
    [t('Time-outs'), numeral(worker.timeout_count)],
    [t('Failures in a row'), positive(worker.consecutive_failures)],
    ...labelFacts(worker.labels),
    ...extraFacts(worker.extra),
  ]);
}

type Maybe = [name: string, value: string | null];

function machineFacts(worker: WorkerRecord): Maybe[] {
  return [
    [t('CPU'), show(worker.cpu_percent, percent)],
    [t('Memory'), show(worker.memory_mb, memory)],
    [t('GPU'), show(worker.gpu_percent, percent)],
    [t('GPU memory'), show(worker.gpu_memory_mb, memory)],
    [t('Disk'), show(worker.disk_percent, percent)],
    [t('Disk read'), show(worker.disk_read_mb_s, transferRate)],
    [t('Disk written'), show(worker.disk_write_mb_s, transferRate)],
    [t('Network in'), show(worker.net_in_mb_s, transferRate)],
    [t('Network out'), show(worker.net_out_mb_s, transferRate)],
    [t('Latency between processes'), show(worker.ipc_latency_ms, duration)],
    [t('Latency'), show(worker.latency_ms, duration)],
    [t('Transferred'), show(worker.bytes_transferred, bytes)],
  ];
}

export function taskFacts(task: TaskRecord, now: number): Fact[] {
  const { wait, processing, total } = taskTimes(task, now);
  return known([
    [t('State'), taskWord(task.status)],
    [t('Error'), task.error && errorLine(task.error)],
    [t('Job'), task.job_id],
    [t('Phase'), task.phase_id],
    [t('Worker'), task.worker_id],
    [t('Queue'), task.queue],
    [t('Content'), task.content_type],
    [t('Waited'), show(wait, duration)],
    [t('Processing'), show(processing, duration)],
    [t('In all'), show(total, duration)],
    [t('Submitted'), task.submitted_at && exactTime(task.submitted_at)],
    [t('Started'), task.started_at && exactTime(task.started_at)],
    [t('Ended'), task.completed_at && exactTime(task.completed_at)],
    [t('Retries'), positive(task.retry_count)],
    [t('Timed out'), task.timed_out ? t('yes') : null],
    [t('Degraded'), task.degraded ? t('yes') : null],
    [t('Confidence'), show(task.confidence, (value) => percent(value * 100))],
    [t('Input'), show(task.input_bytes, bytes)],
    [t('Output'), show(task.output_bytes, bytes)],
    [t('CPU time'), show(task.cpu_ms, duration)],
    [t('GPU time'), show(task.gpu_ms, duration)],
    [t('Memory at most'), show(task.memory_peak_mb, memory)],
    ...labelFacts(task.labels),
    ...extraFacts(task.extra),
  ]);
}

export function queueFacts(queue: QueueRecord, now: number): Fact[] {
  const tasks = (n: number): string => count(n, t('{0} task'), t('{0} tasks'));
  return known([
    [t('Kind'), queue.kind],
    [t('Pending'), queue.pending === null ? null : numeral(queue.pending)],
    [t('Oldest waits'), show(oldestWait(queue, now), duration)],
    [t('Last sample'), queue.sampled_at && exactTime(queue.sampled_at)],
    [t('Known to wait'), tasks(queue.tasks_pending)],
    [t('Known to run'), tasks(queue.tasks_processing)],
  ]);
}

function labelFacts(labels: Readonly<Record<string, string>>): Maybe[] {
  return Object.entries(labels).map(([name, value]) => [t('Label {0}', name), value]);
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
  return value > 0 ? numeral(value) : null;
}

function known(facts: Maybe[]): Fact[] {
  return facts.filter((fact): fact is Fact => fact[1] !== null && fact[1] !== '');
}
