/** The topic `workers`: workers, queues and tasks, as frames have them. */
import type { Domain } from '../core/domain/domain.ts';
import {
  findTask,
  findWorker,
  queueRecords,
  taskRecords,
  workerRecords,
} from '../core/domain/queries.ts';
import type { Touched } from '../core/touched.ts';
import type { Table } from '../core/domain/table.ts';
import type { TaskRecord, WorkerRecord } from '../protocol/domain.ts';
import type { RecordsFrame, Removed } from '../protocol/frame.ts';
import type { Gone } from './tombstones.ts';

/** How many workers a window starts with, those that are online first; the others are a question of REST. */
export const FIRST_WORKERS = 1000;
/** Tasks that have not ended, the newest first, and the newest of the others. */
export const FIRST_ACTIVE_TASKS = 1000;
export const FIRST_TASKS = 200;

/** Adds what was touched. */
export function addWorkerChange(frame: RecordsFrame, domain: Domain, touched: Touched): void {
  const { workers, tasks, queues } = touched;
  if (workers.size > 0) frame.workers = found(workers, (id) => findWorker(domain, id));
  if (tasks.size > 0) frame.tasks = found(tasks, (id) => findTask(domain, id));
  if (queues.size > 0) frame.queues = queueRecords(domain).filter(({ queue }) => queues.has(queue));
  addTotals(frame, domain);
}

function found<T>(ids: Iterable<string>, find: (id: string) => T | null): T[] {
  const records: T[] = [];
  for (const id of ids) {
    const record = find(id);
    if (record !== null) records.push(record);
  }
  return records;
}

/** Adds what changed after `since`; when `since` is 0, what a window starts with. */
export function addWorkerState(frame: RecordsFrame, domain: Domain, since: number): void {
  const { workers, tasks, queues } = domain;
  const changed = <T extends { seq: number }>(table: Table<T>) =>
    [...table.rows].flatMap(([id, { seq }]) => (seq > since ? [id] : []));
  frame.workers =
    since === 0 ? firstWorkers(domain) : found(changed(workers), (id) => findWorker(domain, id));
  frame.tasks =
    since === 0 ? firstTasks(domain) : found(changed(tasks), (id) => findTask(domain, id));
  const changedQueues = new Set(changed(queues));
  frame.queues = queueRecords(domain).filter(({ queue }) => changedQueues.has(queue));
  addTotals(frame, domain);
}

function addTotals(frame: RecordsFrame, { workers, tasks }: Domain): void {
  frame.workers_total = workers.rows.size;
  frame.tasks_total = tasks.rows.size;
}

/** True when starting anew is less than what the frame holds. */
export function isMoreThanFirst({ workers = [], tasks = [] }: RecordsFrame): boolean {
  return workers.length > FIRST_WORKERS || tasks.length > FIRST_ACTIVE_TASKS + FIRST_TASKS;
}

export function workerRemovals(domain: Domain, gone: Gone): Removed[] {
  const removed: Removed[] = [];
  for (const worker_id of gone.removedWorkers)
    if (findWorker(domain, worker_id) === null) removed.push({ kind: 'worker', worker_id });
  for (const task_id of gone.removedTasks)
    if (findTask(domain, task_id) === null) removed.push({ kind: 'task', task_id });
  return removed;
}

function firstWorkers(domain: Domain): WorkerRecord[] {
  const workers = workerRecords(domain);
  if (workers.length <= FIRST_WORKERS) return workers;
  return workers
    .sort((a, b) => Number(b.is_online) - Number(a.is_online) || b.seq - a.seq)
    .slice(0, FIRST_WORKERS);
}

function firstTasks(domain: Domain): TaskRecord[] {
  return [
    ...taskRecords(domain, { status: ['PENDING', 'PROCESSING'] }, { limit: FIRST_ACTIVE_TASKS }),
    ...taskRecords(domain, { status: ['COMPLETED', 'FAILED'] }, { limit: FIRST_TASKS }),
  ];
}
