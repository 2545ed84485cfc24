/** A graph as it is drawn: what stands where, in pixels at scale 1, by the index of its item. */
import type { Graph } from './graph.ts';
import type { Group, Visible } from './groups.ts';
import { layered } from './layered.ts';
import { layoutFlow, type Need, NODE_HEIGHT } from './layout.ts';
import { PlaceIndex, type Rect } from './placeIndex.ts';
import type { Direction, Point } from './routed.ts';
import type { Work } from './slices.ts';

export interface Drawing {
  graph: Graph;
  groups: readonly Group[];
  visible: Visible;
  direction: Direction;
  width: number;
  height: number;
  /** Of each item. */
  rects: readonly Rect[];
  edges: readonly DrawnEdge[];
  index: PlaceIndex;
  edgeIndex: PlaceIndex;
}

export interface DrawnEdge {
  from: number;
  to: number;
  points: readonly Point[];
  /** It leads back to where it came from: part of a circle. */
  back: boolean;
  /** It runs below many nodes: drawn in full it would only be noise. */
  faint: boolean;
}

/** Beyond this edges have no ways of their own: there would be more of them than nodes. */
const ROUTED_MOST = { items: 80, edges: 200 } as const;
const SIZES = {
  ...{ width: 168, height: NODE_HEIGHT, margin: 4 },
  gap: { layer: 48, node: 12 },
} as const;

/** An edge that is longer than so many columns is faint. */
const LONG = 3;

export interface Plan {
  graph: Graph;
  groups: readonly Group[];
  visible: Visible;
  /** Pixels there are, and pixels a label needs. */
  width: number;
  need: Need;
}

/** Lays a graph out in steps; yields the share that is done. */
export function* draw(plan: Plan): Work<Drawing> {
  const { visible } = plan;
  const edges = visible.before.reduce((sum, froms) => sum + froms.length, 0);
  const small = visible.items.length <= ROUTED_MOST.items && edges <= ROUTED_MOST.edges;
  if (small || plan.graph.knowledge === 'order') return yield* finish(plan, yield* fromFlow(plan));
  const places = yield* layered(visible, SIZES);
  const rects = visible.items.map((_, item) => ({
    ...{ x: places.x[item] ?? 0, y: places.y[item] ?? 0 },
    ...{ width: SIZES.width, height: SIZES.height },
  }));
  const drawn: DrawnEdge[] = [];
  for (const [to, froms] of visible.before.entries()) {
    for (const from of froms) drawn.push(straight(from, to, rects));
    if (to % 512 === 0) yield 0.99;
  }
  const { width, height } = places;
  return yield* finish(plan, { direction: 'LR', width, height, rects, edges: drawn });
}

type Placed = Pick<Drawing, 'direction' | 'width' | 'height' | 'rects' | 'edges'>;

function* finish({ graph, groups, visible }: Plan, placed: Placed): Work<Drawing> {
  yield 0.99;
  const index = new PlaceIndex(placed.rects);
  yield 0.99;
  const edgeIndex = new PlaceIndex(placed.edges.map(({ points }) => around(points)));
  return { graph, groups, visible, ...placed, index, edgeIndex };
}

/** With routed edges, or in rows where only the order is known. */
function* fromFlow({ graph, visible, width, need }: Plan): Work<Placed> {
  const named = graph.knowledge !== 'order';
  const phases = visible.items.map(({ label }, item) => ({
    phase_id: String(item),
    name: label,
    depends_on: named ? (visible.before[item] ?? []).map(String) : [],
  }));
  const flow = yield* layoutFlow(phases, width, need);
  const rects = phases.map(({ phase_id: id }) => {
    const { x, y, width } = flow.nodes.get(id) ?? { x: 0, y: 0, width: 0 };
    return { x, y, width, height: NODE_HEIGHT };
  });
  const edges = flow.edges.map(({ from, to, points, back }): DrawnEdge => ({
    ...{ from: Number(from), to: Number(to), points, back, faint: false },
  }));
  return { ...flow, rects, edges };
}

/** From the right side to the left side, by a curve; from the lower to the upper side where that lies in a band below. */
function straight(from: number, to: number, rects: readonly Rect[]): DrawnEdge {
  const [a, b] = [rects[from] as Rect, rects[to] as Rect];
  const start = { x: a.x + a.width, y: a.y + a.height / 2 };
  const end = { x: b.x, y: b.y + b.height / 2 };
  if (end.x > start.x) {
    const middle = (start.x + end.x) / 2;
    return {
      from,
      to,
      points: [start, { x: middle, y: start.y }, { x: middle, y: end.y }, end],
      back: false,
      faint: end.x - start.x > LONG * (SIZES.width + SIZES.gap.layer),
    };
  }
  const below = b.y > a.y;
  const [out, into] = below ? [a.y + a.height, b.y] : [a.y, b.y + b.height];
  const [x, toX] = [a.x + a.width / 2, b.x + b.width / 2];
  const level = (out + into) / 2;
  const points = [
    { x, y: out },
    { x, y: level },
    { x: toX, y: level },
    { x: toX, y: into },
  ];
  return { from, to, points, back: !below, faint: true };
}

function around(points: readonly Point[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
