/**
 * What a run was as long as it was for, and what one would gain: each phase in turn is made shorter, and the run is laid out
 * again with the same dependencies, the same waits and as many phases at once as it had.
 *
 * Which phases lie on the path, and their slack, are those of the critical path method (Kelley and Walker, "Critical-Path
 * Planning and Scheduling", 1959) on what was recorded; what one would gain is the difference of two layouts ("causal"
 * what-if: Curtsinger and Berger, "Coz", 2015, asks the same question of running programs).
 */
import type { CriticalPathRecord } from '../../protocol/criticalPath.ts';
import { type Step, lengthOf } from './schedule.ts';

export interface Recorded {
  phase_id: string;
  name: string;
  /** Epoch milliseconds. */
  start: number;
  end: number;
  depends_on: readonly string[];
}

interface Node extends Recorded {
  /** Places of what it waited for. */
  after: number[];
  wait: number;
}

/** More are not laid out again and again: those on the path and the longest come first. */
const MOST_TRIED = 60;

export type PathPhases = Pick<CriticalPathRecord, 'length_ms' | 'method' | 'phases'>;

/** Of the phases that have begun; those that run end at the moment of the question. O(n^2) for n phases, of 500 at most. */
export function speedUps(recorded: readonly Recorded[], begin: number): PathPhases {
  const valid = recorded.filter(({ start, end }) => Number.isFinite(start) && Number.isFinite(end));
  const sorted = valid
    .map((one) => ({ ...one, end: Math.max(one.start, one.end) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  if (sorted.length === 0) return { length_ms: 0, method: 'observed', phases: [] };
  const from = Math.min(begin, sorted[0]?.start ?? begin);
  const { nodes, declared } = linked(sorted, from);
  const slack = slackOf(nodes);
  const parallel = mostAtOnce(sorted);
  const length = laidOut(nodes, parallel, -1, 1);
  const tried = [...nodes.keys()]
    .sort((a, b) => (slack[a] ?? 0) - (slack[b] ?? 0) || tookMs(nodes[b]) - tookMs(nodes[a]))
    .slice(0, MOST_TRIED);
  const gain = (at: number, factor: number) =>
    Math.max(0, Math.round(length - laidOut(nodes, parallel, at, factor)));
  const worth = new Map(tried.map((at) => [at, { half: gain(at, 0.5), free: gain(at, 0) }]));
  return {
    length_ms: Math.round(Math.max(...nodes.map(({ end }) => end)) - from),
    method: declared,
    phases: nodes.map(({ phase_id, name }, at) => ({
      ...{ phase_id, name, took_ms: Math.round(tookMs(nodes[at])) },
      on_path: (slack[at] ?? 0) < 1,
      slack_ms: Math.round(slack[at] ?? 0),
      gain_ms_if_halved: worth.get(at)?.half ?? null,
      gain_ms_if_free: worth.get(at)?.free ?? null,
    })),
  };
}

function tookMs(node: Node | undefined): number {
  return node === undefined ? 0 : node.end - node.start;
}

/** What each waited for: as declared; where it declares nothing, what had ended last when it began. */
function linked(
  sorted: readonly Recorded[],
  from: number,
): { nodes: Node[]; declared: PathPhases['method'] } {
  const place = new Map(sorted.map(({ phase_id }, at) => [phase_id, at]));
  const byEnd = [...sorted.keys()].sort((a, b) => endAt(sorted, a) - endAt(sorted, b));
  const ways = new Set<'declared' | 'observed'>();
  const nodes = sorted.map((one, at): Node => {
    const told = one.depends_on.flatMap((id) => place.get(id) ?? []);
    // A dependency that had not ended was none: events come late, and cycles are declared.
    const held = told.filter((other) => other !== at && endAt(sorted, other) <= one.start);
    const seen = byEnd.findLast(
      (other) => other !== at && other < at && endAt(sorted, other) <= one.start,
    );
    const after = held.length > 0 ? held : told.length > 0 || seen === undefined ? [] : [seen];
    if (after.length > 0) ways.add(held.length > 0 ? 'declared' : 'observed');
    const ready = Math.max(from, ...after.map((other) => endAt(sorted, other)));
    return { ...one, after, wait: Math.max(0, one.start - ready) };
  });
  const declared = ways.size > 1 ? 'mixed' : ways.has('declared') ? 'declared' : 'observed';
  return { nodes, declared };
}

function endAt(sorted: readonly Recorded[], at: number): number {
  return sorted[at]?.end ?? 0;
}

/** How much later each could have ended without the run ending later: backwards from the end, waits kept. */
function slackOf(nodes: readonly Node[]): number[] {
  const last = Math.max(...nodes.map(({ end }) => end));
  const latest = nodes.map(() => last);
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at];
    if (node === undefined) continue;
    const begin = (latest[at] ?? last) - tookMs(node) - node.wait;
    for (const before of node.after)
      latest[before] = Math.min(latest[before] ?? last, Math.max(endAt(nodes, before), begin));
  }
  return nodes.map(({ end }, at) => Math.max(0, (latest[at] ?? last) - end));
}

function laidOut(
  nodes: readonly Node[],
  parallel: number,
  changed: number,
  factor: number,
): number {
  const steps = nodes.map((node, at): Step => {
    const takes = tookMs(node) * (at === changed ? factor : 1);
    return { after: node.after, left: null, takes, waits: node.wait };
  });
  return lengthOf(steps, parallel);
}

function mostAtOnce(sorted: readonly Recorded[]): number {
  const turns = sorted.flatMap(({ start, end }) => [[start, 1] as const, [end, -1] as const]);
  turns.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 1];
  for (const [, by] of turns) most = Math.max(most, (now += by));
  return most;
}
