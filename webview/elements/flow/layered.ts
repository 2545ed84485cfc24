/**
 * A layout for graphs that are too large for routes of their edges: in the same layers as a small one (see ranks.ts), but
 * without dummy nodes, so that time and memory grow with nodes and edges only: O(V log V + E). Neighbours are ordered by
 * their barycenters, and stand as near to them as their order allows (isotonic regression by pooling adjacent violators:
 * Barlow, Bartholomew, Bremner and Brunk, 1972). Layers that are too long for a screen are wrapped, and so are rows of too
 * many layers.
 *
 * A generator, so that whoever draws can stop in between: it yields the share that is done, 0 to 1.
 */
import type { Edges } from './graph.ts';
import { layersOf, PIECE, ranks, withoutCircles } from './ranks.ts';
import type { Work } from './slices.ts';

export interface Sizes {
  /** Pixels of a node. */
  width: number;
  height: number;
  gap: { layer: number; node: number };
  margin: number;
}

export interface Places {
  width: number;
  height: number;
  /** Top left corners. */
  x: Float64Array;
  y: Float64Array;
}

const SWEEPS = 4;

export function* layered(edges: Edges, sizes: Sizes): Work<Places> {
  const forward = yield* withoutCircles(edges);
  yield 0.2;
  const layers = layersOf(yield* ranks(forward));
  yield 0.3;
  yield* order(layers, edges);
  yield 0.8;
  return yield* place(layers, edges, sizes);
}

/** Sorts each layer by where its neighbours stand, back and forth. */
function* order(layers: number[][], { before, after }: Edges): Work<void> {
  const place = new Float64Array(before.length);
  const note = (layer: readonly number[]): void =>
    layer.forEach((node, index) => (place[node] = (index + 0.5) / layer.length));
  layers.forEach(note);
  let seen = 0;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const neighbours = sweep % 2 === 0 ? before : after;
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const key = new Map<number, number>();
      for (const node of layer) {
        if (++seen % PIECE === 0) yield 0.3 + (0.5 * sweep) / SWEEPS;
        key.set(node, mean(neighbours[node] ?? [], place) ?? place[node] ?? 0);
      }
      layer.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0) || a - b);
      note(layer);
    }
  }
}

function mean(nodes: readonly number[], values: Float64Array): number | null {
  if (nodes.length === 0) return null;
  let sum = 0;
  for (const node of nodes) sum += values[node] ?? 0;
  return sum / nodes.length;
}

/** A layer, wrapped into columns where it is too long. */
interface Column {
  nodes: readonly number[];
  /** The last column of its layer leaves room for edges. */
  last: boolean;
  /** A piece of a wrapped layer keeps its order: it is not moved towards its neighbours. */
  wrapped: boolean;
}

function* place(layers: readonly number[][], edges: Edges, sizes: Sizes): Work<Places> {
  const size = edges.before.length;
  const columns = columnsOf(layers, size, sizes);
  const [x, y] = [new Float64Array(size), new Float64Array(size)];
  const bands = bandsOf(columns, sizes);
  let [top, width] = [sizes.margin, 0];
  for (const [at, band] of bands.entries()) {
    yield* align(band, { edges, sizes, y });
    const { least, most } = boundsOf(band, y);
    let left = sizes.margin;
    for (const column of band) {
      for (const node of column.nodes) {
        x[node] = left;
        y[node] = (y[node] ?? 0) - least + top;
      }
      left += sizes.width + (column.last ? sizes.gap.layer : sizes.gap.node);
      width = Math.max(width, left - (column.last ? sizes.gap.layer : sizes.gap.node));
    }
    top += most - least + sizes.height + sizes.gap.layer;
    yield 0.8 + (0.2 * at) / bands.length;
  }
  const height = size === 0 ? 0 : top - sizes.gap.layer + sizes.margin;
  return { width: size === 0 ? 0 : width + sizes.margin, height, x, y };
}

/** How wide what is wrapped becomes for its height: as a screen is, or wider. */
const ASPECT = 2;

function columnsOf(layers: readonly number[][], size: number, sizes: Sizes): Column[] {
  const pitch = { x: sizes.width + sizes.gap.node, y: sizes.height + sizes.gap.node };
  const longest = Math.max(24, Math.ceil(Math.sqrt((size * pitch.x) / (ASPECT * pitch.y))));
  return layers.flatMap((layer) => {
    const count = Math.ceil(layer.length / longest);
    const rows = Math.ceil(layer.length / count);
    return Array.from({ length: count }, (_, index) => ({
      nodes: layer.slice(index * rows, (index + 1) * rows),
      last: index === count - 1,
      wrapped: count > 1,
    }));
  });
}

/** Columns below each other where one row of them would be far too long. */
function bandsOf(columns: readonly Column[], { width, height, gap }: Sizes): Column[][] {
  const tallest = columns.reduce((most, { nodes }) => Math.max(most, nodes.length), 0);
  const total = columns.length * (width + gap.layer);
  const high = tallest * (height + gap.node) + gap.layer;
  const most = Math.sqrt(total * high * ASPECT);
  if (total <= 4 * Math.max(most, 1)) return [[...columns]];
  const inBand = Math.max(1, Math.floor(most / (width + gap.layer)));
  return Array.from({ length: Math.ceil(columns.length / inBand) }, (_, index) =>
    columns.slice(index * inBand, (index + 1) * inBand),
  );
}

interface Aligning {
  edges: Edges;
  sizes: Sizes;
  y: Float64Array;
}

/** Moves nodes towards their neighbours of the same band, first from the left, then from the right. */
function* align(band: readonly Column[], { edges, sizes, y }: Aligning): Work<void> {
  const pitch = sizes.height + sizes.gap.node;
  const mine = new Set<number>();
  for (const { nodes } of band)
    nodes.forEach((node, index) => {
      mine.add(node);
      y[node] = (index - (nodes.length - 1) / 2) * pitch;
    });
  let seen = 0;
  for (const [neighbours, columns] of [
    [edges.before, band],
    [edges.after, band.toReversed()],
  ] as const)
    for (const { nodes, wrapped } of columns) {
      if (wrapped) continue;
      seen += nodes.length;
      if (seen > PIECE) {
        seen = 0;
        yield 0.85;
      }
      const wanted = nodes.map((node) => {
        const near = (neighbours[node] ?? []).filter((one) => mine.has(one));
        return mean(near, y) ?? y[node] ?? 0;
      });
      spread(wanted, pitch).forEach((value, index) => (y[nodes[index] ?? 0] = value));
    }
}

/** The values nearest to those wanted (least squares) that keep their order and at least `pitch` between each other. */
export function spread(wanted: readonly number[], pitch: number): number[] {
  const blocks: { sum: number; count: number }[] = [];
  wanted.forEach((value, index) => {
    let block = { sum: value - index * pitch, count: 1 };
    for (let last = blocks.at(-1); last && average(last) >= average(block); last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  });
  const levels = blocks.flatMap((block) => Array<number>(block.count).fill(average(block)));
  return levels.map((level, index) => level + index * pitch);
}

function average({ sum, count }: { sum: number; count: number }): number {
  return sum / count;
}

function boundsOf(band: readonly Column[], y: Float64Array): { least: number; most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const { nodes } of band)
    for (const node of nodes) {
      least = Math.min(least, y[node] ?? 0);
      most = Math.max(most, y[node] ?? 0);
    }
  return { least, most };
}
