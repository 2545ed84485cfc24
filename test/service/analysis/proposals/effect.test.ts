import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  effectOf,
  judged,
  medianOf,
  rankTest,
} from '../../../../service/analysis/proposals/effect.ts';
import { randomOf } from '../../../support/random.ts';

const rates = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 40 });
const wild = fc.array(fc.double(), { maxLength: 40 });

describe('the rank test of two windows', () => {
  it('gives what the books give', () => {
    // R: wilcox.test(c(1,2,3,4,5), c(6,7,8,9,10), exact = FALSE)$p.value is 0.01219.
    assert.ok(Math.abs(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) - 0.012186) < 1e-5);
    // Nothing is as likely as two equal windows.
    assert.ok(rankTest([1, 2, 3, 4], [1, 2, 3, 4]) > 0.999_999);
  });

  it('is 1 where there is nothing to compare: none, one value all over, and what is no number', () => {
    assert.equal(rankTest([], [1, 2]), 1);
    assert.equal(rankTest([1, 2], []), 1);
    assert.equal(rankTest([5, 5, 5], [5, 5, 5]), 1);
    assert.equal(rankTest([1, Number.NaN], [2, 3]), 1);
    assert.equal(rankTest([1, Infinity], [2, 3]), 1);
  });

  it('is a chance, the same for both directions, in any order, and for the same ranks', () => {
    fc.assert(
      fc.property(rates, rates, (a, b) => {
        const p = rankTest(a, b);
        assert.ok(p >= 0 && p <= 1);
        assert.ok(Math.abs(p - rankTest(b, a)) < 1e-12);
        assert.equal(p, rankTest([...a].reverse(), [...b].reverse()));
      }),
    );
    fc.assert(
      fc.property(wild, wild, (a, b) => {
        const p = rankTest(a, b);
        assert.ok(p >= 0 && p <= 1, String(p));
      }),
    );
  });

  it('calls two windows of the same throughput different as rarely as it says', () => {
    const random = randomOf(7);
    let found = 0;
    for (let round = 0; round < 2000; round++) {
      const window = () => Array.from({ length: 15 }, () => 100 + random());
      if (rankTest(window(), window()) < 0.01) found++;
    }
    assert.ok(found > 4 && found < 40, `${found} of 2000`);
  });
});

describe('the median of rates', () => {
  it('leaves out what is no number, and is 0 of nothing', () => {
    assert.equal(medianOf([]), 0);
    assert.equal(medianOf([Number.NaN, Infinity]), 0);
    assert.equal(medianOf([3, Number.NaN, 1, 2]), 2);
    assert.equal(medianOf([1, 2]), 1.5);
  });
});

describe('the effect of a change', () => {
  const around = (value: number, length = 12) =>
    Array.from({ length }, (_, n) => value * (1 + ((n % 5) - 2) / 100));
  const usual = { best: 0, costs: false, canWait: false };

  it('is the difference of the medians; from nothing to something is twice as much', () => {
    assert.equal(effectOf([100, 100], [150, 150]).gain, 0.5);
    assert.equal(effectOf([0, 0], [5, 5]).gain, 1);
    assert.equal(effectOf([0, 0], [0, 0]).gain, 0);
  });

  it('is kept where it is faster, worse where it is slower, and neither below 5 %', () => {
    assert.equal(judged(around(100), around(120), usual).verdict, 'kept');
    assert.equal(judged(around(100), around(80), usual).verdict, 'worse');
    assert.equal(judged(around(100), around(104), usual).verdict, 'kept');
    assert.equal(judged(around(100), around(104), { ...usual, costs: true }).verdict, 'no_gain');
  });

  it('waits for more samples where they may tell, and adds up small losses', () => {
    const open = [80, 85, 90, 100, 101, 102, 103];
    const more = [88, 99, 104, 107, 108, 109, 110];
    assert.equal(judged(open, more, { ...usual, canWait: true }).verdict, null);
    assert.notEqual(judged(open, more, usual).verdict, null);
    assert.equal(judged(around(100), around(98), { ...usual, best: 110 }).verdict, 'worse');
  });
});
