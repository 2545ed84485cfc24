/**
 * Which layer of a drawing each node stands in. Circles are opened at the edges that lead back in a depth-first walk, layers
 * follow the longest path (Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures",
 * IEEE Trans. SMC, 1981).
 */
import type { Edges } from './graph.ts';
import type { Work } from './slices.ts';

/** Nodes that are looked at between two chances to stop: well below a millisecond. */
export const PIECE = 256;

/** What comes after each, without the edges that lead back to where a walk is under way. */
export function* withoutCircles({ before, after }: Edges): Work<number[][]> {
  const state = new Uint8Array(after.length); // 0 not seen, 1 on the way, 2 done
  const forward: number[][] = after.map(() => []);
  const roots = [...after.keys()].sort(
    (a, b) => Number(isInner(before, a)) - Number(isInner(before, b)),
  );
  let steps = 0;
  for (const root of roots) {
    if (state[root] !== 0) continue;
    const way: [node: number, next: number][] = [[root, 0]];
    state[root] = 1;
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      if (++steps % PIECE === 0) yield 0.1;
      const [node, next] = top;
      const to = after[node]?.[next];
      if (to === undefined) {
        state[node] = 2;
        way.pop();
        continue;
      }
      top[1]++;
      if (state[to] !== 1) forward[node]?.push(to);
      if (state[to] !== 0) continue;
      state[to] = 1;
      way.push([to, 0]);
    }
  }
  return forward;
}

function isInner(before: Edges['before'], node: number): boolean {
  return (before[node]?.length ?? 0) > 0;
}

/** The longest way to each; what nothing leads to stands right before what it leads to. */
export function* ranks(forward: readonly (readonly number[])[]): Work<Int32Array> {
  const rank = new Int32Array(forward.length);
  const waiting = new Int32Array(forward.length);
  for (const tos of forward) for (const to of tos) waiting[to] = (waiting[to] ?? 0) + 1;
  const sources = [...forward.keys()].filter((node) => waiting[node] === 0);
  const ready = [...sources];
  for (let at = 0; at < ready.length; at++) {
    if (at % PIECE === 0) yield 0.25;
    const node = ready[at] ?? 0;
    for (const to of forward[node] ?? []) {
      rank[to] = Math.max(rank[to] ?? 0, (rank[node] ?? 0) + 1);
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) ready.push(to);
    }
  }
  for (const node of sources) {
    const tos = forward[node] ?? [];
    if (tos.length > 0)
      rank[node] = tos.reduce((a, to) => Math.min(a, rank[to] ?? 0), Infinity) - 1;
  }
  return rank;
}

export function layersOf(rank: Int32Array): number[][] {
  const layers: number[][] = [];
  rank.forEach((layer, node) => {
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(node);
  });
  return layers;
}
