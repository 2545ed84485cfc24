import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Bucket } from '../../../service/series/bucket.ts';
import { readBucket, writeBucket } from '../../../service/series/bucketCodec.ts';
import { ByteReader, ByteWriter } from '../../../service/series/bytes.ts';
import { binOf } from '../../../service/series/sketch.ts';

const WIDTH = 10_000;
type Given = [time: number, value: number];

const value = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  // Without -0, which is written as 0.
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }).map((x) => x + 0),
);
const point: fc.Arbitrary<Given> = fc.tuple(fc.integer({ min: 0, max: WIDTH - 1 }), value);
const points = fc.array(point, { minLength: 1, maxLength: 30 });
/** Never falls. */
const counter = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 100 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((steps) => {
    let [time, level] = [0, 0];
    return steps.map(([wait, more]): Given => [(time += wait), (level += more)]);
  });

function bucketOf(given: readonly Given[], index = 0): Bucket {
  const bucket = new Bucket(index);
  for (const [time, at] of given) bucket.add(time, at, binOf(at));
  return bucket;
}

/** All it says, without the order of additions in the last bits of the sum. */
function said(bucket: Bucket) {
  const writer = new ByteWriter();
  bucket.sketch.write(writer);
  const { count, min, max, first, firstTime, last, lastTime, sum } = bucket;
  const scale = Math.max(1, Math.abs(min), Math.abs(max)) * count;
  return {
    ...{ count, min, max, first, firstTime, last, lastTime },
    sum: Math.round((sum / scale) * 1e9) + 0,
    sketch: [...writer.view()],
  };
}

/** The reference: sorted, then summed from one to the next. */
function exactIncrease(given: readonly Given[]): number {
  const sorted = [...given].sort(([a, x], [b, y]) => a - b || x - y);
  return sorted.reduce((sum, [, at], i) => {
    const before = sorted[i - 1]?.[1];
    return before === undefined ? 0 : sum + (at >= before ? at - before : at);
  }, 0);
}

describe('a bucket', () => {
  it('says the same of its points in any order', () => {
    fc.assert(
      fc.property(
        points.chain((given) =>
          fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
        ),
        ([given, shuffled]) => assert.deepEqual(said(bucketOf(shuffled)), said(bucketOf(given))),
      ),
    );
  });

  it('merged says the same as one of all points', () => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        const merged = bucketOf(a);
        merged.merge(bucketOf(b));
        assert.deepEqual(said(merged), said(bucketOf([...a, ...b])));
        const other = bucketOf(b);
        other.merge(bucketOf(a));
        assert.deepEqual(said(other), said(merged));
      }),
    );
  });

  it('knows the increase of a counter that starts anew, point by point and piece by piece', () => {
    const inOrder = fc
      .array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 30 })
      .map((levels) => levels.map((level, i): Given => [i, level]));
    fc.assert(
      fc.property(inOrder, fc.array(fc.nat(30)), (given, cuts) => {
        assert.equal(bucketOf(given).increase, exactIncrease(given));
        const edges = [0, ...cuts.sort((a, b) => a - b), given.length];
        const merged = new Bucket(0);
        edges.forEach((edge, i) => merged.merge(bucketOf(given.slice(edge, edges[i + 1]))));
        assert.equal(merged.increase, exactIncrease(given));
      }),
    );
  });

  it('knows the increase of a counter that only grows in any order, also in interleaved pieces', () => {
    fc.assert(
      fc.property(
        counter.chain((given) =>
          fc.tuple(
            fc.constant(given),
            fc.shuffledSubarray(given, { minLength: given.length }),
            fc.nat(30),
          ),
        ),
        ([given, shuffled, cut]) => {
          assert.equal(bucketOf(shuffled).increase, exactIncrease(given));
          const merged = bucketOf(shuffled.slice(0, cut));
          merged.merge(bucketOf(shuffled.slice(cut)));
          assert.equal(merged.increase, exactIncrease(given));
        },
      ),
    );
  });

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(points, fc.nat(1e9), fc.boolean(), (given, index, isCounter) => {
        const placed = given.map(([time, at]): Given => [index * WIDTH + time, at]);
        const bucket = bucketOf(placed, index);
        const writer = new ByteWriter(1);
        writeBucket(writer, bucket, WIDTH, isCounter);
        const reader = new ByteReader(writer.view());
        const read = new Bucket(-1);
        readBucket(reader, read, WIDTH, true);
        assert.ok(reader.done);
        assert.equal(read.index, index);
        if (isCounter) {
          assert.equal(read.increase, bucket.increase);
          assert.deepEqual(said(read), said(bucket));
        } else {
          // Only counters need to know where they began.
          const unknown = { first: 0, firstTime: 0 };
          assert.deepEqual({ ...said(read), ...unknown }, { ...said(bucket), ...unknown });
        }
        const short = new ByteReader(writer.view());
        readBucket(short, read, WIDTH, false);
        assert.ok(short.done);
        assert.equal(read.sum, bucket.sum);
      }),
    );
  });
});

describe('bytes', () => {
  it('give every number back', () => {
    const whole = fc.maxSafeNat();
    const any = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
    fc.assert(
      fc.property(whole, fc.integer(), any, (a, b, c) => {
        const writer = new ByteWriter(1);
        writer.varint(a);
        writer.signed(b);
        writer.value(c);
        writer.value(Math.fround(c) + 0);
        writer.value(b);
        const reader = new ByteReader(writer.view());
        assert.equal(reader.varint(), a);
        assert.equal(reader.signed(), b);
        assert.equal(reader.value(), c);
        assert.equal(reader.value(), Math.fround(c) + 0);
        assert.equal(reader.value(), b);
        assert.ok(reader.done);
      }),
    );
  });

  it('that end too early are said to', () => {
    assert.throws(() => new ByteReader(Uint8Array.of(200)).varint(), /end too early/);
    assert.throws(() => new ByteReader(Uint8Array.of(0, 1)).value(), /end too early/);
  });
});
