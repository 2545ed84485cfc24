/**
 * What a run was as long as it was for, and what one would gain: each phase in turn is made shorter, and the run is laid out
 * again with the same dependencies, the same waits and as many phases at once as it had.
 *
 * The path is that of `criticalPath`; slack is that of the critical path method (Kelley and Walker, "Critical-Path Planning
 * and Scheduling", 1959) on what was recorded; what one would gain is the difference of two layouts ("causal" what-if:
 * Curtsinger and Berger, "Coz", 2015, asks the same question of running programs).
 */
import { type CriticalPath, type RunTimes, begunPhases, pathThrough } from './criticalPath.ts';
import { type Begun, Predecessors, type Told } from './predecessors.ts';
import { Schedule } from './schedule.ts';

export interface SpeedUp {
  phase_id: string;
  name: string;
  took_ms: number;
  on_path: boolean;
  slack_ms: number;
  gain_ms_if_halved: number | null;
  gain_ms_if_free: number | null;
}

export interface SpeedUps {
  /** Null where no phase has begun. */
  path: CriticalPath | null;
  /** Those on the path and the longest, in the order of their begin. */
  phases: SpeedUp[];
}

interface Node extends Begun {
  /** Places of what it waited for. */
  after: number[];
  /** Milliseconds from the last of their ends to its begin; below 0 where it did not wait for all of that. */
  wait: number;
}

/** As many are told of. */
const MOST_TOLD = 500;
/** As many are laid out again, those on the path and the longest first. */
const MOST_TRIED = 60;
/** Phases and dependencies that all layouts together go through: of more phases fewer are tried. */
const MOST_STEPS = 200_000;
/** As many phases are linked in one piece. */
const PIECE = 200;

/** The answer at once. O(n log n + dependencies) for the path, and a bounded number of steps for what one would gain. */
export function speedUps(phases: readonly Told[], times: RunTimes): SpeedUps {
  const work = speedUpWork(phases, times);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** The same piece by piece: between two of them others can have their turn. */
export function* speedUpWork(
  phases: readonly Told[],
  { begin, now }: RunTimes,
): Generator<undefined, SpeedUps> {
  const byEnd = begunPhases(phases, now);
  const before = new Predecessors(phases, byEnd);
  const path = pathThrough(before, byEnd, begin);
  if (path === null) return { path, phases: [] };
  yield;
  const from = byEnd.reduce((least, { start }) => Math.min(least, start), begin);
  const nodes = yield* linked(byEnd, before, from);
  yield;
  const onPath = new Set(path.steps.map(({ phase_id }) => phase_id));
  const slack = slackOf(nodes);
  const first = [...nodes.keys()].sort(
    (a, b) =>
      Number(onPath.has(idAt(nodes, b))) - Number(onPath.has(idAt(nodes, a))) ||
      tookMs(nodes[b]) - tookMs(nodes[a]),
  );
  yield;
  const worth = yield* gainsOf(nodes, first);
  const told = new Set(first.slice(0, MOST_TOLD));
  const found = nodes.flatMap((node, at): SpeedUp[] => {
    if (!told.has(at)) return [];
    const { phase_id, name } = node;
    return [
      {
        ...{ phase_id, name, took_ms: Math.round(tookMs(node)), on_path: onPath.has(phase_id) },
        slack_ms: Math.round(slack[at] ?? 0),
        gain_ms_if_halved: worth.get(at)?.half ?? null,
        gain_ms_if_free: worth.get(at)?.free ?? null,
      },
    ];
  });
  return { path, phases: found };
}

function idAt(nodes: readonly Node[], at: number): string {
  return nodes[at]?.phase_id ?? '';
}

function tookMs(node: Node | undefined): number {
  return node === undefined ? 0 : node.end - node.start;
}

interface Worth {
  half: number;
  free: number;
}

/** `first` are all places, those first that are worth trying. */
function* gainsOf(
  nodes: readonly Node[],
  first: readonly number[],
): Generator<undefined, Map<number, Worth>> {
  const schedule = new Schedule(
    nodes.map((node) => ({ after: node.after, left: null, takes: tookMs(node), waits: node.wait })),
  );
  const parallel = mostAtOnce(nodes);
  const length = schedule.length(parallel);
  const size = nodes.reduce((sum, { after }) => sum + 1 + after.length, 0);
  const tried = Math.max(1, Math.min(MOST_TRIED, Math.floor(MOST_STEPS / size)));
  const worth = new Map<number, Worth>();
  for (const at of first.slice(0, tried)) {
    yield;
    const gain = (factor: number): number =>
      Math.max(0, Math.round(length - schedule.length(parallel, at, tookMs(nodes[at]) * factor)));
    worth.set(at, { half: gain(0.5), free: gain(0) });
  }
  return worth;
}

/**
 * In the order of their begin, with what each waited for: as declared; where it declares nothing, what had ended last when it
 * began. What began later was no dependency: events come late, and cycles are declared.
 */
function* linked(
  byEnd: readonly Begun[],
  before: Predecessors,
  from: number,
): Generator<undefined, Node[]> {
  const sorted = [...byEnd].sort((a, b) => a.start - b.start || a.end - b.end);
  const place = new Map(sorted.map(({ phase_id }, at) => [phase_id, at]));
  const placeOf = (one: Begun): number => place.get(one.phase_id) ?? 0;
  const nodes: Node[] = [];
  for (const [at, one] of sorted.entries()) {
    if (at % PIECE === 0) yield;
    const told = before.declared(one);
    const seen = told.length > 0 ? undefined : before.observed(one, () => true);
    const after =
      seen === undefined ? told.map(placeOf).filter((other) => other < at) : [placeOf(seen)];
    const ready = after.reduce(
      (latest, other) => Math.max(latest, sorted[other]?.end ?? from),
      from,
    );
    nodes.push({ ...one, after, wait: one.start - ready });
  }
  return nodes;
}

/** How much later each could have ended without the run ending later: backwards from the end, waits kept. */
function slackOf(nodes: readonly Node[]): number[] {
  const last = nodes.reduce((latest, { end }) => Math.max(latest, end), -Infinity);
  const latest = nodes.map(() => last);
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at];
    if (node === undefined) continue;
    const begin = (latest[at] ?? last) - tookMs(node) - node.wait;
    for (const before of node.after)
      latest[before] = Math.min(latest[before] ?? last, Math.max(nodes[before]?.end ?? 0, begin));
  }
  return nodes.map(({ end }, at) => Math.max(0, (latest[at] ?? last) - end));
}

function mostAtOnce(nodes: readonly Node[]): number {
  const turns = nodes.flatMap(({ start, end }) => [[start, 1] as const, [end, -1] as const]);
  turns.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 1];
  for (const [, by] of turns) most = Math.max(most, (now += by));
  return most;
}
