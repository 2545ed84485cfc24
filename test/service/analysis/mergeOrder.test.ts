import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeOrder } from '../../../service/analysis/mergeOrder.ts';

const names = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });

describe('two orders as one', () => {
  it('keeps to both where they agree, with what is new where it stands', () => {
    assert.deepEqual(mergeOrder(['a', 'b', 'c'], ['a', 'x', 'y', 'b', 'z']), [
      ...['a', 'x', 'y', 'b', 'c', 'z'],
    ]);
  });

  it('has every name once, and is the same whichever comes first', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const merged = mergeOrder(a, b);
        assert.deepEqual([...merged].sort(), [...new Set([...a, ...b])].sort());
        assert.deepEqual(mergeOrder(b, a), merged);
      }),
    );
  });

  it('is the order of the longer one when the shorter one is a part of it', () => {
    fc.assert(
      fc.property(names, fc.func(fc.boolean()), (all, keep) => {
        assert.deepEqual(mergeOrder(all, all.filter(keep)), all);
      }),
    );
  });
});
