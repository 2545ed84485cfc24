/**
 * Where the nodes of ordered layers stand across them, so that long edges are straight and nodes stand in the middle of
 * their neighbours: Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment", Graph Drawing 2001. Nodes are joined
 * into straight blocks with their median neighbours from each of four sides; of the four placements each node gets the mean
 * of the two in the middle.
 */
import { type Arranged, placesOf } from './arranged.ts';

type Layers = readonly (readonly number[])[];
type Neighbours = readonly (readonly number[])[];

/** Pixels of each node, and between two beside each other. */
export interface Extents {
  size: (node: number) => number;
  gap: (a: number, b: number) => number;
}

/** The middle of each node, in pixels; the first begins at 0. */
export function coordinates(graph: Arranged, extents: Extents): number[] {
  const crossed = conflicts(graph);
  const layouts = [false, true].flatMap((up) =>
    [false, true].map((right) => placed(graph, { up, right, crossed }, extents)),
  );
  const nodes = [...graph.upper.keys()];
  const bounds = layouts.map((values) => boundsOf(nodes, values, extents));
  const narrowest = bounds.reduce((a, b) => (b.to - b.from < a.to - a.from ? b : a));
  const shifts = bounds.map((own, index) =>
    index % 2 === 0 ? narrowest.from - own.from : narrowest.to - own.to,
  );
  const middle = nodes.map((node) => {
    const all = layouts.map((values, index) => (values[node] ?? 0) + (shifts[index] ?? 0));
    const [, second = 0, third = 0] = all.sort((a, b) => a - b);
    return (second + third) / 2;
  });
  const { from } = boundsOf(nodes, middle, extents);
  return middle.map((value) => value - from);
}

function boundsOf(nodes: readonly number[], values: readonly number[], { size }: Extents) {
  let [from, to] = [Infinity, -Infinity];
  for (const node of nodes) {
    from = Math.min(from, (values[node] ?? 0) - size(node) / 2);
    to = Math.max(to, (values[node] ?? 0) + size(node) / 2);
  }
  return { from, to };
}

/** Edges that cross a part of a long one: that one is to be straight, not these. */
function conflicts({ layers, lower, real }: Arranged): ReadonlySet<string> {
  const place = placesOf(layers, lower.length);
  const at = (node: number): number => place[node] ?? 0;
  const found = new Set<string>();
  for (const layer of layers) {
    const parts = layer.flatMap((a) => (lower[a] ?? []).map((b) => [a, b] as const));
    const inner = parts.filter(([a, b]) => a >= real && b >= real);
    for (const [a, b] of parts) {
      if (a >= real && b >= real) continue;
      if (inner.some(([c, d]) => (at(a) - at(c)) * (at(b) - at(d)) < 0)) found.add(pair(a, b));
    }
  }
  return found;
}

function pair(a: number, b: number): string {
  return a < b ? `${a},${b}` : `${b},${a}`;
}

interface Side {
  /** From the last layer to the first, and from the last node of each to the first. */
  up: boolean;
  right: boolean;
  crossed: ReadonlySet<string>;
}

function placed(graph: Arranged, { up, right, crossed }: Side, extents: Extents): number[] {
  const turned = up ? graph.layers.toReversed() : graph.layers;
  const layers = right ? turned.map((layer) => layer.toReversed()) : turned;
  const root = blocksOf(layers, up ? graph.lower : graph.upper, crossed);
  const values = compacted(layers, root, extents);
  return right ? values.map((value) => -value) : values;
}

/** The first node of the block that each belongs to. */
function blocksOf(layers: Layers, neighbours: Neighbours, crossed: ReadonlySet<string>): number[] {
  const place = placesOf(layers, neighbours.length);
  const at = (node: number): number => place[node] ?? 0;
  const root = [...neighbours.keys()];
  for (const layer of layers) {
    let last = -1;
    for (const node of layer) {
      const near = (neighbours[node] ?? []).toSorted((a, b) => at(a) - at(b));
      const medians = [near[(near.length - 1) >> 1], near[near.length >> 1]];
      const one = medians.find(
        (other) => other !== undefined && at(other) > last && !crossed.has(pair(node, other)),
      );
      if (one === undefined) continue;
      root[node] = root[one] ?? one;
      last = at(one);
    }
  }
  return root;
}

interface Block {
  /** Blocks beside it, and how far their middles are apart at least. */
  before: Map<number, number>;
  after: Map<number, number>;
}

/** Each block as far to the beginning as it can stand; then those that nothing needs there, back to what follows. */
function compacted(layers: Layers, root: readonly number[], { size, gap }: Extents): number[] {
  const blocks = new Map<number, Block>();
  for (const one of root) blocks.set(one, { before: new Map(), after: new Map() });
  const blockOf = (node: number): number => root[node] ?? node;
  for (const layer of layers)
    for (let at = 1; at < layer.length; at++) {
      const [a, b] = [layer[at - 1] ?? 0, layer[at] ?? 0];
      const apart = (size(a) + size(b)) / 2 + gap(a, b);
      widen(blocks.get(blockOf(a))?.after, blockOf(b), apart);
      widen(blocks.get(blockOf(b))?.before, blockOf(a), apart);
    }
  const order = inOrder(blocks);
  const value = new Map<number, number>();
  for (const one of order) {
    let most = 0;
    for (const [other, apart] of blocks.get(one)?.before ?? [])
      most = Math.max(most, (value.get(other) ?? 0) + apart);
    value.set(one, most);
  }
  for (const one of order.toReversed()) {
    let least = Infinity;
    for (const [other, apart] of blocks.get(one)?.after ?? [])
      least = Math.min(least, (value.get(other) ?? 0) - apart);
    if (least < Infinity) value.set(one, Math.max(value.get(one) ?? 0, least));
  }
  return root.map((one) => value.get(one) ?? 0);
}

function widen(apart: Map<number, number> | undefined, other: number, pixels: number): void {
  apart?.set(other, Math.max(apart.get(other) ?? 0, pixels));
}

/** Blocks so that each comes after those it has to stand behind. */
function inOrder(blocks: ReadonlyMap<number, Block>): number[] {
  const waiting = new Map([...blocks].map(([one, { before }]) => [one, before.size]));
  const ready = [...blocks.keys()].filter((one) => waiting.get(one) === 0);
  for (const one of ready)
    for (const other of blocks.get(one)?.after.keys() ?? []) {
      const rest = (waiting.get(other) ?? 0) - 1;
      waiting.set(other, rest);
      if (rest === 0) ready.push(other);
    }
  return ready;
}
