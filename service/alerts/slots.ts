/**
 * The points of the last stretch of time, in slots: a point costs the same however many there are, and what comes late
 * lands in its own place. The stretch is as long as was asked for, and up to one slot longer.
 */
import type { Aggregation, SeriesKind } from '../protocol/aggregation.ts';
import { valueOf } from '../series/aggregate.ts';
import { Bucket, growth } from '../series/bucket.ts';
import { binOf } from '../series/sketch.ts';
import type { Stretch } from './rules/kind.ts';

const SLOTS = 30;
const MIN_WIDTH_MS = 100;

interface Older {
  /** Indexes of the newest slot, which is not in it, and of the first that is. */
  newest: number;
  first: number;
  total: Bucket;
  increase: number;
  last: number | null;
}

export class Slots {
  readonly width: number;
  readonly #range: number;
  readonly #span: number;
  readonly #quantiles: boolean;
  /** In the order of time; those of counters keep one more, which tells where the counter stood. */
  readonly #slots: Bucket[] = [];
  /** The sum of the stretch without its newest slot, which alone gets most points; null where that has to be made anew. */
  #older: Older | null = null;

  /** `twice` keeps the stretch before as well. */
  constructor(
    range_ms: number,
    { twice = false, quantiles = false }: { twice?: boolean; quantiles?: boolean } = {},
  ) {
    this.#quantiles = quantiles;
    this.#range = range_ms;
    this.#span = twice ? 2 * range_ms : range_ms;
    this.width = Math.max(MIN_WIDTH_MS, Math.ceil(range_ms / SLOTS));
  }

  /** How many slots hold something. */
  get size(): number {
    return this.#slots.length;
  }

