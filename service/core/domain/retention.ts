/** Which tasks and workers may go. What they added to the statistics stays. */
import type { Touched } from '../touched.ts';
import { shareOf } from './share.ts';
import { DAY_MS, type Tables } from './tables.ts';
import type { TaskState } from './task.ts';
import { workerState } from './worker.ts';

/** At most so many go at a time, so that no pass is long. */
const A_PASS = 500;
/** Room is made for a fortieth of the tasks at once, because finding the oldest looks through all. */
const ROOM_SHARE = 40;

export interface TaskLimits {
  tasks: number;
  /** Days after its end, or after it was last heard of where that is later. */
  task_days: number;
}

/** Takes ended tasks out that are too old or too many, at most 500; returns how many went. `now` is epoch milliseconds. */
export function retainTasks(
  tables: Tables,
  { tasks, task_days }: TaskLimits,
  now: number,
  touched: Touched,
): number {
  const oldest = now - task_days * DAY_MS;
  const surplus = Math.min(A_PASS, tables.tasks.rows.size - tasks);
  const over = surplus > 0 ? forgetOldest(tables, surplus, touched) : 0;
  let expired = 0;
  for (const task of tables.tasks.rows.values()) {
    if (over + expired >= A_PASS) break;
    const { run, last_seen } = task;
    // One of long ago that has just been imported is still of interest.
    if (run.ended_at === null || Math.max(run.ended_at, last_seen) >= oldest) continue;
    forgetTask(tables, task, touched);
    expired++;
  }
  return over + expired;
}

/** Takes out workers that have not been heard of for `days` and none of whose tasks is known; returns how many. */
export function retainWorkers(tables: Tables, days: number, now: number, touched: Touched): number {
  const oldest = now - days * DAY_MS;
  let gone = 0;
  for (const worker of tables.workers.rows.values()) {
    if (gone >= A_PASS) break;
    if (worker.tasks > 0 || worker.last_seen >= oldest || workerState(worker) === 'ONLINE')
      continue;
    tables.workers.delete(worker.worker_id);
    touched.workers.delete(worker.worker_id);
    touched.removedWorkers.add(worker.worker_id);
    gone++;
  }
  return gone;
}

/** Before a new task: the oldest ended ones leave a full table, a fortieth of it at a time, and are counted. */
export function makeRoom(tables: Tables, touched: Touched): void {
  const { rows, limit } = tables.tasks;
  if (rows.size < limit) return;
  const many = Math.min(A_PASS, Math.ceil(limit / ROOM_SHARE));
  tables.tasks.refused += forgetOldest(tables, many, touched);
}

/** Ended ones first, by their ends; where there are none those that have waited for longest, then those that run. */
function forgetOldest(tables: Tables, many: number, touched: Touched): number {
  const of = {
    ended: [] as TaskState[],
    PENDING: [] as TaskState[],
    PROCESSING: [] as TaskState[],
  };
  for (const task of tables.tasks.rows.values()) {
    const { status } = task.run;
    of[status === 'PENDING' || status === 'PROCESSING' ? status : 'ended'].push(task);
  }
  const first = [of.ended, of.PENDING, of.PROCESSING].find((tasks) => tasks.length > 0) ?? [];
  const gone = first.sort(byAge).slice(0, many);
  for (const task of gone) forgetTask(tables, task, touched);
  return gone.length;
}

function byAge(a: TaskState, b: TaskState): number {
  const age = ({ run, first_time }: TaskState) => run.ended_at ?? first_time;
  return age(a) - age(b) || (a.task_id < b.task_id ? -1 : 1);
}

function forgetTask(tables: Tables, task: TaskState, touched: Touched): void {
  leaveOthers(tables, task, touched);
  tables.tasks.delete(task.task_id);
  tables.waiting.forget(task.task_id);
  touched.tasks.delete(task.task_id);
  touched.removedTasks.add(task.task_id);
}

/** It is no longer among the known tasks of its queue and its worker; what it counted there and in the hours stays. */
function leaveOthers(tables: Tables, task: TaskState, touched: Touched): void {
  const { status, queue, worker_id } = shareOf(task);
  const isOpen = task.run.ended_at === null;
  if (queue !== null && isOpen && tables.queues.get(queue)) {
    const state = tables.queues.change(queue);
    if (state && status === 'PENDING') state.tasks_pending--;
    if (state && status === 'PROCESSING') state.tasks_processing--;
    touched.queues.add(queue);
  }
  if (worker_id !== null && tables.workers.get(worker_id)) {
    const state = tables.workers.change(worker_id);
    if (state) state.tasks--;
    if (state && isOpen) state.processing--;
    if (isOpen) touched.workers.add(worker_id);
  }
}
