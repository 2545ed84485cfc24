/** Runs of a pipeline, as the forecast needs them, out of what is kept of them. Times are epoch milliseconds. */
import { type Span, observedOrder } from '../order.ts';
import type { PastPhase, PastRuns } from './run.ts';
import type { PastTime } from './usualTime.ts';

/** One run that is over. */
export interface PastRun {
  /** Null where it is not known, or says nothing: it failed, or was cut off. */
  total_ms: number | null;
  /** Null where only its phases are known. */
  started_at: number | null;
  ended_at: number | null;
  size: number | null;
  phases: ReadonlyMap<string, PastSpan>;
}

/** What a phase did in it. */
export interface PastSpan {
  started_at: number | null;
  ended_at: number;
  /** Only those that were completed took as long as the phase takes. */
  completed: boolean;
  size: number | null;
}

/** Runs that order, waits and parallelism are taken from. */
const NEWEST = 12;
/** With more phases who waited for whom is not looked for: each pair of them costs. */
const MOST_PHASES = 150;

/**
 * `runs` in the order of their end, the newest last; `likeness` of each to the run in question. O(phases^2) for the order,
 * for at most 150 phases.
 */
export function pastRuns(
  runs: readonly PastRun[],
  likeness: (run: PastRun) => number = () => 1,
  declared: ReadonlyMap<string, readonly string[]> = new Map(),
): PastRuns {
  const newest = runs.slice(-NEWEST);
  const ids = [...new Set(newest.flatMap((run) => [...run.phases.keys()]))];
  const edges = declared.size > 0 || ids.length > MOST_PHASES ? [] : edgesOf(ids, newest);
  const needs = needsOf(edges, declared);
  const phases = new Map<string, PastPhase>();
  for (const id of ids) {
    const times = timesOf(runs, likeness, (run) => run.phases.get(id));
    const waits = newest.flatMap((run) => waitIn(run, id, needs.get(id) ?? []) ?? []);
    const seen = newest.filter((run) => run.phases.has(id)).length / newest.length;
    phases.set(id, { times, waits, seen });
  }
  const totals = runs.flatMap((run): PastTime[] =>
    run.total_ms === null ? [] : [{ ms: run.total_ms, size: run.size, likeness: likeness(run) }],
  );
  const peaks = newest.map(peakOf).filter((peak) => peak > 0);
  const parallel = peaks.length === 0 ? null : Math.max(...peaks);
  return { totals, phases, edges, parallel, tails: newest.flatMap((run) => tailOf(run) ?? []) };
}

function timesOf(
  runs: readonly PastRun[],
  likeness: (run: PastRun) => number,
  spanOf: (run: PastRun) => PastSpan | undefined,
): PastTime[] {
  return runs.flatMap((run): PastTime[] => {
    const span = spanOf(run);
    if (!span?.completed || span.started_at === null) return [];
    const ms = Math.max(0, span.ended_at - span.started_at);
    return [{ ms, size: span.size, likeness: likeness(run) }];
  });
}

function edgesOf(ids: readonly string[], runs: readonly PastRun[]): PastRuns['edges'] {
  return observedOrder(
    ids,
    runs.map(({ phases }) => new Map<string, Span>(phases)),
  );
}

function needsOf(
  edges: PastRuns['edges'],
  declared: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  if (declared.size > 0) return declared;
  const needs = new Map<string, string[]>();
  for (const { from, to } of edges) needs.set(to, [...(needs.get(to) ?? []), from]);
  return needs;
}

/** Milliseconds between the end of what it waits for, or the begin of the run, and its own begin. */
function waitIn(
  { phases, started_at }: PastRun,
  id: string,
  needs: readonly string[],
): number | null {
  const own = phases.get(id)?.started_at ?? null;
  if (own === null) return null;
  const ends = needs.flatMap((before) => phases.get(before)?.ended_at ?? []);
  const ready = ends.length > 0 ? Math.max(...ends) : started_at;
  return ready === null ? null : Math.max(0, own - ready);
}

function tailOf({ phases, ended_at }: PastRun): number | null {
  if (ended_at === null || phases.size === 0) return null;
  let last = -Infinity;
  for (const span of phases.values()) last = Math.max(last, span.ended_at);
  return Math.max(0, ended_at - last);
}

/** Most phases that ran at once. */
function peakOf({ phases }: PastRun): number {
  const turns: [time: number, by: number][] = [];
  for (const { started_at, ended_at } of phases.values())
    if (started_at !== null && ended_at > started_at) turns.push([started_at, 1], [ended_at, -1]);
  // One that ends where another begins does not run beside it.
  turns.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [running, peak] = [0, 0];
  for (const [, by] of turns) {
    running += by;
    peak = Math.max(peak, running);
  }
  return peak;
}
