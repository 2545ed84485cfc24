/** Runs of a pipeline, as the forecast needs them, out of what is kept of them. Times are epoch milliseconds. */
import { type Span, observedOrder } from '../order.ts';
import type { PastPhase, PastRuns } from './run.ts';
import type { PastTime } from './usualTime.ts';

/** One run, or what there is of it. */
export interface PastRun {
  job_id: string;
  /** False while it goes on: only its ended phases tell something. */
  over: boolean;
  /** Null where it is not known, or says nothing: it failed, or was cut off. */
  total_ms: number | null;
  /** Null where only its phases are known. */
  started_at: number | null;
  ended_at: number | null;
  size: number | null;
  labels: Readonly<Record<string, string>>;
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
const MOST_PHASES = 100;

/** How the runs of a pipeline are made up: the same for whatever is asked of them. */
export interface Structure extends Pick<PastRuns, 'edges' | 'parallel' | 'tails'> {
  phases: ReadonlyMap<string, Pick<PastPhase, 'waits' | 'seen'>>;
}

/** Of runs in the order of their end; those that still go on tell nothing of it. O(phases^2), for at most 100 phases. */
export function structureOf(
  runs: readonly PastRun[],
  declared: ReadonlyMap<string, readonly string[]> = new Map(),
): Structure {
  const newest = runs.filter(({ over }) => over).slice(-NEWEST);
  const ids = [...new Set(newest.flatMap((run) => [...run.phases.keys()]))];
  const edges = declared.size > 0 || ids.length > MOST_PHASES ? [] : edgesOf(ids, newest);
  const needs = needsOf(edges, declared);
  const phases = ids.map((id) => {
    const all = newest.flatMap((run) => waitIn(run, id, needs.get(id) ?? []) ?? []);
    const waits = all.filter(Number.isFinite);
    const seen = newest.filter((run) => run.phases.has(id)).length / newest.length;
    return [id, { waits, seen }] as const;
  });
  const peaks = newest.map(peakOf).filter((peak) => peak > 0);
  const parallel = peaks.length === 0 ? null : Math.max(...peaks);
  const tails = newest.flatMap((run) => tailOf(run) ?? []).filter(Number.isFinite);
  return { phases: new Map(phases), edges, parallel, tails };
}

/** Runs in the order of their end, and their structure, as they count for a run they are so much like (0 to 1). */
export function pastRuns(
  runs: readonly PastRun[],
  structure: Structure,
  likeness: (run: PastRun) => number = () => 1,
): PastRuns {
  const times = new Map<string, PastTime[]>();
  const totals: PastTime[] = [];
  for (const run of runs) {
    const like = likeness(run);
    const { total_ms, ended_at, size } = run;
    if (total_ms !== null && ended_at !== null)
      totals.push({ ms: total_ms, size, likeness: like, ended_at });
    for (const [id, span] of run.phases) {
      if (!span.completed || span.started_at === null) continue;
      const ms = Math.max(0, span.ended_at - span.started_at);
      const held = times.get(id) ?? [];
      held.push({ ms, size: span.size, likeness: like, ended_at: span.ended_at });
      times.set(id, held);
    }
  }
  const phases = new Map<string, PastPhase>();
  for (const id of new Set([...structure.phases.keys(), ...times.keys()])) {
    const { waits = [], seen = 0 } = structure.phases.get(id) ?? {};
    phases.set(id, { times: times.get(id) ?? [], waits, seen });
  }
  return { ...structure, totals, phases };
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
