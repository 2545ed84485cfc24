/** What is known of the values of one stretch of time. */
import { QuantileSketch } from './sketch.ts';

/**
 * Count, sum, least, greatest, first, last, increase and quantiles of the points of a stretch. Merging the buckets of
 * two sets of points gives the bucket of both; points and buckets may come in any order, because first and last are
 * told apart by time (and by value at the same time). Only `increase` needs more care, see there.
 */
export class Bucket {
  /** Which stretch: its begin divided by its width. */
  index: number;
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  first = 0;
  firstTime = Infinity;
  last = 0;
  lastTime = -Infinity;
  /**
   * How much a counter grew between the first and the last point, where a fall means that it started anew at 0. Exact
   * for points that come in order. A point that comes late changes it only at the ends: what it would tell of a new
   * start in between is not seen.
   */
  increase = 0;
  readonly sketch = new QuantileSketch();

  constructor(index: number) {
    this.index = index;
  }

  /** `bin` is `binOf(value)`; null where nobody will ask for quantiles. */
  add(time: number, value: number, bin: number | null): void {
    if (bin !== null) this.sketch.add(bin);
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.count++;
    if (time > this.lastTime || (time === this.lastTime && value >= this.last)) {
      if (this.count > 1) this.increase += growth(this.last, value);
      else this.#begin(time, value);
      this.last = value;
      this.lastTime = time;
    } else if (time < this.firstTime || (time === this.firstTime && value < this.first)) {
      this.increase += growth(value, this.first);
      this.#begin(time, value);
    }
  }

  /** Without `quantiles` the sketch stays as it is, which is quicker. */
  merge(other: Bucket, quantiles = true): void {
    if (other.count === 0) return;
    if (quantiles) this.sketch.merge(other.sketch);
    this.increase = this.count === 0 ? other.increase : jointIncrease(this, other);
    this.count += other.count;
    this.sum += other.sum;
    if (other.min < this.min) this.min = other.min;
    if (other.max > this.max) this.max = other.max;
    if (isBefore(other.firstTime, other.first, this.firstTime, this.first)) {
      this.#begin(other.firstTime, other.first);
    }
    if (!isBefore(other.lastTime, other.last, this.lastTime, this.last)) {
      this.last = other.last;
      this.lastTime = other.lastTime;
    }
  }

  /** An estimate that is never outside of what was measured. NaN when nothing was. */
  quantile(q: number): number {
    return Math.min(this.max, Math.max(this.min, this.sketch.quantile(q)));
  }

  clear(index: number): void {
    this.index = index;
    this.count = this.sum = this.increase = this.first = this.last = 0;
    this.min = this.firstTime = Infinity;
    this.max = this.lastTime = -Infinity;
    this.sketch.clear();
  }

  #begin(time: number, value: number): void {
    this.first = value;
    this.firstTime = time;
  }
}

/** How much a counter grew from one value to the next: one that fell started anew at 0. */
export function growth(before: number, after: number): number {
  return after >= before ? after - before : after;
}

function isBefore(time: number, value: number, otherTime: number, otherValue: number): boolean {
  return time < otherTime || (time === otherTime && value < otherValue);
}

function jointIncrease(a: Bucket, b: Bucket): number {
  if (!isBefore(b.firstTime, b.first, a.lastTime, a.last)) {
    return a.increase + growth(a.last, b.first) + b.increase;
  }
  if (!isBefore(a.firstTime, a.first, b.lastTime, b.last)) {
    return b.increase + growth(b.last, a.first) + a.increase;
  }
  // Points of both lie among each other. Where neither fell, their ends tell all.
  const first = isBefore(a.firstTime, a.first, b.firstTime, b.first) ? a.first : b.first;
  const last = isBefore(a.lastTime, a.last, b.lastTime, b.last) ? b.last : a.last;
  const ends = growth(first, last);
  return neverFell(a) && neverFell(b) ? ends : Math.max(a.increase, b.increase, ends);
}

function neverFell({ first, last, increase }: Bucket): boolean {
  return Math.abs(last - first - increase) <= 1e-9 * Math.abs(increase);
}
