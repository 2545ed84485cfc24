/** Words for workers, their tasks and their queues, as people read them on every surface. */
import { t } from '@vscode/l10n';
import { count, duration, errorLine, memory, percent, relativeTime, UNKNOWN } from './describe.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from './domain.ts';
import { numeral, tenths } from './intl.ts';
import type { TaskStatus } from './states.ts';

/** What a person has to know about a worker first, worst first. */
export const WORKER_CONDITIONS = ['offline', 'unhealthy', 'online', 'stopped'] as const;
export type WorkerCondition = (typeof WORKER_CONDITIONS)[number];

const CONDITION_WORDS: Record<WorkerCondition, () => string> = {
  offline: () => t('offline'),
  unhealthy: () => t('unhealthy'),
  online: () => t('online'),
  stopped: () => t('stopped'),
};

export function conditionWord(condition: WorkerCondition): string {
  return CONDITION_WORDS[condition]();
}

export function workerCondition(worker: WorkerRecord): WorkerCondition {
  if (worker.state === 'STOPPED') return 'stopped';
  if (worker.state === 'OFFLINE') return 'offline';
  return worker.is_healthy ? 'online' : 'unhealthy';
}

/** A length of time at a glance: `40 s`, `12 min`, `3 h`, `5 days`. */
export function roughly(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return count(Math.floor(seconds / 86_400), t('{0} day'), t('{0} days'));
}

/**
 * The description of a worker's row: `online · gpu · 3 active · CPU 62 % · 3.2 GB`. `grouped`: it stands below a row that
 * says "online" for all of them.
 */
export function workerDescription(worker: WorkerRecord, now: number, grouped = false): string {
  const saysMore = !grouped || workerCondition(worker) !== 'online';
  const parts = saysMore ? [workerState(worker, now)] : [];
  if (worker.kind !== null) parts.push(worker.kind);
  // What a worker that is away did last says nothing about now.
  if (worker.state !== 'ONLINE') return parts.join(' · ');
  parts.push(worker.active_tasks > 0 ? t('{0} active', numeral(worker.active_tasks)) : t('idle'));
  if (worker.cpu_percent !== null) parts.push(t('CPU {0}', percent(worker.cpu_percent)));
  if (worker.memory_mb !== null) parts.push(memory(worker.memory_mb));
  return parts.join(' · ');
}

function workerState(worker: WorkerRecord, now: number): string {
  const condition = workerCondition(worker);
  const since = worker.offline_since ?? worker.last_heartbeat;
  if (condition === 'stopped' && since !== null) return t('stopped {0}', relativeTime(since, now));
  if (condition === 'offline') {
    return since === null
      ? conditionWord(condition)
      : t('offline for {0}', roughly(now - Date.parse(since)));
  }
  const failures = worker.consecutive_failures;
  if (condition === 'unhealthy' && failures > 0)
    return count(
      failures,
      t('unhealthy, {0} failure in a row'),
      t('unhealthy, {0} failures in a row'),
    );
  return conditionWord(condition);
}

/** `2 workers offline, 1 unhealthy`; empty when every worker is well. */
export function workersInTrouble(workers: Iterable<WorkerRecord>): { total: number; text: string } {
  const found = { offline: 0, unhealthy: 0 };
  for (const worker of workers) {
    const condition = workerCondition(worker);
    if (condition === 'offline' || condition === 'unhealthy') found[condition] += 1;
  }
  const { offline, unhealthy } = found;
  const total = offline + unhealthy;
  if (offline === 0 && unhealthy === 0) return { total, text: '' };
  if (offline === 0)
    return { total, text: count(unhealthy, t('{0} worker unhealthy'), t('{0} workers unhealthy')) };
  if (unhealthy === 0)
    return { total, text: count(offline, t('{0} worker offline'), t('{0} workers offline')) };
  const text = count(
    offline,
    t('{0} worker offline, {1} unhealthy'),
    t('{0} workers offline, {1} unhealthy'),
    numeral(unhealthy),
  );
  return { total, text };
}

