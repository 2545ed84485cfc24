import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Bucket } from '../../../service/series/bucket.ts';
import { binOf } from '../../../service/series/sketch.ts';
import { mergeByIndex } from '../../../service/series/tierBuffer.ts';

/** A counter that grows by 3 and starts anew after every 7 points, one a second. */
const valueAt = (n: number): number => (n % 7) * 3;

function bucketOf(from: number, to: number): Bucket {
  const bucket = new Bucket(0);
  for (let n = from; n < to; n++) bucket.add(n * 1000, valueAt(n), binOf(valueAt(n)));
  return bucket;
}

describe('the pieces of one stretch of a series', () => {
  it('tell the same growth of a counter in whatever order they are read', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 59 }), { maxLength: 6 });
    fc.assert(
      fc.property(cuts, fc.infiniteStream(fc.nat()), (places, keys) => {
        const ends = [0, ...places.sort((a, b) => a - b), 60];
        const pieces = ends.slice(1).map((end, i) => bucketOf(ends[i] ?? 0, end));
        const shuffled = pieces
          .map((piece) => ({ piece, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const [merged, ...others] = mergeByIndex((visit) =>
          shuffled.forEach(({ piece }) => visit(piece)),
        );
        const whole = bucketOf(0, 60);
        assert.equal(others.length, 0);
        assert.deepEqual(
          [merged?.increase, merged?.count, merged?.sum, merged?.first, merged?.last],
          [whole.increase, whole.count, whole.sum, whole.first, whole.last],
        );
      }),
    );
  });
});
