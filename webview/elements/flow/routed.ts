/** Small graphs: places of their nodes and ways of their edges, from the left to the right or downwards. */
import { type Arranged, type Route } from './arranged.ts';
import { coordinates } from './coordinates.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  width: number;
  height: number;
}

export type Direction = 'LR' | 'TB';

export interface RoutedSizes {
  direction: Direction;
  /** Of each node. */
  boxes: readonly Box[];
  /** Pixels between layers, between nodes of one, and on each side of an edge that passes nodes. */
  gap: { layer: number; node: number; edge: number };
  margin: number;
}

export interface Routed {
  width: number;
  height: number;
  /** Top left corners. */
  nodes: readonly Point[];
  edges: readonly { from: number; to: number; points: Point[]; back: boolean }[];
}

/** `along` the way of the edges, `across` it; of a node its middle. */
interface Place {
  along: number;
  across: number;
}

interface Layer {
  from: number;
  to: number;
}

export function routed(graph: Arranged, sizes: RoutedSizes): Routed {
  const { direction, boxes, gap, margin } = sizes;
  const flat = direction === 'LR';
  const sizeOf = (node: number): { along: number; across: number } => {
    const { width = 0, height = 0 } = boxes[node] ?? {};
    return flat ? { along: width, across: height } : { along: height, across: width };
  };
  const beside = (node: number): number => (node < graph.real ? gap.node : gap.edge) / 2;
  const across = coordinates(graph, {
    size: (node) => sizeOf(node).across,
    gap: (a, b) => beside(a) + beside(b),
  });
  const layers = layersAlong(graph.layers, (node) => sizeOf(node).along, sizes);
  const layerOf: Layer[] = [];
  graph.layers.forEach((layer, at) => {
    for (const node of layer) layerOf[node] = layers[at] as Layer;
  });
  const toPoint = ({ along, across }: Place): Point =>
    flat ? { x: along, y: across } : { x: across, y: along };
  const place = (node: number): Place => {
    const { from, to } = layerOf[node] ?? { from: 0, to: 0 };
    return { along: (from + to) / 2, across: (across[node] ?? 0) + margin };
  };
  const far = across.reduce((most, at, node) => Math.max(most, at + sizeOf(node).across / 2), 0);
  const end = toPoint({ along: (layers.at(-1)?.to ?? 0) + margin, across: far + 2 * margin });
  return {
    ...{ width: end.x, height: end.y },
    nodes: boxes.map(({ width, height }, node) => {
      const { x, y } = toPoint(place(node));
      return { x: x - width / 2, y: y - height / 2 };
    }),
    edges: graph.routes.map((route) => {
      const points = pointsOf(route, { place, layerOf, half: (node) => sizeOf(node).along / 2 });
      return { from: route.from, to: route.to, back: route.back, points: points.map(toPoint) };
    }),
  };
}

function layersAlong(
  layers: Arranged['layers'],
  lengthOf: (node: number) => number,
  { gap, margin }: RoutedSizes,
): Layer[] {
  let at = margin;
  return layers.map((layer) => {
    const length = layer.reduce((most, node) => Math.max(most, lengthOf(node)), 0);
    const own = { from: at, to: at + length };
    at += length + gap.layer;
    return own;
  });
}

interface Ways {
  place: (node: number) => Place;
  layerOf: readonly Layer[];
  /** Half of the length of a node. */
  half: (node: number) => number;
}

/** From border to border: straight through each layer, and over to the next place in the middle between two. */
function pointsOf({ way, back }: Route, { place, layerOf, half }: Ways): Place[] {
  const nodes = back ? way.toReversed() : way;
  const [first = 0, last = 0] = [nodes[0], nodes.at(-1)];
  const [start, end] = [place(first), place(last)];
  const points: Place[] = [{ ...start, along: start.along + half(first) }];
  for (let at = 1; at < nodes.length; at++) {
    const [a, b] = [nodes[at - 1] ?? 0, nodes[at] ?? 0];
    const [from, to] = [place(a).across, place(b).across];
    if (Math.abs(from - to) < 0.5) continue;
    const [leave, enter] = [layerOf[a]?.to ?? 0, layerOf[b]?.from ?? 0];
    const middle = (leave + enter) / 2;
    points.push({ along: leave, across: from }, { along: middle, across: from });
    points.push({ along: middle, across: to }, { along: enter, across: to });
  }
  points.push({ ...end, along: end.along - half(last) });
  const kept = points.filter(
    (one, at) =>
      at === 0 || one.along !== points[at - 1]?.along || one.across !== points[at - 1]?.across,
  );
  return back ? kept.reverse() : kept;
}
