/**
 * What one task adds to its worker, its queue and the statistics of its hours. When an event changes the task, its old
 * share is taken out and its new one put in: so events that come late or shuffled correct what was counted before.
 */
import type { TaskStatus } from '../../protocol/domain.ts';
import type { Entry } from '../../protocol/event.ts';
import { readText } from '../registers.ts';
import type { Touched } from '../touched.ts';
import { type Bucket, bucketAt, countTime } from './bucket.ts';
import type { Tables } from './tables.ts';
import { type TaskState, processingOf, saysOfRun, waitOf } from './task.ts';
import { type WorkerState, countEnd } from './worker.ts';

export interface Context {
  tables: Tables;
  entry: Entry;
  touched: Touched;
}

export interface Share {
  task_id: string;
  status: TaskStatus;
  /** Who started it; a task that waits is nobody's yet. */
  worker_id: string | null;
  queue: string | null;
  submitted_at: number | null;
  started_at: number | null;
  ended_at: number | null;
  wait_ms: number | null;
  processing_ms: number | null;
  timed_out: boolean;
}

export function shareOf(task: TaskState): Share {
  const { status, started_at, ended_at } = task.run;
  return {
    task_id: task.task_id,
    status,
    worker_id: status === 'PENDING' ? null : readText(task.fields, 'worker_id'),
    queue: readText(task.fields, 'queue'),
    submitted_at: task.submitted_at,
    started_at,
    ended_at,
    wait_ms: waitOf(task),
    processing_ms: processingOf(task),
    timed_out: ended_at !== null && saysOfRun(task, 'timed_out'),
  };
}

const OF_WORKER = ['worker_id', 'status', 'ended_at', 'processing_ms', 'timed_out'] as const;
const OF_QUEUE = ['queue', 'status'] as const;
const OF_END = ['status', 'ended_at', 'processing_ms', 'timed_out'] as const;

/** Puts `after` in the place of `before`, wherever they differ; `before` is null for a task that is new. */
export function moveShare(context: Context, before: Share | null, after: Share): void {
  const differs = (keys: readonly (keyof Share)[]) =>
    before === null || keys.some((key) => before[key] !== after[key]);
  const replace = (count: (context: Context, share: Share, amount: 1 | -1) => void) => {
    if (before !== null) count(context, before, -1);
    count(context, after, 1);
  };
  if (differs(OF_QUEUE)) replace(countInQueue);
  if (differs(OF_WORKER)) replace(countAtWorker);
  if (differs(['submitted_at'])) replace(countSubmitted);
  if (differs(['started_at', 'wait_ms'])) replace(countWait);
  if (differs(OF_END)) replace(countEnded);
}

function countInQueue({ tables, entry, touched }: Context, share: Share, amount: 1 | -1): void {
  if (share.queue === null) return;
  const queue = tables.queues.change(share.queue);
  if (queue === null) return;
  if (share.status === 'PENDING') queue.tasks_pending += amount;
  if (share.status === 'PROCESSING') queue.tasks_processing += amount;
  queue.seq = entry.seq;
  touched.queues.add(queue.queue);
}

function countAtWorker(context: Context, share: Share, amount: 1 | -1): void {
  const worker = changedWorker(context, share.worker_id);
  if (worker === null) return;
  worker.tasks += amount;
  if (share.status === 'PROCESSING') worker.processing += amount;
  if (share.ended_at === null) return;
  const failed = share.status === 'FAILED';
  if (failed) worker.failed += amount;
  else worker.completed += amount;
  if (share.timed_out) worker.timed_out += amount;
  worker.processing_ms += (share.processing_ms ?? 0) * amount;
  countEnd(worker, { time: share.ended_at, id: share.task_id, failed }, amount);
}

/** The worker, marked as changed; null when the event names none or there are too many. */
export function changedWorker(
  { tables, entry, touched }: Context,
  worker_id: string | null | undefined,
): WorkerState | null {
  if (worker_id === null || worker_id === undefined) return null;
  const worker = tables.workers.change(worker_id);
  if (worker === null) return null;
  worker.seq = entry.seq;
  touched.workers.add(worker_id);
  return worker;
}

function countSubmitted({ tables }: Context, share: Share, amount: 1 | -1): void {
  inBuckets(tables, share.submitted_at, (bucket) => (bucket.submitted += amount));
}

function countWait({ tables }: Context, share: Share, amount: 1 | -1): void {
  const { wait_ms } = share;
  if (wait_ms === null) return;
  inBuckets(tables, share.started_at, (bucket) => {
    countTime(bucket.wait, wait_ms, amount);
  });
}

function countEnded({ tables }: Context, share: Share, amount: 1 | -1): void {
  const { status, processing_ms, timed_out } = share;
  inBuckets(tables, share.ended_at, (bucket) => {
    bucket[status === 'FAILED' ? 'failed' : 'completed'] += amount;
    if (timed_out) bucket.timed_out += amount;
    if (processing_ms !== null) countTime(bucket.processing, processing_ms, amount);
  });
}

/** Calls `count` with every bucket that `time` belongs to: its minute, its hour, its day, and all time. */
export function inBuckets(
  { periods, totals }: Tables,
  time: number | null,
  count: (bucket: Bucket) => void,
): void {
  if (time === null) return;
  for (const { table, width_ms } of periods) {
    const bucket = bucketAt(table, width_ms, time);
    if (bucket !== null) count(bucket);
  }
  const all = totals.change('all');
  if (all !== null) count(all);
}
