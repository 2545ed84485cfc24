import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bandwidth,
  boxOf,
  densityOf,
  histogram,
  quantile,
  sorted,
} from '../../../webview/charts/stats.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});
const near = (a: number, b: number, share = 1e-9): boolean =>
  Math.abs(a - b) <= share * Math.max(1, Math.abs(a), Math.abs(b));

describe('a quantile', () => {
  it('is what R and NumPy say by default', () => {
    // numpy.quantile([1, 3, 4, 9, 11], [0, .1, .25, .5, .9, 1])
    const all = [1, 3, 4, 9, 11];
    const expected = [1, 1.8, 3, 4, 10.2, 11];
    [0, 0.1, 0.25, 0.5, 0.9, 1].forEach((share, index) =>
      assert.ok(near(quantile(all, share), expected[index] ?? NaN)),
    );
  });

  it('grows with its share and stays within the values', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (some, a, b) => {
          const all = sorted(some);
          const [low, high] = [quantile(all, Math.min(a, b)), quantile(all, Math.max(a, b))];
          assert.ok(
            low <= high + 1e-6 && low >= (all[0] ?? 0) - 1e-6 && high <= (all.at(-1) ?? 0) + 1e-6,
          );
        },
      ),
    );
  });
});

describe('a box', () => {
  it("has Tukey's whiskers, and outliers beyond them", () => {
    const box = boxOf([1, 2, 3, 4, 5, 6, 7, 8, 30, -20]);
    assert.deepEqual(box, {
      ...{ count: 10, low: 1, p25: 2.25, median: 4.5, p75: 6.75, high: 8, mean: 4.6 },
      outliers: [-20, 30],
    });
  });

  it('of one value is that value; of none is none; gaps count for nothing', () => {
    assert.equal(boxOf([]), null);
    assert.equal(boxOf([null, NaN, Infinity]), null);
    const box = boxOf([7, null, NaN]);
    assert.deepEqual([box?.count, box?.low, box?.median, box?.high], [1, 7, 7, 7]);
  });

  it('is in order, loses no value, and moves and grows with its values', () => {
    fc.assert(
      fc.property(values, (some) => {
        const box = boxOf(some);
        assert.ok(box);
        const { low, p25, median, p75, high, outliers } = box;
        const all = [low, p25, median, p75, high];
        assert.deepEqual(
          all,
          [...all].sort((a, b) => a - b),
        );
        const within = some.filter((value) => value >= low && value <= high).length;
        assert.equal(within + outliers.length, some.length);
        const moved = boxOf(some.map((value) => 2 * value + 5));
        assert.ok(near(moved?.median ?? NaN, 2 * median + 5, 1e-6));
      }),
    );
  });
});

describe('the density of a violin', () => {
  it("is as wide as Silverman's rule says", () => {
    // 0.9 * min(sd, IQR / 1.34) * n ** -0.2 of 1..9: sd 2.7386, IQR 4.
    assert.ok(
      near(
        bandwidth([1, 2, 3, 4, 5, 6, 7, 8, 9]),
        0.9 * Math.min(2.7386127875, 4 / 1.34) * 9 ** -0.2,
        1e-6,
      ),
    );
  });

  it('is that of the normal distribution where the values are', () => {
    // The quantiles of the standard normal distribution, by its inverse (Acklam would do; bisection is plain).
    const count = 2_000;
    const all = Array.from({ length: count }, (_, index) => normalQuantile((index + 0.5) / count));
    for (const { at, density } of densityOf(all, 41)) {
      if (Math.abs(at) > 2) continue;
      const exact = Math.exp(-0.5 * at * at) / Math.sqrt(2 * Math.PI);
      assert.ok(Math.abs(density - exact) < 0.015, `${at}: ${density}, not ${exact}`);
    }
  });

  it('is never negative, lies within the values, and holds at most all of them', () => {
    fc.assert(
      fc.property(values, (some) => {
        const all = sorted(some);
        const density = densityOf(some, 200);
        assert.ok(density.every((one) => one.density >= 0 && Number.isFinite(one.density)));
        assert.ok(density.every(({ at }) => at >= (all[0] ?? 0) && at <= (all.at(-1) ?? 0) + 1e-6));
      }),
    );
  });

  it('of values that are all one is one place', () => {
    assert.deepEqual(densityOf([3, 3, 3]), [{ at: 3, density: 1 }]);
    assert.deepEqual(densityOf([0, 0, 0, 4e-162, 5e-324]), [{ at: 0, density: 1 }]);
    assert.deepEqual(densityOf([]), []);
  });
});

describe('a histogram', () => {
  it('has each value in one bin, and bins side by side from the lowest to the highest', () => {
    fc.assert(
      fc.property(values, (some) => {
        const bins = histogram(some);
        assert.equal(
          bins.reduce((sum, bin) => sum + bin.count, 0),
          some.length,
        );
        assert.ok(bins.length <= 40);
        // 0 and -0 are one value.
        assert.ok(bins[0]?.from === Math.min(...some));
        assert.ok(bins.at(-1)?.to === Math.max(...some));
        bins.slice(1).forEach((bin, index) => assert.equal(bin.from, bins[index]?.to));
      }),
    );
  });

  it('counts what is in each', () => {
    const bins = histogram([0, 1, 2, 3, 4, 5, 6, 7], 2);
    assert.deepEqual(
      bins.map(({ count }) => count),
      [4, 4],
    );
  });
});

function normalQuantile(share: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Abramowitz and Stegun 26.2.17. */
function normalShare(x: number): number {
  const k = 1 / (1 + 0.2316419 * Math.abs(x));
  const sum =
    k *
    (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  const tail = (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)) * sum;
  return x >= 0 ? 1 - tail : tail;
}
