/**
 * Which phases a run was as long as it was for.
 *
 * From the phase that ended last one walks back to the predecessor that ended last, and so on to the begin: the
 * "last-arriving" rule for recorded executions (Fields, Rubin and Bodik, "Focusing Processor Policies via Critical-Path
 * Prediction", ISCA 2001, section 3; for parallel programs Yang and Miller, "Critical Path Analysis for the Execution of
 * Parallel and Distributed Programs", ICDCS 1988). It differs from the critical path of a plan (Kelley and Walker, 1959)
 * in that what was waited for on the way counts as well. Predecessors are what a phase declares in `depends_on`; where it
 * declares nothing, the phase that had ended last when it began.
 */
import type { PhaseRecord } from '../../protocol/record.ts';
import { isEnded } from '../../protocol/states.ts';
import { type Begun, Predecessors, type Told } from './predecessors.ts';

export interface CriticalStep {
  phase_id: string;
  /** Epoch milliseconds: its own begin and end; now while it runs. */
  from: number;
  to: number;
  /** Milliseconds of the run that it accounts for: up to the begin of the next step. */
  ms: number;
  /** The same as a share of the run, 0 to 1. */
  share: number;
  /** Milliseconds nothing on the path ran before it: since the step before, or since the run began. */
  waited_ms: number;
  /** How the step before it is known; null for the first. */
  by: 'declared' | 'observed' | null;
}

export interface CriticalPath {
  /** In the order of time; never empty. */
  steps: readonly CriticalStep[];
  /** Milliseconds of all steps together. With what was waited, this is `total_ms`. */
  ms: number;
  /** Milliseconds of the run, up to the end of the last step. */
  total_ms: number;
  /** How the predecessors were found. */
  method: 'declared' | 'observed' | 'mixed';
}

/** When the run began (a phase that began earlier counts), and where phases that run end for now: epoch milliseconds. */
export interface RunTimes {
  begin: number;
  now: number;
}

/** What the records tell. An end that no event told follows from the time the phase took. */
export function toldPhases(records: readonly PhaseRecord[]): Told[] {
  return records.map((record) => {
    const { phase_id, name, index, depends_on, status, execution_time_ms: took } = record;
    const start = parse(record.started_at);
    const inferred = start !== null && isEnded(status) ? start + (took ?? 0) : null;
    return { phase_id, name, index, depends_on, start, end: parse(record.ended_at) ?? inferred };
  });
}

function parse(time: string | null): number | null {
  const ms = time === null ? NaN : Date.parse(time);
  return Number.isFinite(ms) ? ms : null;
}

/**
 * Those that began, by their end; of those that end together the one that ran longest comes last, of those the first of the
 * job: two that tie are one path, not two.
 */
export function begunPhases(phases: readonly Told[], now: number): Begun[] {
  const begun = phases.flatMap(({ start, end, ...phase }): Begun[] => {
    if (start === null || !Number.isFinite(start)) return [];
    const until = Math.max(start, end ?? now);
    return Number.isFinite(until) ? [{ ...phase, start, end: until }] : [];
  });
  return begun.sort((a, b) => a.end - b.end || b.start - a.start || b.index - a.index);
}

/** Null where no phase has begun. O(n log n + dependencies) for n phases; cycles and clocks that jumped do no harm. */
export function criticalPath(
  phases: readonly Told[],
  { begin, now }: RunTimes,
): CriticalPath | null {
  const begun = begunPhases(phases, now);
  return pathThrough(new Predecessors(phases, begun), begun, begin);
}

/** The same of phases that are known to have begun, in the order of `begunPhases`. */
export function pathThrough(
  before: Predecessors,
  begun: readonly Begun[],
  begin: number,
): CriticalPath | null {
  const last = begun.at(-1);
  if (last === undefined) return null;
  const first = begun.reduce((least, { start }) => Math.min(least, start), begin);
  const chain: Link[] = [];
  const seen = new Set<string>();
  for (let phase: Begun | undefined = last; phase !== undefined;) {
    seen.add(phase.phase_id);
    const found: Link | undefined = latestOf(before, phase, seen);
    chain.push({ phase, by: found?.by ?? null });
    phase = found?.phase;
  }
  return measured(chain.reverse(), { from: first, to: last.end });
}

interface Link {
  phase: Begun;
  by: CriticalStep['by'];
}

function latestOf(before: Predecessors, phase: Begun, seen: ReadonlySet<string>): Link | undefined {
  const declared = before.declared(phase);
  if (declared.length > 0) {
    const open = declared.filter(({ phase_id }) => !seen.has(phase_id));
    if (open.length === 0) return undefined;
    return { phase: open.reduce((a, b) => (b.end > a.end ? b : a)), by: 'declared' };
  }
  const observed = before.observed(phase, (one) => !seen.has(one.phase_id));
  return observed && { phase: observed, by: 'observed' };
}

/** Gives each step the time up to the next one's begin, from the end backwards, so that no moment counts twice. */
function measured(chain: readonly Link[], run: { from: number; to: number }): CriticalPath {
  const total = run.to - run.from;
  const steps: CriticalStep[] = [];
  let until = run.to;
  for (let at = chain.length - 1; at >= 0; at--) {
    const { phase, by } = chain[at] as Link;
    const start = Math.min(phase.start, until);
    const end = Math.min(phase.end, until);
    const before = Math.min(chain[at - 1]?.phase.end ?? run.from, start);
    const [ms, share] = [end - start, total > 0 ? (end - start) / total : 0];
    const { phase_id, start: from, end: to } = phase;
    steps.push({ phase_id, from, to, ms, share, waited_ms: start - before, by });
    until = start;
  }
  steps.reverse();
  const ms = steps.reduce((sum, step) => sum + step.ms, 0);
  return { steps, ms, total_ms: total, method: methodOf(steps) };
}

function methodOf(steps: readonly CriticalStep[]): CriticalPath['method'] {
  const ways = new Set(steps.map(({ by }) => by).filter((by) => by !== null));
  if (ways.size > 1) return 'mixed';
  return ways.has('observed') ? 'observed' : 'declared';
}
