/**
 * Small graphs in layers: an edge over several layers has a dummy node in each that it crosses, so that it gets a way of its
 * own, and nodes are ordered for few crossings. Sweeps by barycenters after Sugiyama, Tagawa and Toda (1981), of which the best is
 * kept, with exchanges of neighbours after Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed Graphs", IEEE
 * Trans. Software Engineering, 1993.
 */
import type { Edges } from './graph.ts';
import { layersOf, ranks, withoutCircles } from './ranks.ts';
import type { Work } from './slices.ts';

/** Nodes by index, dummies behind the real ones. */
export interface Arranged {
  /** How many nodes are real. */
  real: number;
  layers: readonly (readonly number[])[];
  /** Neighbours in the layer before and in the layer after. */
  upper: readonly (readonly number[])[];
  lower: readonly (readonly number[])[];
  routes: readonly Route[];
}

export interface Route {
  from: number;
  to: number;
  /** From `from` to `to`, both among them; against the layers where it leads back. */
  way: readonly number[];
  back: boolean;
}

const SWEEPS = 12;

export function* arranged(edges: Edges): Work<Arranged> {
  const forward = yield* withoutCircles(edges);
  const rank = yield* ranks(forward);
  pullRight(rank, forward, edges.before);
  const net = netOf(edges, rank);
  const layers = firstOrder(net);
  let best = { layers: layers.map((layer) => [...layer]), crossings: crossingsOf(layers, net) };
  for (let sweep = 0; sweep < SWEEPS && best.crossings > 0; sweep++) {
    yield 0.2 + (0.6 * sweep) / SWEEPS;
    sortBy(sweep % 2 === 0 ? net.upper : net.lower, sweep % 2 === 0 ? layers : layers.toReversed());
    yield 0.2 + (0.6 * sweep) / SWEEPS;
    exchange(layers, net);
    const crossings = crossingsOf(layers, net);
    if (crossings < best.crossings) best = { layers: layers.map((layer) => [...layer]), crossings };
  }
  const { real, upper, lower, routes } = net;
  return { real, upper, lower, routes, layers: best.layers };
}

/** What needs less than needs it stands right before that: its edges are short. */
function pullRight(
  rank: Int32Array,
  forward: readonly (readonly number[])[],
  before: Edges['before'],
) {
  const nodes = [...rank.keys()].sort((a, b) => (rank[b] ?? 0) - (rank[a] ?? 0));
  for (const node of nodes) {
    const tos = forward[node] ?? [];
    if (tos.length <= (before[node]?.length ?? 0)) continue;
    rank[node] = tos.reduce((least, to) => Math.min(least, rank[to] ?? 0), Infinity) - 1;
  }
}

interface Net extends Pick<Arranged, 'real'> {
  rank: number[];
  upper: number[][];
  lower: number[][];
  routes: Route[];
}

function netOf({ before }: Edges, ranked: Int32Array): Net {
  const rank = [...ranked];
  const net: Net = {
    ...{ real: rank.length, rank, routes: [] },
    upper: rank.map(() => []),
    lower: rank.map(() => []),
  };
  before.forEach((froms, to) => {
    for (const from of froms) net.routes.push(routeOf(from, to, net));
  });
  return net;
}

function routeOf(from: number, to: number, net: Net): Route {
  const { rank, upper, lower } = net;
  const back = (rank[from] ?? 0) > (rank[to] ?? 0);
  const [first, last] = back ? [to, from] : [from, to];
  const way = [first];
  for (let layer = (rank[first] ?? 0) + 1; layer < (rank[last] ?? 0); layer++) {
    way.push(rank.length);
    rank.push(layer);
    upper.push([]);
    lower.push([]);
  }
  way.push(last);
  for (let at = 1; at < way.length; at++) {
    const [a, b] = [way[at - 1] ?? 0, way[at] ?? 0];
    lower[a]?.push(b);
    upper[b]?.push(a);
  }
  return { from, to, way: back ? way.reverse() : way, back };
}

/** Each layer in the order in which a walk from the first nodes finds its own: what belongs together is together. */
function firstOrder({ rank, lower }: Net): number[][] {
  const layers: number[][] = layersOf(Int32Array.from(rank)).map(() => []);
  const seen = new Set<number>();
  const visit = (from: number): void => {
    const open = [from];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      layers[rank[node] ?? 0]?.push(node);
      open.push(...(lower[node] ?? []).toReversed());
    }
  };
  [...rank.keys()].sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0) || a - b).forEach(visit);
  return layers;
}

/** Sorts each layer by the mean place of its neighbours; what has none keeps its place. */
function sortBy(neighbours: readonly (readonly number[])[], layers: readonly number[][]): void {
  const place = placesOf(layers, neighbours.length);
  for (const layer of layers) {
    const key = new Map(
      layer.map((node, index) => {
        const near = neighbours[node] ?? [];
        const sum = near.reduce((all, one) => all + (place[one] ?? 0), 0);
        return [node, near.length === 0 ? index : sum / near.length] as const;
      }),
    );
    layer.sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0));
    layer.forEach((node, index) => (place[node] = index));
  }
}

/** Where each node stands in its layer. */
export function placesOf(layers: readonly (readonly number[])[], size: number): Int32Array {
  const place = new Int32Array(size);
  for (const layer of layers) layer.forEach((node, index) => (place[node] = index));
  return place;
}

/** Exchanges neighbours of a layer where their edges then cross less, once through all layers. */
function exchange(layers: readonly number[][], { upper, lower }: Net): void {
  const place = placesOf(layers, upper.length);
  const crossed = (a: number, b: number): number =>
    inversions(upper[a], upper[b], place) + inversions(lower[a], lower[b], place);
  for (const layer of layers)
    for (let at = 1; at < layer.length; at++) {
      const [a, b] = [layer[at - 1] ?? 0, layer[at] ?? 0];
      if (crossed(a, b) <= crossed(b, a)) continue;
      [layer[at - 1], layer[at]] = [b, a];
      place[b] = at - 1;
      place[a] = at;
    }
}

/** Crossings of the edges of two nodes, of which the first stands first. */
function inversions(
  ofFirst: readonly number[] = [],
  ofSecond: readonly number[] = [],
  place: Int32Array,
): number {
  let count = 0;
  for (const a of ofFirst) for (const b of ofSecond) if ((place[a] ?? 0) > (place[b] ?? 0)) count++;
  return count;
}

/** By insertion into the sorted ends of the edges before. */
function crossingsOf(layers: readonly (readonly number[])[], { lower }: Net): number {
  const place = placesOf(layers, lower.length);
  let count = 0;
  for (const layer of layers) {
    const ends: number[] = [];
    for (const node of layer) {
      const own = (lower[node] ?? []).map((to) => place[to] ?? 0).sort((a, b) => a - b);
      for (const end of own) count += ends.length - after(ends, end);
      ends.push(...own);
      ends.sort((a, b) => a - b);
    }
  }
  return count;
}

/** How many of the sorted values are not greater. */
function after(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
