import {
  isActiveTask,
  WORKER_CONDITIONS,
  type WorkerCondition,
  workerCondition,
} from '../../service/protocol/describeWorkers.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../../service/protocol/domain.ts';
import { longestActiveFirst, newestEndedFirst, type WorkMirror } from '../workMirror.ts';

/** A row of the first level of the Workers view. */
export type WorkEntry =
  | { kind: 'worker'; workerId: string }
  | { kind: 'condition'; condition: WorkerCondition }
  /** The service holds more workers than it sent. */
  | { kind: 'more'; hidden: number }
  | { kind: 'queues' }
  /** Tasks that name no worker and no queue that is known. */
  | { kind: 'others' };

/** More workers than this are grouped by their condition. */
const MOST_UNGROUPED = 20;
const MOST_ACTIVE_SHOWN = 100;
const MOST_ENDED_SHOWN = 20;

const natural = new Intl.Collator(undefined, { numeric: true });

/** The rows of the first level in their order: workers, those in trouble first, then queues, then other tasks. */
export function arrangeWork(work: WorkMirror): WorkEntry[] {
  const entries = work.workers.size > MOST_UNGROUPED ? conditions(work) : workers(work);
  const hidden = work.hiddenWorkers;
  if (hidden > 0) entries.push({ kind: 'more', hidden });
  if (work.queues.size > 0) entries.push({ kind: 'queues' });
  if ([...work.tasks.values()].some((task) => isOther(work, task)))
    entries.push({ kind: 'others' });
  return entries;
}

/** The workers of one condition by name, `gpu-2` before `gpu-10`. */
export function workersIn(
  workers: Iterable<WorkerRecord>,
  condition: WorkerCondition,
): WorkerRecord[] {
  return [...workers]
    .filter((worker) => workerCondition(worker) === condition)
    .sort((a, b) => natural.compare(a.worker_id, b.worker_id));
}

export function queuesByName(queues: Iterable<QueueRecord>): QueueRecord[] {
  return [...queues].sort((a, b) => natural.compare(a.queue, b.queue));
}

export function otherTasks(work: WorkMirror): TaskRecord[] {
  return [...work.tasks.values()].filter((task) => isOther(work, task));
}

export interface ShownTasks {
  tasks: TaskRecord[];
  /** Active ones for which there is no row. */
  hidden: number;
}

/** The active tasks, longest first, then the 20 that ended last. */
export function activeThenEnded(tasks: readonly TaskRecord[]): ShownTasks {
  const { tasks: active, hidden } = activeOnly(tasks);
  const ended = newestEndedFirst(tasks.filter((task) => !isActiveTask(task)));
  return { tasks: [...active, ...ended.slice(0, MOST_ENDED_SHOWN)], hidden };
}

/** The active tasks, longest first. `total`: how many the service knows of, where that is known. */
export function activeOnly(tasks: readonly TaskRecord[], total = 0): ShownTasks {
  const active = longestActiveFirst(tasks.filter(isActiveTask));
  const hidden = Math.max(0, Math.max(total, active.length) - MOST_ACTIVE_SHOWN);
  return { tasks: active.slice(0, MOST_ACTIVE_SHOWN), hidden };
}

function workers({ workers: all }: WorkMirror): WorkEntry[] {
  return WORKER_CONDITIONS.flatMap((condition) => workersIn(all.values(), condition)).map(
    ({ worker_id: workerId }) => ({ kind: 'worker', workerId }),
  );
}

function conditions({ workers: all }: WorkMirror): WorkEntry[] {
  const found = new Set([...all.values()].map(workerCondition));
  return WORKER_CONDITIONS.filter((condition) => found.has(condition)).map((condition) => ({
    kind: 'condition',
    condition,
  }));
}

function isOther(work: WorkMirror, task: TaskRecord): boolean {
  if (task.worker_id !== null && work.workers.has(task.worker_id)) return false;
  return task.queue === null || !work.queues.has(task.queue);
}
