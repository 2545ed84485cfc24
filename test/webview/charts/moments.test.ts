import assert from 'node:assert/strict';
import fc from 'fast-check';
import { momentsOf, nearestIndex, stack, valueAt } from '../../../webview/charts/moments.ts';
import { same } from '../../../webview/charts/same.ts';
import { withGaps } from '../../../webview/charts/series.ts';
import { type Line, METRIC_COLORS } from '../../../webview/charts/spec.ts';
import { cut } from '../../../webview/charts/pictures/cut.ts';

const line = (...points: [number, number | null][]): Line => ({
  ...{ name: 'a', color: METRIC_COLORS.cpu },
  points: points.map(([x, y]) => ({ x, y })),
});

describe('several lines', () => {
  it('are read at every moment at which one has a value', () => {
    const lines = [line([1, 5], [2, null], [4, 7]), line([2, NaN], [3, 1])];
    assert.deepEqual(momentsOf(lines), [1, 3, 4]);
    assert.deepEqual(
      lines.map(({ points }) => valueAt(points, 4)),
      [7, null],
    );
  });

  it('stand on each other, with a gap only where none has a value', () => {
    const [below, above] = stack([
      line([1, 5], [2, null], [3, 1]),
      line([1, 2], [2, null], [4, 4]),
    ]);
    assert.deepEqual(
      below?.map(({ y }) => y),
      [5, null, 1, 0],
    );
    assert.deepEqual(
      above?.map(({ y }) => y),
      [7, null, 1, 4],
    );
  });

  it('are found by the nearest moment', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.integer(), (some, time) => {
        const times = some.sort((a, b) => a - b);
        const found = times[nearestIndex(times, time)] ?? NaN;
        assert.equal(Math.abs(found - time), Math.min(...times.map((one) => Math.abs(one - time))));
      }),
    );
    assert.equal(nearestIndex([], 5), -1);
  });

  it('have gaps where points are much farther apart than usual', () => {
    const all = withGaps(
      [0, 10, 20, 90, 100].map((x) => ({ x, y: 1 })),
      0,
    );
    assert.deepEqual(
      all.map(({ x, y }) => [x, y]),
      [
        [0, 1],
        [10, 1],
        [20, 1],
        [30, null],
        [90, 1],
        [100, 1],
      ],
    );
  });
});

describe('two charts', () => {
  it('are the same when all they say is the same', () => {
    const say = (): ((value: number | null) => string) => (value) => `${value} MB`;
    assert.ok(
      same(
        { say: say(), points: [{ x: 1, y: null }] },
        { say: say(), points: [{ x: 1, y: null }] },
      ),
    );
    assert.ok(!same({ points: [{ x: 1, y: null }] }, { points: [{ x: 1, y: 0 }] }));
    assert.ok(!same({}, []) && !same([], {}));
    assert.ok(!same({ say: say() }, { say: (value: number | null) => `${value} GB` }));
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        assert.ok(same(a, structuredClone(a)));
        assert.equal(same(a, b), same(b, a));
      }),
    );
  });
});

describe('a name on a chart', () => {
  it('is cut at whole letters, without marks that turn the text around', () => {
    assert.equal(cut('worker\u202E-1\n', 20), 'worker-1');
    assert.equal(cut('😀😀😀😀', 3), '😀😀…');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        (text, most) => assert.ok(Array.from(cut(text, most)).length <= most),
      ),
    );
  });
});
