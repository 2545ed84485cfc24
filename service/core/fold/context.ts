import type { Entry, Event } from '../../protocol/event.ts';
import { LIMITS, type JobState, type PhaseState, drop, phaseOf } from '../model.ts';
import { insertLatest } from '../bounded.ts';
import type { LogLine } from '../model.ts';
import { type Touched, touchPhase } from '../touched.ts';

/** What folding one event about a job has at hand. */
export interface Context {
  job: JobState;
  entry: Entry;
  touched: Touched;
}

/** The event's phase, marked as changed; null when the event names none (or the job holds too many). */
export function changedPhase(context: Context, phase_id: string | undefined): PhaseState | null {
  if (phase_id === undefined) return null;
  const { job, entry, touched } = context;
  const phase = phaseOf(job, phase_id);
  if (phase === null) return null;
  phase.seq = entry.seq;
  phase.first_time = Math.min(phase.first_time, entry.event.time);
  touchPhase(touched, job.job_id, phase_id);
  return phase;
}

/** A job's start or end changes what is inferred about every phase that has not ended. */
export function touchAllPhases({ job, entry, touched }: Context): void {
  for (const phase of job.phases.values()) {
    phase.seq = entry.seq;
    touchPhase(touched, job.job_id, phase.phase_id);
  }
}

/** Adds a line to the job's log and counts it. */
export function addLog({ job }: Context, line: LogLine): void {
  const outcome = insertLatest(job.logs[line.level], line, LIMITS.logs[line.level]);
  if (outcome === 'repeated') return;
  job.log_counts[line.level]++;
  if (outcome === 'dropped') drop(job, `${line.level}_lines`);
}

/** The fields that every event may have beside those named: what `unknownFields` leaves out. */
export function knownFields(...names: string[]): ReadonlySet<string> {
  return new Set(['type', 'id', 'time', 'job_id', 'phase_id', ...names]);
}

/** The event's fields that are not in `known`: kept and shown as they came. */
export function unknownFields(
  event: Event,
  known: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  let extra: Record<string, unknown> | undefined;
  for (const key of Object.keys(event)) {
    if (known.has(key)) continue;
    extra ??= {};
    extra[key] = (event as unknown as Record<string, unknown>)[key];
  }
  return extra;
}
