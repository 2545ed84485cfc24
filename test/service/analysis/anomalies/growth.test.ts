import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Growth } from '../../../../service/analysis/anomalies/growth.ts';

const START = Date.UTC(2026, 0, 15);

/** The rate after each point; null where it is not known. */
function ratesOf(points: readonly (readonly [second: number, value: number])[]) {
  const growth = new Growth();
  return points.map(([second, value]) => {
    growth.add(START + second * 1000, value);
    return growth.end();
  });
}

describe('how fast a counter grows', () => {
  it('is not known from its first value, then by the second', () => {
    assert.deepEqual(
      ratesOf([
        [0, 1000],
        [1, 1010],
        [3, 1050],
      ]),
      [null, 10, 20],
    );
  });

  it('is not changed by points that come late or twice: what they tell is known already', () => {
    assert.deepEqual(
      ratesOf([
        [0, 1000],
        [2, 1020],
        [1, 1010],
        [2, 1020],
        [3, 1030],
      ]),
      [null, 10, null, null, 10],
    );
  });

  it('begins anew with a counter that fell, and with a clock that was set back', () => {
    assert.deepEqual(
      ratesOf([
        [0, 1000],
        [1, 40],
      ]),
      [null, 40],
    );
    const back = Array.from({ length: 12 }, (_, i) => [i - 3600, 1000 + 5 * i] as const);
    const rates = ratesOf([[0, 990], ...back]);
    assert.deepEqual(rates.slice(0, 11), Array(11).fill(null));
    assert.deepEqual(rates.slice(11), [5, 5]);
  });

  it('is never negative and never infinite, whatever comes in whatever order', () => {
    const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat(1e9));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 100 }), (points) => {
        for (const rate of ratesOf(points))
          assert.ok(rate === null || (rate >= 0 && Number.isFinite(rate)), String(rate));
      }),
    );
  });
});
