import { Graph, layout } from '@dagrejs/dagre';

/** Widths of a node: the widest that fits without scaling, so that names can be read whole. */
const WIDTHS = [200, 168, 136] as const;
const NARROWEST = 136;
export const NODE_HEIGHT = 44;
const GAP = { rank: 28, node: 12 } as const;

export interface FlowPhase {
  phase_id: string;
  depends_on: readonly string[];
}
export interface Point {
  x: number;
  y: number;
}
/** Places in pixels at scale 1; nodes by their top left corner. */
export interface Flow {
  nodeWidth: number;
  width: number;
  height: number;
  nodes: Map<string, Point>;
  edges: { from: string; to: string; points: Point[] }[];
}
type Direction = 'LR' | 'TB';

/** Changes when phases or dependencies do, not when their states do. */
export function structureOf(phases: readonly FlowPhase[]): string {
  return phases.map((phase) => `${phase.phase_id}<${phase.depends_on.join(',')}`).join(';');
}

/** Without any known dependency the phases are drawn as a chain in their order. */
export function isChain(phases: readonly FlowPhase[]): boolean {
  const known = new Set(phases.map((phase) => phase.phase_id));
  return !phases.some((phase) => phase.depends_on.some((id) => known.has(id)));
}

export function layoutFlow(phases: readonly FlowPhase[], width: number): Flow {
  if (isChain(phases)) return layoutChain(phases, width);
  const narrow = layoutGraph(phases, 'LR', NARROWEST);
  if (narrow.width <= width / READABLE) return widest(phases, 'LR', width) ?? narrow;
  const high = layoutGraph(phases, 'TB', NARROWEST);
  if (high.width > width / READABLE) return narrow;
  return widest(phases, 'TB', width) ?? high;
}

/** The layout with the widest nodes that needs no scaling. A large graph is not laid out several times. */
function widest(
  phases: readonly FlowPhase[],
  direction: Direction,
  width: number,
): Flow | undefined {
  if (phases.length > 200) return undefined;
  return WIDTHS.map((nodeWidth) => layoutGraph(phases, direction, nodeWidth)).find(
    (flow) => flow.width <= width,
  );
}

/** Below this scale the text of a node cannot be read; the graph scrolls instead. */
const READABLE = 0.8;

/** The scale that fits a graph into a width, within what can be read. */
export function fit(flow: Flow, width: number): number {
  if (flow.width === 0) return 1;
  return Math.min(1, Math.max(READABLE, width / flow.width));
}

function layoutGraph(phases: readonly FlowPhase[], direction: Direction, nodeWidth: number): Flow {
  const graph = new Graph();
  graph.setGraph({
    rankdir: direction,
    nodesep: GAP.node,
    ranksep: GAP.rank,
    marginx: 4,
    marginy: 4,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const phase of phases)
    graph.setNode(phase.phase_id, { width: nodeWidth, height: NODE_HEIGHT });
  const known = new Set(phases.map((phase) => phase.phase_id));
  for (const phase of phases)
    for (const id of new Set(phase.depends_on))
      if (known.has(id) && id !== phase.phase_id) graph.setEdge(id, phase.phase_id);
  layout(graph);
  return flowOf(graph, nodeWidth);
}

function flowOf(graph: Graph, nodeWidth: number): Flow {
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const nodes = new Map<string, Point>();
  for (const id of graph.nodes()) {
    const { x, y } = graph.node(id) as Point;
    nodes.set(id, { x: x - nodeWidth / 2, y: y - NODE_HEIGHT / 2 });
  }
  const edges = graph.edges().map((edge) => ({
    from: edge.v,
    to: edge.w,
    points: (graph.edge(edge) as { points: Point[] }).points,
  }));
  return { nodeWidth, width, height, nodes, edges };
}

/** Rows from left to right, as many to a row as fit. */
function layoutChain(phases: readonly FlowPhase[], width: number): Flow {
  const nodeWidth = width < 400 ? NARROWEST : 168;
  const step = { x: nodeWidth + GAP.rank, y: NODE_HEIGHT + GAP.rank };
  const columns = Math.max(1, Math.floor((width - 8 + GAP.rank) / step.x));
  const nodes = new Map<string, Point>();
  const edges: Flow['edges'] = [];
  phases.forEach((phase, index) => {
    const at = { x: 4 + (index % columns) * step.x, y: 4 + Math.floor(index / columns) * step.y };
    nodes.set(phase.phase_id, at);
    const previous = phases[index - 1];
    const from = previous && nodes.get(previous.phase_id);
    if (previous && from)
      edges.push({
        from: previous.phase_id,
        to: phase.phase_id,
        points: link(from, at, nodeWidth),
      });
  });
  const used = Math.min(columns, phases.length);
  const rows = Math.ceil(phases.length / columns);
  return {
    nodeWidth,
    width: phases.length === 0 ? 0 : used * step.x - GAP.rank + 8,
    height: phases.length === 0 ? 0 : rows * step.y - GAP.rank + 8,
    nodes,
    edges,
  };
}

/** Straight within a row, else down, back and down again to the row below. */
function link(from: Point, to: Point, nodeWidth: number): Point[] {
  if (from.y === to.y)
    return [
      { x: from.x + nodeWidth, y: from.y + NODE_HEIGHT / 2 },
      { x: to.x, y: to.y + NODE_HEIGHT / 2 },
    ];
  const between = to.y - GAP.rank / 2;
  const start = from.x + nodeWidth / 2;
  const end = to.x + nodeWidth / 2;
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
