/** What a job's phases did, one execution a run that ended: what the history keeps. Times are epoch milliseconds. */
import { type EndKind, type EndMark, type Run, allRuns } from './marks.ts';
import type { JobState, PhaseState } from './model.ts';
import type { Level } from '../protocol/states.ts';
import { readNumber } from './registers.ts';
import { phaseName, pipelineOf, usage } from './view.ts';

/** One execution. `null` is "not known": an end without a start has no execution time. */
export interface Execution {
  job_id: string;
  attempt: number;
  status: EndKind;
  started_at: number | null;
  ended_at: number;
  /** Averages over the execution, in percent of the machine and MB. */
  cpu_percent: number | null;
  memory_mb: number | null;
  items_done: number | null;
  error_count: number;
  warning_count: number;
}

/** An execution with the phase it is one of. */
export interface EndedPhase {
  pipeline: string;
  phase_id: string;
  name: string;
  execution: Execution;
}

/** Every run of the phase that an event ended, oldest first. Ends that only follow from the job's end are none. */
export function endedPhases(job: JobState, phase: PhaseState): EndedPhase[] {
  const runs = allRuns(phase.marks);
  const of = { pipeline: pipelineOf(job), phase_id: phase.phase_id, name: phaseName(phase) };
  return runs.flatMap(({ end, ...run }, i) => {
    if (end === null) return [];
    const span = spanOf(runs, i);
    return [{ ...of, execution: executionOf({ job, phase }, { ...run, end }, span) }];
  });
}

/** From its start to the start of the next run: what is said after its end is about it still. */
interface Span {
  from: number;
  until: number;
}

const ALWAYS: Span = { from: -Infinity, until: Infinity };

function spanOf(runs: readonly Run[], i: number): Span {
  if (runs.length === 1) return ALWAYS;
  const from = i === 0 ? -Infinity : (runs[i]?.started_at ?? -Infinity);
  return { from, until: runs[i + 1]?.started_at ?? Infinity };
}

function executionOf(
  { job, phase }: { job: JobState; phase: PhaseState },
  { started_at, attempt, end }: Run & { end: EndMark },
  span: Span,
): Execution {
  const ran = { started_at, ended_at: end.time };
  return {
    job_id: job.job_id,
    attempt,
    status: end.kind,
    ...ran,
    cpu_percent: usage(job, phase, ran, 'cpu_percent')?.avg ?? null,
    memory_mb: usage(job, phase, ran, 'memory_mb')?.avg ?? null,
    items_done: itemsDone(phase, span),
    error_count: span === ALWAYS ? phase.error_count : lines(job, phase, 'error', span),
    warning_count: span === ALWAYS ? phase.warning_count : lines(job, phase, 'warning', span),
  };
}

/** Only the newest number is kept: runs before the one it was told in have none. */
function itemsDone(phase: PhaseState, span: Span): number | null {
  const told = phase.fields.get('items_done');
  return told && isIn(span, told.time) ? readNumber(phase.fields, 'items_done') : null;
}

/** Of a phase that ran more than once only the lines that are kept can be told apart. */
function lines(job: JobState, phase: PhaseState, level: Level, span: Span): number {
  let count = 0;
  for (const line of job.logs[level])
    if (line.phase_id === phase.phase_id && isIn(span, line.time)) count++;
  return count;
}

function isIn({ from, until }: Span, time: number): boolean {
  return time >= from && time < until;
}
