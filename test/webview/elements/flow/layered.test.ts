import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bothWays } from '../../../../webview/elements/flow/graph.ts';
import { layered, type Places, spread } from '../../../../webview/elements/flow/layered.ts';

const SIZES = { width: 100, height: 40, gap: { layer: 30, node: 10 }, margin: 4 };

function lay(before: number[][]): { places: Places; steps: number } {
  const work = layered(bothWays(before), SIZES);
  for (let steps = 0; ; steps++) {
    const step = work.next();
    if (step.done === true) return { places: step.value, steps };
    assert.ok(step.value >= 0 && step.value <= 1);
  }
}

function assertApart({ x, y, width, height }: Places): void {
  const places = [...x.keys()].sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  places.forEach((a, at) => {
    const b = places[at + 1];
    assert.ok(x[a]! >= 0 && y[a]! >= 0);
    assert.ok(x[a]! + SIZES.width <= width && y[a]! + SIZES.height <= height + 1e-6);
    if (b !== undefined && x[a] === x[b]) assert.ok(y[b]! - y[a]! >= SIZES.height);
    else if (b !== undefined) assert.ok(x[b]! - x[a]! >= SIZES.width);
  });
}

describe('the layout of large graphs', () => {
  it('puts what is depended on to the left of what depends on it', () => {
    const { places } = lay([[], [0], [0], [1, 2], [3, 0]]);
    for (const [from, to] of [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
      [3, 4],
    ] as const)
      assert.ok(places.x[from]! < places.x[to]!);
    assertApart(places);
    assert.equal(places.y[0], places.y[3]);
  });

  it('puts no two on each other, whatever depends on whatever', () => {
    const graphs = fc.array(fc.array(fc.nat(59), { maxLength: 4 }), { maxLength: 60 });
    fc.assert(
      fc.property(graphs, (rows) => {
        const before = rows.map((froms, to) => [
          ...new Set(froms.filter((from) => from < rows.length && from !== to)),
        ]);
        const { places } = lay(before);
        assertApart(places);
      }),
    );
  });

  it('wraps a layer of thousands, and a row of thousands, into something a screen can show', () => {
    const fan = [[], ...Array.from({ length: 4_000 }, () => [0])];
    const row = Array.from({ length: 4_000 }, (_, n) => (n === 0 ? [] : [n - 1]));
    for (const before of [fan, row]) {
      const { places } = lay(before);
      assertApart(places);
      assert.ok(places.width / places.height < 8 && places.height / places.width < 4);
    }
  });

  it('can be stopped often, and takes time by nodes and edges only', () => {
    const before = Array.from({ length: 20_000 }, (_, n) =>
      n === 0 ? [] : [Math.floor(n / 2), Math.max(0, n - 7)].filter((from) => from < n),
    );
    const started = performance.now();
    const { steps } = lay(before.map((froms) => [...new Set(froms)]));
    assert.ok(steps > 100);
    assert.ok(performance.now() - started < 3_000);
  });

  it('is nothing for no phases', () => {
    const { places } = lay([]);
    assert.deepEqual([places.width, places.height], [0, 0]);
  });

  it('spreads values to a distance with the least change', () => {
    assert.deepEqual(spread([0, 100], 10), [0, 100]);
    assert.deepEqual(spread([5, 5], 10), [0, 10]);
    assert.deepEqual(spread([50, 0], 10), [20, 30]);
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 30 });
    fc.assert(
      fc.property(values, (wanted) => {
        const got = spread(wanted, 10);
        got.slice(1).forEach((value, at) => assert.ok(value - got[at]! >= 10 - 1e-9));
        const sum = (all: number[]): number => all.reduce((a, b) => a + b, 0);
        assert.ok(Math.abs(sum(got) - sum(wanted)) < 1e-6 * (1 + wanted.length));
      }),
    );
  });
});
