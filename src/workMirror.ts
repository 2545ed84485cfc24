/** The newest state of workers, queues and tasks, kept while this window asks for the topic `workers`. */
import { isActiveTask } from '../service/protocol/describeWorkers.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../service/protocol/domain.ts';
import type { RecordsFrame } from '../service/protocol/frame.ts';
import { newer } from './newer.ts';

/** The ids that changed, came or went. Workers and queues count as changed with their tasks. */
export interface WorkChange {
  workers: Set<string>;
  queues: Set<string>;
  tasks: Set<string>;
}

/** Ended tasks kept in a window; the service has more. */
const MOST_ENDED = 500;
const MOST_ACTIVE = 5000;
/** How many active tasks too many are let in before the surplus is looked for, which takes a sort. */
const SLACK = 500;

export class WorkMirror {
  readonly workers = new Map<string, WorkerRecord>();
  readonly queues = new Map<string, QueueRecord>();
  readonly tasks = new Map<string, TaskRecord>();
  /** How many workers the service holds beyond those here: it sends the first 1,000. */
  hiddenWorkers = 0;
  /** False until the service has told what there is. */
  known = false;
  private readonly byWorker = new Map<string, Set<string>>();
  private readonly byQueue = new Map<string, Set<string>>();

  tasksOfWorker(workerId: string): TaskRecord[] {
    return this.named(this.byWorker.get(workerId));
  }

  tasksOfQueue(queue: string): TaskRecord[] {
    return this.named(this.byQueue.get(queue));
  }

  /** True where a worker has tasks that are known here. */
  hasTasks(workerId: string): boolean {
    return this.byWorker.has(workerId);
  }

  apply(frame: RecordsFrame): WorkChange {
    const change: WorkChange = { workers: new Set(), queues: new Set(), tasks: new Set() };
    if (frame.workers) this.known = true;
    for (const worker of frame.workers ?? []) this.takeWorker(worker, change);
    for (const queue of frame.queues ?? [])
      if (newer(this.queues, queue.queue, queue)) change.queues.add(queue.queue);
    for (const task of frame.tasks ?? []) this.take(task, change);
    for (const removed of frame.removed) {
      if (removed.kind === 'worker') this.dropWorker(removed.worker_id, change);
      if (removed.kind === 'task') this.drop(removed.task_id, change);
    }
    const { workers_total: total } = frame;
    if (total !== undefined) this.hiddenWorkers = Math.max(0, total - this.workers.size);
    this.dropSurplus(change);
    return change;
  }

  /** Forgets everything: without their topic the records would only grow old. */
  clear(): void {
    for (const records of [this.workers, this.queues, this.tasks, this.byWorker, this.byQueue])
      records.clear();
    this.hiddenWorkers = 0;
    this.known = false;
  }

  private named(ids: ReadonlySet<string> = new Set()): TaskRecord[] {
    return [...ids].map((id) => this.tasks.get(id)).filter((task) => task !== undefined);
  }

  private takeWorker(worker: WorkerRecord, change: WorkChange): void {
    if (!this.workers.has(worker.worker_id)) this.seen();
    if (newer(this.workers, worker.worker_id, worker)) change.workers.add(worker.worker_id);
  }

  private dropWorker(workerId: string, change: WorkChange): void {
    if (this.workers.delete(workerId)) change.workers.add(workerId);
    else this.seen();
  }

  /** A worker that was not here is heard of: one of the hidden ones, where there are any. */
  private seen(): void {
    this.hiddenWorkers = Math.max(0, this.hiddenWorkers - 1);
  }

  private take(task: TaskRecord, change: WorkChange): void {
    const before = this.tasks.get(task.task_id);
    if (!newer(this.tasks, task.task_id, task)) return;
    if (before) this.leave(before, change);
    enter(this.byWorker, task.worker_id, task.task_id);
    enter(this.byQueue, task.queue, task.task_id);
    touch(task, change);
  }

  private drop(taskId: string, change: WorkChange): void {
    const task = this.tasks.get(taskId);
    if (!task) return;
    this.tasks.delete(taskId);
    this.leave(task, change);
  }

  private leave(task: TaskRecord, change: WorkChange): void {
    leave(this.byWorker, task.worker_id, task.task_id);
    leave(this.byQueue, task.queue, task.task_id);
    touch(task, change);
  }

  /** Ended tasks go oldest first; of active ones those that came last, because the longest wait matters. */
  private dropSurplus(change: WorkChange): void {
    if (this.tasks.size <= MOST_ENDED) return;
    const all = [...this.tasks.values()];
    const ended = all.filter((task) => !isActiveTask(task));
    const surplus = newestEndedFirst(ended).slice(MOST_ENDED);
    if (all.length - ended.length > MOST_ACTIVE + SLACK)
      surplus.push(...longestActiveFirst(all.filter(isActiveTask)).slice(MOST_ACTIVE));
    for (const task of surplus) this.drop(task.task_id, change);
  }
}

/** Those that ended last come first. */
export function newestEndedFirst(tasks: readonly TaskRecord[]): TaskRecord[] {
  const keyed = tasks.map((task) => ({ task, at: Date.parse(task.completed_at ?? '') || 0 }));
  return keyed.sort((a, b) => b.at - a.at || b.task.seq - a.task.seq).map(({ task }) => task);
}

/** Those in the works before those that wait, each the longest first. */
export function longestActiveFirst(tasks: readonly TaskRecord[]): TaskRecord[] {
  const keyed = tasks.map((task) => ({
    task,
    waits: Number(task.status === 'PENDING'),
    at: Date.parse(task.started_at ?? task.submitted_at ?? '') || 0,
  }));
  return keyed
    .sort((a, b) => a.waits - b.waits || a.at - b.at || a.task.seq - b.task.seq)
    .map(({ task }) => task);
}

function touch(task: TaskRecord, change: WorkChange): void {
  change.tasks.add(task.task_id);
  if (task.worker_id !== null) change.workers.add(task.worker_id);
  if (task.queue !== null) change.queues.add(task.queue);
}

function enter(index: Map<string, Set<string>>, key: string | null, taskId: string): void {
  if (key === null) return;
  const ids = index.get(key) ?? new Set();
  index.set(key, ids.add(taskId));
}

function leave(index: Map<string, Set<string>>, key: string | null, taskId: string): void {
  if (key === null) return;
  const ids = index.get(key);
  ids?.delete(taskId);
  if (ids?.size === 0) index.delete(key);
}
