/**
 * Starts and ends of a job or phase, and what follows from them. The marks are a set: whatever the order in which they
 * arrive, the same runs are derived, so late, repeated and shuffled events give the same records.
 */
import type { ErrorDetails } from '../protocol/event.ts';

export type EndKind = 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'CANCELLED';

export interface Mark {
  /** Epoch milliseconds. */
  time: number;
  id: string;
  kind: 'START' | EndKind;
  attempt?: number;
  error?: ErrorDetails;
  reason?: string;
}

export type EndMark = Mark & { kind: EndKind };

/** The newest run: from its start to its end, each null where nothing was said. */
export interface Run {
  started_at: number | null;
  end: EndMark | null;
  attempt: number;
  /** How many runs the marks tell of. */
  runs: number;
}

/** More marks than this are not kept: a phase restarted a hundred times shows its latest runs. */
const MAX_MARKS = 256;

const RANK: Record<Mark['kind'], number> = {
  START: 0,
  SKIPPED: 1,
  COMPLETED: 2,
  CANCELLED: 3,
  FAILED: 4,
};

function order(a: Mark, b: Mark): number {
  return a.time - b.time || RANK[a.kind] - RANK[b.kind] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Adds a mark in its place. False when it is there already. */
export function addMark(marks: Mark[], mark: Mark): boolean {
  let at = marks.length;
  while (at > 0) {
    const before = marks[at - 1];
    if (before === undefined || order(before, mark) < 0) break;
    if (before.id === mark.id && before.kind === mark.kind) return false;
    at--;
  }
  marks.splice(at, 0, mark);
  if (marks.length > MAX_MARKS) marks.shift();
  return true;
}

/**
 * The newest run. A start opens a run when there is none, when the last one has ended, or when it names a higher attempt;
 * otherwise it repeats the start. An end without a start is a run of unknown start.
 */
export function newestRun(marks: readonly Mark[]): Run | null {
  let run: Run | null = null;
  for (const mark of marks) run = advance(run, mark);
  return run;
}

/** All runs, oldest first. More marks never make fewer of them. */
export function allRuns(marks: readonly Mark[]): Run[] {
  const runs: Run[] = [];
  for (const mark of marks) {
    const run = advance(runs.at(-1) ?? null, mark);
    runs[run.runs - 1] = run;
  }
  return runs;
}

/** The run after one more mark: the same one, or the next. */
function advance(run: Run | null, mark: Mark): Run {
  if (mark.kind === 'START') {
    const opens = run === null || run.end !== null || (mark.attempt ?? 0) > run.attempt;
    return opens ? open(run, mark) : run;
  }
  const of = run ?? { started_at: null, end: null, attempt: 1, runs: 1 };
  // The same end told twice keeps its first time; a different one corrects it.
  return of.end?.kind === mark.kind ? of : { ...of, end: { ...mark, kind: mark.kind } };
}

function open(before: Run | null, mark: Mark): Run {
  const runs = (before?.runs ?? 0) + 1;
  return {
    started_at: mark.time,
    end: null,
    attempt: Math.max(mark.attempt ?? 1, (before?.attempt ?? 0) + (before ? 1 : 0), 1),
    runs,
  };
}
