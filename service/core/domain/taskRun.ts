/** Starts, retries and ends of a task, and what follows from them: a set, so the order of arrival does not matter. */
import type { TaskStatus } from '../../protocol/states.ts';

/** In the order in which those of the same millisecond count. */
const KINDS = ['START', 'RETRY', 'COMPLETED', 'FAILED'] as const;
type MarkKind = (typeof KINDS)[number];

export interface TaskMark {
  /** Epoch milliseconds. */
  time: number;
  id: string;
  kind: MarkKind;
}

/** The newest run of a task. */
export interface TaskRun {
  status: TaskStatus;
  /** Epoch milliseconds; null where nothing was said. */
  started_at: number | null;
  ended_at: number | null;
}

/** The latest stay; a task that is retried more often shows its latest runs. */
const MAX_MARKS = 64;

function order(a: TaskMark, b: TaskMark): number {
  return (
    a.time - b.time ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Adds a mark in its place. False when it is there already. */
export function addTaskMark(marks: TaskMark[], mark: TaskMark): boolean {
  let at = marks.length;
  while (at > 0) {
    const before = marks[at - 1];
    if (before === undefined) break;
    const place = order(before, mark);
    if (place === 0) return false;
    if (place < 0) break;
    at--;
  }
  marks.splice(at, 0, mark);
  if (marks.length > MAX_MARKS) marks.shift();
  return true;
}

/**
 * What the marks tell. The newest start counts, since a task whose worker was lost starts again elsewhere without a word.
 * A retry makes it wait again. The same end told twice keeps its first time; a different one corrects it.
 */
export function taskRun(marks: readonly TaskMark[]): TaskRun {
  let run: TaskRun = { status: 'PENDING', started_at: null, ended_at: null };
  for (const { kind, time } of marks) {
    if (kind === 'START') run = { status: 'PROCESSING', started_at: time, ended_at: null };
    else if (kind === 'RETRY') run = { status: 'PENDING', started_at: null, ended_at: null };
    else if (run.status !== kind) run = { ...run, status: kind, ended_at: time };
  }
  return run;
}