  /** False for a point of before the stretch: it says nothing of now. What is ahead of the clock counts as of now. */
  add(time: number, value: number, now: number): boolean {
    const at = Math.min(time, now);
    if (at <= now - this.#span - this.width) return false;
    this.#slot(Math.floor(at / this.width)).add(at, value, this.#quantiles ? binOf(value) : null);
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots.length = 0;
    this.#older = null;
  }

  /** Takes over what a series knows of some time only as a whole. */
  merge(bucket: Bucket, now: number): void {
    const at = Math.min(bucket.lastTime, now);
    if (at > now - this.#span - this.width)
      this.#slot(Math.floor(at / this.width)).merge(bucket, this.#quantiles);
  }

  /** The next time after `now` at which a slot leaves one of the stretches: time alone changes what they say then. Infinity when none does. */
  changesAfter(now: number): number {
    let next = Infinity;
    for (const { index } of this.#slots) {
      const end = (index + 1) * this.width;
      const leaves = end + this.#range > now ? end + this.#range : end + this.#span;
      if (leaves > now && leaves < next) next = leaves;
      // Those that come later leave the first stretch later; only the second one is left before that.
      if (end + this.#range > now) break;
    }
    return next;
  }

  /** Drops what is too old. */
  prune(now: number): void {
    const first = Math.floor((now - this.#span) / this.width);
    let old = 0;
    while (old < this.#slots.length && (this.#slots[old]?.index ?? first) < first) old++;
    // The newest of the old ones says where a counter stood.
    if (old > 1) {
      this.#slots.splice(0, old - 1);
      this.#older = null;
    }
  }

  /** True when nothing of the stretch is left. */
  isEmpty(now: number): boolean {
    const newest = this.#slots.at(-1);
    return newest === undefined || newest.index < Math.floor((now - this.#span) / this.width);
  }

  /** All points of the last stretch into `total`; the growth of a counter comes back. */
  now(now: number, total: Bucket): number {
    const newest = this.#slots.at(-1);
    if (newest === undefined) return 0;
    const first = Math.floor((now - this.#range) / this.width);
    const older = this.#olderThan(newest.index, first);
    total.merge(older.total, this.#quantiles);
    if (newest.index < first) return older.increase;
    total.merge(newest, this.#quantiles);
    const since = older.last === null ? 0 : growth(older.last, newest.first);
    return older.increase + since + newest.increase;
  }

  /** One number of all points of the last stretch, without putting them together; NaN for what needs that. */
  quick(now: number, aggregation: Aggregation): number {
    const newest = this.#slots.at(-1);
    if (newest === undefined) return NaN;
    const first = Math.floor((now - this.#range) / this.width);
    const { total } = this.#olderThan(newest.index, first);
    const isIn = newest.index >= first;
    const count = total.count + (isIn ? newest.count : 0);
    if (count === 0) return NaN;
    switch (aggregation) {
      case 'avg':
        return (total.sum + (isIn ? newest.sum : 0)) / count;
      case 'sum':
        return total.sum + (isIn ? newest.sum : 0);
      case 'count':
        return count;
      case 'min':
        return isIn ? Math.min(total.min, newest.min) : total.min;
      case 'max':
        return isIn ? Math.max(total.max, newest.max) : total.max;
      default:
        return NaN;
    }
  }

  before(now: number, total: Bucket): number {
    const until = Math.floor((now - this.#range) / this.width);
    return this.#sum(Math.floor((now - 2 * this.#range) / this.width), until, total).increase;
  }

  #olderThan(newest: number, first: number): Older {
    const held = this.#older;
    if (held?.newest === newest && held.first === first) return held;
    const total = new Bucket(0);
    const sum = this.#sum(first, newest, total);
    return (this.#older = { newest, first, total, ...sum });
  }

  /** Slots of `first` <= index < `until`. `last` is where a counter stood before `until`. */
  #sum(first: number, until: number, total: Bucket): { increase: number; last: number | null } {
    let increase = 0;
    let last: number | null = null;
    for (const slot of this.#slots) {
      if (slot.index >= until) break;
      if (slot.index >= first) {
        if (last !== null) increase += growth(last, slot.first);
        increase += slot.increase;
        total.merge(slot, this.#quantiles);
      }
      last = slot.last;
    }
    return { increase, last };
  }

  #slot(index: number): Bucket {
    const slots = this.#slots;
    let at = slots.length;
    while (at > 0) {
      const held = slots[at - 1];
      if (held === undefined || held.index < index) break;
      if (held.index === index) {
        if (at < slots.length) this.#older = null;
        return held;
      }
      at--;
    }
    const made = new Bucket(index);
    if (at < slots.length) this.#older = null;
    slots.splice(at, 0, made);
    return made;
  }
}

/** What some slots say together. */
export class SlotStretch implements Stretch {
  readonly increase: number;
  readonly #total: Bucket;
  readonly #of: { kind: SeriesKind; range_ms: number };

  constructor(total: Bucket, increase: number, of: { kind: SeriesKind; range_ms: number }) {
    this.#total = total;
    this.increase = increase;
    this.#of = of;
  }

  get count(): number {
    return this.#total.count;
  }

  value(aggregation: Exclude<Aggregation, 'raw'>): number | null {
    const total = this.#total;
    if (aggregation === 'rate') return rateOf(total, this.increase, this.#of);
    if (total.count === 0) return aggregation === 'count' || aggregation === 'sum' ? 0 : null;
    const value = valueOf(total, aggregation);
    return Number.isFinite(value) ? value : null;
  }
}

/** The last stretch of one series: put together only where one number is not found quicker. */
export class QuickStretch implements Stretch {
  readonly #slots: Slots;
  readonly #now: number;
  readonly #of: { kind: SeriesKind; range_ms: number };
  #whole: SlotStretch | null = null;

  constructor(slots: Slots, now: number, of: { kind: SeriesKind; range_ms: number }) {
    this.#slots = slots;
    this.#now = now;
    this.#of = of;
  }

  get count(): number {
    return this.#slots.quick(this.#now, 'count') || 0;
  }

  get increase(): number {
    return this.#all.increase;
  }

  get #all(): SlotStretch {
    if (this.#whole !== null) return this.#whole;
    const total = new Bucket(0);
    return (this.#whole = new SlotStretch(total, this.#slots.now(this.#now, total), this.#of));
  }

  value(aggregation: Exclude<Aggregation, 'raw'>): number | null {
    const value = this.#slots.quick(this.#now, aggregation);
    return Number.isFinite(value) ? value : this.#all.value(aggregation);
  }
}

/** Per second: of a counter its growth, of observations their sum, of a level its change. */
function rateOf(
  { count, sum, first, last, firstTime, lastTime }: Bucket,
  increase: number,
  { kind, range_ms }: { kind: SeriesKind; range_ms: number },
): number | null {
  if (kind === 'histogram') return sum / (range_ms / 1000);
  if (count === 0) return null;
  if (kind === 'counter') return increase / (range_ms / 1000);
  return lastTime > firstTime ? (last - first) / ((lastTime - firstTime) / 1000) : null;
}

export function needsQuantiles(aggregation: Aggregation | undefined): boolean {
  return aggregation === 'p50' || aggregation === 'p95' || aggregation === 'p99';
}
