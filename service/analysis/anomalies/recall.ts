/**
 * Makes of stored buckets of a series values as they may have been, one a second at most: what was measured each second is
 * kept in memory only, and a detector has to know how rough a series is from second to second. A bucket knows how many
 * values it had, how they were spread and the last one, not their order: where they begin and end at opposite ends they
 * rose or fell, else they lie in no order.
 */
import { type Bucket, growth } from '../../series/bucket.ts';
import { millisecondsOf } from './eventRate.ts';

export interface Recalled {
  /** Epoch milliseconds. */
  time: number;
  value: number;
}

/** `values`: as measured; `growth`: how fast a counter grew a second; `events`: the sum of the values a second. */
export type Recall = 'values' | 'growth' | 'events';

/** A shorter time without events is silence, and values of 0; a longer one a time in which nothing was to be expected. */
const LONGEST_SILENCE_MS = 60_000;
/** Values begin this near to the end of the bucket's range where they rose or fell through it. */
const NEAR_END = 0.25;
/** Goes through all places of a short list far apart from each other. */
const GOLDEN = 0.618034;

/** `buckets` of one width, in the order of time; the newest `most` values, in the order of time. */
export function recall(
  buckets: readonly Bucket[],
  { as, width, most }: { as: Recall; width: number; most: number },
): Recalled[] {
  const found = WAYS[as](buckets.slice(-most), width);
  return found.filter(({ value }) => Number.isFinite(value)).slice(-most);
}

/** Only the mean of a bucket is known: how far each second was off, the differences of the means say. */
function grown(buckets: readonly Bucket[], width: number): Recalled[] {
  const means = buckets.flatMap((bucket, i) => {
    const before = buckets[i - 1];
    const seconds = before === undefined ? 0 : (bucket.lastTime - before.lastTime) / 1000;
    if (before === undefined || !(seconds > 0)) return [];
    const whole = growth(before.last, bucket.first) + bucket.increase;
    return [{ bucket, mean: whole / seconds }];
  });
  return means.flatMap(({ bucket, mean }, i) => {
    const count = countIn(bucket, width);
    const [before, after] = [means[i - 1]?.mean ?? mean, means[i + 1]?.mean ?? mean];
    const off = Math.abs(mean - (before + after) / 2) / Math.sqrt(1.5);
    return around(bucket, width, { mean, sigma: off * Math.sqrt(count), count });
  });
}

/** Events that happen by themselves: their number varies by its root. */
function events(buckets: readonly Bucket[], width: number): Recalled[] {
  return buckets.flatMap((bucket, i) => {
    const silent = bucket.index - (buckets[i - 1]?.index ?? bucket.index) - 1;
    const zeros = silent * width > LONGEST_SILENCE_MS ? 0 : Math.max(0, silent);
    const empty = Array.from({ length: zeros }, (_, k) => ({
      time: (bucket.index - zeros + k + 1) * width - 1,
      value: 0,
    }));
    const mean = (1000 * bucket.sum) / width;
    const each = millisecondsOf(mean);
    const count = Math.max(1, Math.floor(width / each));
    const sigma = Math.sqrt((1000 * Math.max(0, mean)) / Math.max(each, width / count));
    const all = around(bucket, width, { mean, sigma, count });
    return [...empty, ...all.map(({ time, value }) => ({ time, value: Math.max(0, value) }))];
  });
}

/** So many values with this mean and spread, in no order. */
function around(
  bucket: Bucket,
  width: number,
  { mean, sigma, count }: { mean: number; sigma: number; count: number },
): Recalled[] {
  return Array.from({ length: count }, (_, k) => {
    const share = (scattered(k, count) + 0.5) / count;
    // The quantile of the normal distribution, nearly.
    const z = Math.log(share / (1 - share)) / 1.702;
    return { time: timeIn(bucket, width, (k + 0.5) / count), value: mean + sigma * z };
  });
}

/** One a second at most. */
function countIn({ count }: Bucket, width: number): number {
  return Math.max(1, Math.min(count, Math.floor(width / 1000)));
}

function timeIn({ index, lastTime }: Bucket, width: number, share: number): number {
  return Math.min(lastTime, (index + share) * width);
}

function values(buckets: readonly Bucket[], width: number): Recalled[] {
  return buckets.flatMap((bucket, i) => {
    const count = countIn(bucket, width);
    const mean = bucket.sum / bucket.count;
    // A value of a second that had several is their mean, and spread less.
    const share = Math.sqrt(count / bucket.count);
    const all = spreadOf(bucket, count).map((value) => mean + (value - mean) * share);
    const order = inOrder(bucket, buckets[i - 1]);
    return all.map((_, k) => ({
      time: timeIn(bucket, width, (k + 0.5) / count),
      value: all[order(k, count)] ?? mean,
    }));
  });
}

/** So many of its values as they lie, the least first. */
function spreadOf(bucket: Bucket, count: number): number[] {
  if (count === 1) return [bucket.sum / bucket.count];
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return bucket.min;
    return i === count - 1 ? bucket.max : bucket.quantile((i + 0.5) / count);
  });
}

const WAYS = { values, growth: grown, events } as const;

type Order = (place: number, count: number) => number;

function inOrder({ min, max, last }: Bucket, before: Bucket | undefined): Order {
  const near = NEAR_END * (max - min);
  if (before !== undefined && last >= max - near && before.last <= min + near) return (k) => k;
  if (before !== undefined && last <= min + near && before.last >= max - near)
    return (k, count) => count - 1 - k;
  return scattered;
}

function scattered(place: number, count: number): number {
  const rank = (at: number) => (at * GOLDEN) % 1;
  let before = 0;
  for (let i = 0; i < count; i++) if (rank(i) < rank(place)) before++;
  return before;
}
