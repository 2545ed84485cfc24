import { arranged, type Arranged } from './arranged.ts';
import { type FlowPhase, graphOf } from './graph.ts';
import { type Direction, type Point, routed } from './routed.ts';
import type { Work } from './slices.ts';

/** Most pixels of a node: as many as its label needs, up to the first of these that fits. */
const WIDTHS = [220, 168, 136] as const;
const [WIDEST, , NARROWEST] = WIDTHS;
export const NODE_HEIGHT = 44;
const MARGIN = 4;
const GAP = { layer: 28, node: 12, edge: 20 } as const;

export interface Node extends Point {
  width: number;
}
/** Pixels in which the whole label of a phase can be read. */
export type Need = (phase: FlowPhase) => number;
/** Places in pixels at scale 1; nodes by their top left corner. */
export interface Flow {
  direction: Direction;
  width: number;
  height: number;
  nodes: Map<string, Node>;
  /** `back`: against the direction, as a part of a circle. */
  edges: { from: string; to: string; points: Point[]; back: boolean }[];
}

/** Without any known dependency the phases are drawn as a chain in their order. */
export function isChain(phases: readonly FlowPhase[]): boolean {
  const known = new Set(phases.map((phase) => phase.phase_id));
  return !phases.some((phase) => phase.depends_on.some((id) => known.has(id)));
}

/** Every node is as wide as its label needs, between the narrowest and the widest that fit. */
export function* layoutFlow(phases: readonly FlowPhase[], width: number, need: Need): Work<Flow> {
  if (isChain(phases)) return yield* layoutChain(phases, width, need);
  const graph = { phases, order: yield* arranged(graphOf(phases)) };
  const narrow = layoutGraph(graph, 'LR', atMost(need, NARROWEST));
  yield 0.85;
  if (narrow.width <= width / READABLE) return yield* readable(graph, narrow, { width, need });
  const high = layoutGraph(graph, 'TB', atMost(need, NARROWEST));
  yield 0.9;
  if (high.width > width / READABLE) return narrow;
  return yield* readable(graph, high, { width, need: inRows(high, width, need) });
}

/** The order of the nodes depends on neither their sizes nor the direction. */
interface Ordered {
  phases: readonly FlowPhase[];
  order: Arranged;
}

/** The layout with the longest labels that needs hardly any scaling, or hardly more than the one with the narrowest nodes. */
function* readable(
  graph: Ordered,
  narrowest: Flow,
  { width, need }: { width: number; need: Need },
): Work<Flow> {
  const most = Math.max(width / HARDLY, Math.min(narrowest.width * LONGER, width / READABLE));
  for (const cap of WIDTHS.filter((one) => one > NARROWEST)) {
    const flow = layoutGraph(graph, narrowest.direction, atMost(need, cap));
    if (flow.width <= most) return flow;
    yield 0.95;
  }
  return narrowest;
}

function atMost(need: Need, most: number): Need {
  return (phase) => Math.max(NARROWEST, Math.min(most, need(phase)));
}

/** Nodes of one row share its width: those that are alone in theirs can be wide though others cannot. */
function inRows(flow: Flow, width: number, need: Need): Need {
  const inRow = new Map<number, number>();
  for (const { y } of flow.nodes.values()) inRow.set(y, (inRow.get(y) ?? 0) + 1);
  return (phase) => {
    const count = inRow.get(flow.nodes.get(phase.phase_id)?.y ?? 0) ?? 1;
    return Math.min(need(phase), (width - 2 * MARGIN + GAP.node) / count - GAP.node);
  };
}

/** Below this scale the text of a node cannot be read; the graph scrolls instead. */
const READABLE = 0.8;
/** Above this scale nobody sees that a graph is scaled. */
const HARDLY = 0.92;
/** What whole names may cost where the graph is scaled anyway. */
const LONGER = 1.06;