const TASK_WORDS: Record<TaskStatus, () => string> = {
  PENDING: () => t('waiting'),
  PROCESSING: () => t('running'),
  COMPLETED: () => t('completed'),
  FAILED: () => t('failed'),
};

export function taskWord(status: TaskStatus): string {
  return TASK_WORDS[status]();
}

export function isActiveTask(task: TaskRecord): boolean {
  return task.status === 'PENDING' || task.status === 'PROCESSING';
}

/** Milliseconds of a task, counted to `now` where it has not ended; null where a time is not known. */
export interface TaskTimes {
  wait: number | null;
  processing: number | null;
  total: number | null;
}

export function taskTimes(task: TaskRecord, now: number): TaskTimes {
  const since = (time: string | null): number | null =>
    time === null ? null : Math.max(0, now - Date.parse(time));
  const { status, wait_ms: wait, processing_ms: processing, total_ms: total } = task;
  if (status === 'PENDING') {
    const waited = since(task.submitted_at);
    return { wait: waited, processing: null, total: waited };
  }
  if (status === 'PROCESSING')
    return { wait, processing: since(task.started_at), total: since(task.submitted_at) };
  return { wait, processing, total };
}

/**
 * The description of a task's row: `running 12.4 s · waited 840 ms`, `completed in 3.1 s · waited 840 ms · 3.9 s in all`,
 * `failed after 3.1 s · waited 840 ms · 3.9 s in all · ValueError: no such row`.
 */
export function taskDescription(task: TaskRecord, now: number): string {
  const { wait, processing, total } = taskTimes(task, now);
  if (task.status === 'PENDING') return joined(taskState(task, wait), attempts(task));
  const state = taskState(task, processing);
  const waited = wait === null ? '' : t('waited {0}', duration(wait));
  if (task.status === 'PROCESSING') return joined(state, waited, attempts(task));
  const inAll = total === null || wait === null ? '' : t('{0} in all', duration(total));
  const error = task.error ? errorLine(task.error) : '';
  return joined(state, error, waited, inAll, task.timed_out ? t('timed out') : '', attempts(task));
}

const TIMED_TASK_WORDS: Record<TaskStatus, (took: string) => string> = {
  PENDING: (took) => t('waiting for {0}', took),
  PROCESSING: (took) => t('running {0}', took),
  COMPLETED: (took) => t('completed in {0}', took),
  FAILED: (took) => t('failed after {0}', took),
};

function taskState({ status }: TaskRecord, ms: number | null): string {
  return ms === null ? taskWord(status) : TIMED_TASK_WORDS[status](duration(ms));
}

function attempts({ retry_count: retries }: TaskRecord): string {
  return retries > 0 ? count(retries, t('{0} retry'), t('{0} retries')) : '';
}

/** How many tasks wait in a queue: as its owner told last, else those that named it. */
export function queuePending(queue: QueueRecord): number {
  return queue.pending ?? queue.tasks_pending;
}

/** Milliseconds that its oldest task has waited at `now`, epoch milliseconds; null where that is not known. */
export function oldestWait(
  { oldest_wait_ms, waiting_since }: QueueRecord,
  now: number,
): number | null {
  return waiting_since === null ? oldest_wait_ms : Math.max(0, now - Date.parse(waiting_since));
}

/** The description of a queue's row: `12 pending · 3 running · oldest waits 3m 05s · gpu`. */
export function queueDescription(queue: QueueRecord, now: number): string {
  const wait = oldestWait(queue, now);
  const running = queue.tasks_processing;
  return joined(
    t('{0} pending', numeral(queuePending(queue))),
    running > 0 ? t('{0} running', numeral(running)) : '',
    wait === null ? '' : t('oldest waits {0}', duration(wait)),
    queue.kind ?? '',
  );
}

/** `12.4 MB/s`, `0.3 MB/s`. */
export function transferRate(mbPerSecond: number | null): string {
  if (mbPerSecond === null) return UNKNOWN;
  return `${mbPerSecond < 10 ? tenths(mbPerSecond) : numeral(Math.round(mbPerSecond))} MB/s`;
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
