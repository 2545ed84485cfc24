/** From when to when a run is drawn, epoch milliseconds: the same on the timeline and on the charts. */
import type { JobRecord, PhaseRecord } from '../service/protocol/record.ts';
import { isEnded } from '../service/protocol/states.ts';

/** The time that 0 stands for: the job's start, or its first phase's. Null before anything has started. */
export function originOf(job: JobRecord, phases: readonly PhaseRecord[]): number | null {
  return extreme([job.started_at, ...phases.map((phase) => phase.started_at)], Math.min);
}

/** The last end of the job or a phase; now while it runs, and for a silent job when it was last heard of. */
export function endOfRun(
  job: JobRecord,
  phases: readonly PhaseRecord[],
  now: number,
): number | null {
  const ended = extreme([job.ended_at, ...phases.map((phase) => phase.ended_at)], Math.max);
  if (isEnded(job.status)) return ended;
  const until = job.status === 'STALE' ? Date.parse(job.last_seen_at) : now;
  return Math.max(ended ?? until, until);
}

function extreme(
  times: readonly (string | null)[],
  choose: (a: number, b: number) => number,
): number | null {
  const known = times.filter((time) => time !== null).map((time) => Date.parse(time));
  return known.length === 0 ? null : known.reduce((a, b) => choose(a, b));
}