/** The scale that fits a graph into a width, within what can be read. */
export function fit(flow: Pick<Flow, 'width'>, width: number): number {
  if (flow.width === 0) return 1;
  return Math.min(1, Math.max(READABLE, width / flow.width));
}

function layoutGraph({ phases, order }: Ordered, direction: Direction, widthOf: Need): Flow {
  const boxes = phases.map((phase) => ({ width: widthOf(phase), height: NODE_HEIGHT }));
  const { width, height, ...drawn } = routed(order, { direction, boxes, gap: GAP, margin: MARGIN });
  const idOf = (node: number): string => phases[node]?.phase_id ?? '';
  const nodes = new Map(
    drawn.nodes.map((at, node) => [idOf(node), { ...at, width: boxes[node]?.width ?? 0 }]),
  );
  const edges = drawn.edges.map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) }));
  return { direction, width, height, nodes, edges };
}

/** Phases that are placed between two chances to stop. */
const PIECE = 256;

/** Rows from left to right, as many to a row as fit; all nodes as wide as the longest label needs. */
function* layoutChain(phases: readonly FlowPhase[], width: number, need: Need): Work<Flow> {
  const most = width < 400 ? NARROWEST : WIDEST;
  let nodeWidth: number = NARROWEST;
  for (const [index, phase] of phases.entries()) {
    nodeWidth = Math.max(nodeWidth, atMost(need, most)(phase));
    if (nodeWidth >= most) break;
    if (index % PIECE === 0) yield (0.5 * index) / phases.length;
  }
  const step = { x: nodeWidth + GAP.layer, y: NODE_HEIGHT + GAP.layer };
  const columns = Math.max(1, Math.floor((width - 8 + GAP.layer) / step.x));
  const nodes = new Map<string, Node>();
  const edges: Flow['edges'] = [];
  for (const [index, phase] of phases.entries()) {
    if (index % PIECE === 0) yield 0.5 + (0.4 * index) / phases.length;
    const at = {
      x: MARGIN + (index % columns) * step.x,
      y: MARGIN + Math.floor(index / columns) * step.y,
      width: nodeWidth,
    };
    nodes.set(phase.phase_id, at);
    const previous = phases[index - 1];
    const from = previous && nodes.get(previous.phase_id);
    if (previous && from)
      edges.push({
        from: previous.phase_id,
        to: phase.phase_id,
        points: link(from, at),
        back: false,
      });
  }
  const used = Math.min(columns, phases.length);
  const rows = Math.ceil(phases.length / columns);
  return {
    direction: 'LR',
    width: phases.length === 0 ? 0 : used * step.x - GAP.layer + 8,
    height: phases.length === 0 ? 0 : rows * step.y - GAP.layer + 8,
    nodes,
    edges,
  };
}

/** Straight within a row, else down, back and down again to the row below. */
function link(from: Node, to: Node): Point[] {
  if (from.y === to.y)
    return [
      { x: from.x + from.width, y: from.y + NODE_HEIGHT / 2 },
      { x: to.x, y: to.y + NODE_HEIGHT / 2 },
    ];
  const between = to.y - GAP.layer / 2;
  const start = from.x + from.width / 2;
  const end = to.x + to.width / 2;
  return [
    { x: start, y: from.y + NODE_HEIGHT },
    { x: start, y: between },
    { x: end, y: between },
    { x: end, y: to.y },
  ];
}

/** An SVG path through the points, with corners rounded by curves through the middles. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.at(-1);
  if (last === undefined) return '';
  const parts = [`M${at(first)}`];
  for (let index = 0; index < rest.length - 1; index++) {
    const corner = rest[index] as Point;
    const next = rest[index + 1] as Point;
    const end = index === rest.length - 2 ? next : middle(corner, next);
    parts.push(`Q${at(corner)} ${at(end)}`);
  }
  if (rest.length === 1) parts.push(`L${at(last)}`);
  return parts.join('');
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
