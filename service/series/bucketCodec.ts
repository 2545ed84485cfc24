/**
 * Buckets as bytes: index, flags, then only what the flags do not already say. A bucket of one value takes about
 * 12 bytes, one of ten values about 50.
 */
import type { ByteReader, ByteWriter } from './bytes.ts';
import { ByteWriter as Writer } from './bytes.ts';
import type { Bucket } from './bucket.ts';
import { binOf } from './sketch.ts';

/** All values are the same: one stands for least, greatest, first, last and the sketch. */
const CONSTANT = 1;
const ONE_POINT = 2;
/** First value and increase follow: only counters need them. */
const COUNTER = 4;

const scratch = new Writer(1024);

/** `width` is the bucket's length in milliseconds. */
export function writeBucket(to: ByteWriter, bucket: Bucket, width: number, counter: boolean): void {
  const { index, count, min, max } = bucket;
  const constant = min === max;
  const one = count === 1;
  to.varint(index);
  to.varint((constant ? CONSTANT : 0) | (one ? ONE_POINT : 0) | (counter && !one ? COUNTER : 0));
  to.varint(bucket.lastTime - index * width);
  to.value(max);
  if (one) return;
  to.varint(count);
  to.value(bucket.sum);
  if (!constant) {
    to.value(min);
    to.value(bucket.last);
    writeSketch(to, bucket);
  }
  if (!counter) return;
  to.varint(bucket.lastTime - bucket.firstTime);
  to.value(bucket.first);
  to.value(bucket.increase);
}

/** Preceded by its length, so that a reader who needs no quantiles passes it by. */
function writeSketch(to: ByteWriter, { sketch }: Bucket): void {
  scratch.clear();
  sketch.write(scratch);
  to.varint(scratch.length);
  to.raw(scratch.view());
}

/** Reads the next bucket into `bucket`, which is emptied first. */
export function readBucket(
  from: ByteReader,
  bucket: Bucket,
  width: number,
  quantiles: boolean,
): void {
  const index = from.varint();
  bucket.clear(index);
  const flags = from.varint();
  bucket.lastTime = index * width + from.varint();
  bucket.max = from.value();
  if ((flags & ONE_POINT) !== 0) fillSame(bucket, 1, bucket.max);
  else {
    const count = from.varint();
    const sum = from.value();
    if ((flags & CONSTANT) !== 0) fillSame(bucket, count, sum);
    else {
      bucket.count = count;
      bucket.sum = sum;
      bucket.min = from.value();
      bucket.last = from.value();
      const length = from.varint();
      if (quantiles) bucket.sketch.read(from);
      else from.skip(length);
    }
  }
  if ((flags & COUNTER) === 0) {
    bucket.first = bucket.last;
    bucket.firstTime = bucket.lastTime;
    return;
  }
  bucket.firstTime = bucket.lastTime - from.varint();
  bucket.first = from.value();
  bucket.increase = from.value();
}

function fillSame(bucket: Bucket, count: number, sum: number): void {
  bucket.count = count;
  bucket.sum = sum;
  bucket.min = bucket.last = bucket.max;
  bucket.sketch.add(binOf(bucket.max), count);
}
