import assert from 'node:assert/strict';
import fc from 'fast-check';
import { arranged } from '../../../../webview/elements/flow/arranged.ts';
import { bothWays } from '../../../../webview/elements/flow/graph.ts';
import { type Direction, type Routed, routed } from '../../../../webview/elements/flow/routed.ts';
import { finished } from '../../../../webview/elements/flow/slices.ts';

const BOX = { width: 120, height: 40 };
const GAP = { layer: 28, node: 12, edge: 20 };

function draw(before: number[][], direction: Direction = 'LR', width = BOX.width): Routed {
  const boxes = before.map((_, node) => ({ ...BOX, width: node % 3 === 0 ? width : BOX.width }));
  const order = finished(arranged(bothWays(before)));
  return routed(order, { direction, boxes, gap: GAP, margin: 4 });
}

/** Graphs of every shape, circles too. */
const graphs = fc
  .array(fc.array(fc.nat(29), { maxLength: 3 }), { maxLength: 30 })
  .map((rows) =>
    rows.map((froms, to) => [
      ...new Set(froms.filter((from) => from < rows.length && from !== to)),
    ]),
  );

const row = (length: number): number[][] =>
  Array.from({ length }, (_, n) => (n === 0 ? [] : [n - 1]));

describe('the layout of small graphs', () => {
  it('puts no two phases on each other, and all within the drawing', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom('LR', 'TB'), (before, direction) => {
        const { nodes, width, height } = draw(before, direction, 200);
        const size = (node: number): number => (node % 3 === 0 ? 200 : BOX.width);
        nodes.forEach((a, one) => {
          assert.ok(a.x >= 0 && a.y >= 0);
          assert.ok(a.x + size(one) <= width + 1e-6 && a.y + BOX.height <= height + 1e-6);
          nodes.slice(0, one).forEach((b, other) => {
            const apart =
              Math.max(a.x - b.x - size(other), b.x - a.x - size(one)) >= 12 - 1e-6 ||
              Math.abs(a.y - b.y) >= BOX.height + 12 - 1e-6;
            assert.ok(apart, `${one} and ${other}`);
          });
        });
      }),
    );
  });

  it('draws each edge once, from the border of a phase to that of another and through none', () => {
    fc.assert(
      fc.property(graphs, (before) => {
        const { nodes, edges } = draw(before);
        const drawn = edges.map(({ from, to }) => `${from}>${to}`).sort();
        assert.deepEqual(
          drawn,
          before.flatMap((froms, to) => froms.map((from) => `${from}>${to}`)).sort(),
        );
        for (const { points, back, from, to } of edges) {
          const [first, last] = back ? [to, from] : [from, to];
          const way = back ? points.toReversed() : points;
          assert.equal(way[0]?.x, nodes[first]!.x + BOX.width);
          assert.equal(way.at(-1)?.x, nodes[last]!.x);
          for (const [at, b] of way.slice(1).entries()) {
            const a = way[at]!;
            assert.ok(b.x >= a.x, 'it never turns round');
            const inside = nodes.some(
              ({ x, y }) =>
                Math.min(b.x, x + BOX.width) - Math.max(a.x, x) > 1e-6 &&
                Math.min(Math.max(a.y, b.y), y + BOX.height) - Math.max(Math.min(a.y, b.y), y) > 0,
            );
            assert.ok(!inside, `${from} to ${to} runs through a phase`);
          }
        }
      }),
    );
  });

  it('draws a chain, and a long edge beside it, as straight lines', () => {
    const chain = row(12);
    assert.equal(new Set(draw(chain).nodes.map(({ y }) => y)).size, 1);
    assert.equal(new Set(draw(chain, 'TB').nodes.map(({ x }) => x)).size, 1);
    const { edges } = draw([...row(11), [10, 0]]);
    const long = edges.find(({ from, to }) => from === 0 && to === 11);
    assert.equal(new Set(long?.points.map(({ y }) => y)).size, 2, 'out, along and back in');
  });

  it('stands what splits and joins in the middle of its branches, in their order', () => {
    const branches = Array.from({ length: 20 }, () => [0]);
    const { nodes, edges } = draw([[], ...branches, branches.map((_, n) => n + 1)]);
    const ys = branches.map((_, n) => nodes[n + 1]!.y);
    assert.deepEqual(
      ys,
      ys.toSorted((a, b) => a - b),
    );
    assert.equal(nodes[0]!.y, (ys[0]! + ys[19]!) / 2);
    assert.equal(nodes[21]!.y, nodes[0]!.y);
    assert.equal(edges.length, 40);
  });

  it('crosses no edges where none have to cross', () => {
    // Two ladders whose phases come mixed up.
    const before = [[], [], [0], [1], [2], [3], [5], [4], [6, 5], [7, 4]];
    const { nodes } = draw(before);
    const above = nodes[0]!.y < nodes[1]!.y;
    for (const [a, b] of [
      [2, 3],
      [4, 5],
      [7, 6],
      [9, 8],
    ] as const)
      assert.equal(nodes[a]!.y < nodes[b]!.y, above);
  });

  it('says which edge of a circle leads back', () => {
    const { edges } = draw([[2], [0], [1]]);
    assert.equal(edges.filter(({ back }) => back).length, 1);
  });

  it('is quick for as many phases as it is for', () => {
    const before = Array.from({ length: 80 }, (_, n) =>
      [...new Set([n - 1, n - 7])].filter((from) => from >= 0 && from < n),
    );
    const started = performance.now();
    draw(before);
    assert.ok(performance.now() - started < 1_000);
  });
});
