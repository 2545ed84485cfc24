/**
 * What one task adds to its worker, its queue and the statistics of its hours. When an event changes the task, its old
 * share is taken out and its new one put in: so events that come late or shuffled correct what was counted before.
 */
import type { TaskStatus } from '../../protocol/states.ts';
import type { Entry } from '../../protocol/event.ts';
import { readText } from '../registers.ts';
import type { Touched } from '../touched.ts';
import { type Bucket, countTime } from './bucket.ts';
import { isForgottenQueue } from './queue.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';
import { type TaskState, processingOf, saysOfRun, waitOf } from './task.ts';
import { countEnd, isForgottenWorker } from './worker.ts';

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

type Count = (context: Context, share: Share, amount: 1 | -1) => void;

/** What counts where, and the fields of a share it follows from. */
const COUNTS: readonly [Count, readonly (keyof Share)[]][] = [
  [countInQueue, ['queue', 'status']],
  [countAtWorker, ['worker_id', 'status', 'ended_at', 'processing_ms', 'timed_out']],
  [countSubmitted, ['submitted_at']],
  [countWait, ['started_at', 'wait_ms']],
  [countEnded, ['status', 'ended_at', 'processing_ms', 'timed_out']],
];

/** Puts `after` in the place of `before`, wherever they differ; `before` is null for a task that is new. */
export function moveShare(context: Context, before: Share | null, after: Share): void {
  for (const [count, keys] of COUNTS) {
    if (before !== null && keys.every((key) => before[key] === after[key])) continue;
    if (before !== null) count(context, before, -1);
    count(context, after, 1);
  }
  if (before !== null) forgetNamed(context.tables, before);
}

/** A queue or worker that was only taken for the task's leaves with it. */
function forgetNamed({ queues, workers }: Tables, { queue, worker_id }: Share): void {
  const left = queue === null ? undefined : queues.get(queue);
  if (left && isForgottenQueue(left)) queues.delete(left.queue);
  const worker = worker_id === null ? undefined : workers.get(worker_id);
  if (worker && isForgottenWorker(worker)) workers.delete(worker.worker_id);
}

function countInQueue({ tables, entry, touched }: Context, share: Share, amount: 1 | -1): void {
  const queue = countedRow(tables.queues, share.queue, amount);
  if (queue === null) return;
  add(queue, 'tasks', amount);
  if (share.status === 'PENDING') add(queue, 'tasks_pending', amount);
  if (share.status === 'PROCESSING') add(queue, 'tasks_processing', amount);
  queue.seq = entry.seq;
  touched.queues.add(queue.queue);
}

function countAtWorker(context: Context, share: Share, amount: 1 | -1): void {
  const { tables, entry, touched } = context;
  const worker = countedRow(tables.workers, share.worker_id, amount);
  if (worker === null) return;
  worker.seq = entry.seq;
  touched.workers.add(worker.worker_id);
  add(worker, 'tasks', amount);
  if (share.status === 'PROCESSING') add(worker, 'processing', amount);
  if (share.ended_at === null) return;
  const failed = share.status === 'FAILED';
  add(worker, failed ? 'failed' : 'completed', amount);
  if (share.timed_out) add(worker, 'timed_out', amount);
  add(worker, 'processing_ms', (share.processing_ms ?? 0) * amount);
  countEnd(worker, { time: share.ended_at, id: share.task_id, failed }, amount);
}

/** The row to count in; what a full table refused has nothing to be taken out of. */
function countedRow<S>(table: Table<S>, id: string | null, amount: 1 | -1): S | null {
  if (id === null || (amount === -1 && table.get(id) === undefined)) return null;
  return table.change(id);
}

/** A row that was refused first and taken later has seen no beginning: it never falls below 0. */
function add<K extends string>(row: Record<K, number>, key: K, amount: number): void {
  row[key] = Math.max(0, row[key] + amount);
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
  for (const buckets of periods) {
    const bucket = buckets.at(time);
    if (bucket !== null) count(bucket);
  }
  const all = totals.change('all');
  if (all !== null) count(all);
}
