/** Values out of buckets. */
import type { Aggregation, SeriesKind } from '../protocol/aggregation.ts';
import { assertNever } from '../protocol/errors.ts';
import { type Bucket, growth } from './bucket.ts';

export function needsQuantiles(aggregation: Aggregation): boolean {
  return aggregation === 'p50' || aggregation === 'p95' || aggregation === 'p99';
}

/** What one number says of the points of a step. NaN where it says nothing. */
export function valueOf(bucket: Bucket, aggregation: Exclude<Aggregation, 'rate' | 'raw'>): number {
  switch (aggregation) {
    case 'avg':
      return bucket.sum / bucket.count;
    case 'min':
      return bucket.min;
    case 'max':
      return bucket.max;
    case 'sum':
      return bucket.sum;
    case 'count':
      return bucket.count;
    case 'last':
      return bucket.last;
    case 'p50':
      return bucket.quantile(0.5);
    case 'p95':
      return bucket.quantile(0.95);
    case 'p99':
      return bucket.quantile(0.99);
    default:
      return assertNever(aggregation);
  }
}

/**
 * Change per second by step, of one series: for a counter its increase, where a fall means that it started anew at 0;
 * for a histogram the sum of the values (so for counts, things per second); for a gauge the difference of its last
 * values over the time between them. `steps` are in the order of time, their index is the step's; what comes before
 * the range tells where a counter stood. `to` ends the range: a last step that it cuts is shorter.
 */
export function rates(
  steps: readonly Bucket[],
  kind: SeriesKind,
  { step, to }: { step: number; to: number },
): Map<number, number> {
  const found = new Map<number, number>();
  let before: Bucket | undefined;
  for (const bucket of steps) {
    const rate = rateOf(bucket, before, kind, secondsOf(bucket.index * step, step, to));
    if (rate !== null) found.set(bucket.index, rate);
    before = bucket;
  }
  return found;
}

function rateOf(
  bucket: Bucket,
  before: Bucket | undefined,
  kind: SeriesKind,
  seconds: number,
): number | null {
  switch (kind) {
    case 'histogram':
      return bucket.sum / seconds;
    case 'counter':
      // Where the counter stood before its first point is not known: that point adds nothing.
      return (bucket.increase + (before ? growth(before.last, bucket.first) : 0)) / seconds;
    case 'gauge':
      if (before === undefined || bucket.lastTime === before.lastTime) return null;
      return (bucket.last - before.last) / ((bucket.lastTime - before.lastTime) / 1000);
    default:
      return assertNever(kind);
  }
}

/** A step that has just begun counts as half a step at least: one point in it is no burst. */
function secondsOf(begin: number, step: number, to: number): number {
  return Math.max(Math.min(step, to + 1 - begin), step / 2) / 1000;
}
