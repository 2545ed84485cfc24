/** What follows from marks: the status of jobs and phases, also where events are missing. */
import type { ErrorDetails } from '../protocol/event.ts';
import { type Status, isEnded } from '../protocol/states.ts';
import { type Run, newestRun } from './marks.ts';
import type { JobState, PhaseState } from './model.ts';

export interface Derived {
  status: Status;
  started_at: number | null;
  ended_at: number | null;
  attempt: number;
  error: ErrorDetails | null;
  reason: string | null;
  /** No event said so: it follows from the end of the job. */
  inferred: boolean;
}

const NOTHING = {
  started_at: null,
  ended_at: null,
  error: null,
  reason: null,
  inferred: false,
} as const;

/** A job without a start or end of its own is one whose parts speak: it runs. */
export function deriveJob(job: JobState): Derived {
  const run = newestRun(job.marks);
  const derived: Derived = run ? fromRun(run) : { ...NOTHING, status: 'RUNNING', attempt: 1 };
  if (!isEnded(derived.status) && job.silent_since > 0 && job.silent_since >= job.last_seen) {
    derived.status = 'STALE';
  }
  return derived;
}

/** `of` is the job's own state where the caller has it already. */
export function derivePhase(
  phase: PhaseState,
  job: JobState,
  of: Derived = deriveJob(job),
): Derived {
  const run = newestRun(phase.marks);
  const told: Derived = run ? fromRun(run) : withoutMarks(phase);
  if (isRetried(told, phase, of)) return { ...NOTHING, status: 'PENDING', attempt: told.attempt };
  return inferEnd(told, of);
}

function fromRun(run: Run): Derived {
  const { end } = run;
  return {
    status: end === null ? 'RUNNING' : end.kind,
    started_at: run.started_at,
    ended_at: end?.time ?? null,
    attempt: run.attempt,
    error: end?.error ?? null,
    reason: end?.reason ?? null,
    inferred: false,
  };
}

/** Declared only, or spoken of by its progress or parts without a start. */
function withoutMarks(phase: PhaseState): Derived {
  const speaks = phase.last_time > 0 || phase.sub_phases.size > 0;
  return { ...NOTHING, status: speaks ? 'RUNNING' : 'PENDING', attempt: 1 };
}

/** In a new attempt of the job, what had not passed before it waits again. */
function isRetried(told: Derived, phase: PhaseState, job: Derived): boolean {
  if (
    job.attempt < 2 ||
    job.started_at === null ||
    told.status === 'COMPLETED' ||
    told.status === 'PENDING'
  )
    return false;
  const last = phase.marks.at(-1)?.time ?? phase.last_time;
  return last < job.started_at;
}

function inferEnd(told: Derived, job: Derived): Derived {
  if (!isEnded(job.status) || isEnded(told.status)) return told;
  if (told.status === 'PENDING') {
    return {
      ...told,
      status: 'SKIPPED',
      reason: 'The job ended before this phase started.',
      inferred: true,
    };
  }
  const ended_at = job.ended_at === null ? null : Math.max(job.ended_at, told.started_at ?? 0);
  const status = job.status === 'COMPLETED' ? 'COMPLETED' : 'CANCELLED';
  return {
    ...told,
    status,
    ended_at,
    reason: 'The job ended while this phase ran.',
    inferred: true,
  };
}
