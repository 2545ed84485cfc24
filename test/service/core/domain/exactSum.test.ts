import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addExactly, exactTotal } from '../../../../service/core/domain/exactSum.ts';
import {
  countValue,
  newQuantiles,
  quantilesOf,
} from '../../../../service/core/domain/quantiles.ts';

function sum(values: readonly number[]): number {
  const held: number[] = [];
  for (const value of values) addExactly(held, value);
  return exactTotal(held);
}

describe('an exact sum', () => {
  it('is that of the true numbers, where adding one by one is not', () => {
    assert.equal(sum([1e100, 1, -1e100]), 1);
    assert.equal(sum(Array.from({ length: 10 }, () => 0.1)), 1);
    assert.equal(sum([1, 2 ** -53, 2 ** -106]), 1 + 2 ** -52);
    assert.equal(sum([]), 0);
  });

  it('does not depend on the order, and takes out what it took in', () => {
    const value = fc.double({ min: -1e15, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (some, others) => {
        const forward = sum([...some, ...others]);
        assert.equal(sum([...others.toReversed(), ...some]) - forward, 0);
        assert.equal(sum([...others, ...some, ...others.map((other) => -other)]) - sum(some), 0);
      }),
    );
  });
});

describe('quantiles', () => {
  it('are those of what is left after some were taken out', () => {
    const value = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (some, others) => {
        const all = newQuantiles();
        const rest = newQuantiles();
        for (const one of [...others, ...some]) countValue(all, one, 1);
        for (const one of others) countValue(all, one, -1);
        for (const one of some) countValue(rest, one, 1);
        assert.deepEqual(quantilesOf(all, 0, 0.5, 0.99, 1), quantilesOf(rest, 0, 0.5, 0.99, 1));
        assert.equal(all.bins.size, rest.bins.size);
      }),
    );
  });

  it('are null of nothing, and 0 of zeros', () => {
    const held = newQuantiles();
    assert.deepEqual(quantilesOf(held, 0.5), [null]);
    countValue(held, 0, 1);
    assert.deepEqual(quantilesOf(held, 0.5, 0.99), [0, 0]);
  });
});
