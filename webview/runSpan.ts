/** From when to when a run is drawn, epoch milliseconds: the same on the timeline and on the charts. A list of phases never changes. */
import type { JobRecord, PhaseRecord } from '../service/protocol/record.ts';
import { isEnded } from '../service/protocol/states.ts';
import type { Span } from './timeScale.ts';

/** The time that 0 stands for: the job's start, or its first phase's. Null before anything has started. */
export function originOf(job: JobRecord, phases: readonly PhaseRecord[]): number | null {
  return extreme([parse(job.started_at), extentOf(phases).first], Math.min);
}

/** The last end of the job or a phase; now while it runs, and for a silent job when it was last heard of. */
export function endOfRun(
  job: JobRecord,
  phases: readonly PhaseRecord[],
  now: number,
): number | null {
  const ended = extreme([parse(job.ended_at), extentOf(phases).last], Math.max);
  if (isEnded(job.status)) return ended;
  const until = job.status === 'STALE' ? Date.parse(job.last_seen_at) : now;
  return Math.max(ended ?? until, until);
}

/** Whether something of a job lies in a part of the time, epoch milliseconds, as far as the job itself tells. */
export function liesIn(job: JobRecord, { from, to }: Span): boolean {
  const start = originOf(job, []);
  return start !== null && start < to && (endOfRun(job, [], Infinity) ?? start) > from;
}

interface Extent {
  /** Epoch milliseconds: the first start and the last end; null while there is none. */
  first: number | null;
  last: number | null;
}

/** Asked for by every chart with every drawing: thousands of times are read once for the same phases. */
const extents = new WeakMap<readonly PhaseRecord[], Extent>();

function extentOf(phases: readonly PhaseRecord[]): Extent {
  const known = extents.get(phases);
  if (known !== undefined) return known;
  const extent = {
    first: extreme(
      phases.map((phase) => parse(phase.started_at)),
      Math.min,
    ),
    last: extreme(
      phases.map((phase) => parse(phase.ended_at)),
      Math.max,
    ),
  };
  extents.set(phases, extent);
  return extent;
}

function parse(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

function extreme(
  times: readonly (number | null)[],
  choose: (a: number, b: number) => number,
): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : known.reduce((a, b) => choose(a, b));
}
