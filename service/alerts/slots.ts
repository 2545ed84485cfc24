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

  /** Takes over what a series knows of some time only as a whole. */
  merge(bucket: Bucket, now: number): void {
    const at = Math.min(bucket.lastTime, now);
    if (at > now - this.#span - this.width)
      this.#slot(Math.floor(at / this.width)).merge(bucket, this.#quantiles);
  }

  /** When the oldest slot leaves one of the stretches: then time alone changes what they say. Infinity without slots. */
  get changesAt(): number {
    const [oldest] = this.#slots;
    if (oldest === undefined) return Infinity;
    return (oldest.index + 1) * this.width + this.#range;
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
export function stretchOf(
  total: Bucket,
  increase: number,
  { kind, range_ms }: { kind: SeriesKind; range_ms: number },
): Stretch {
  return {
    count: total.count,
    increase,
    value: (aggregation) => {
      if (aggregation === 'rate') return rateOf(total, increase, { kind, range_ms });
      if (total.count === 0) return aggregation === 'count' || aggregation === 'sum' ? 0 : null;
      const value = valueOf(total, aggregation);
      return Number.isFinite(value) ? value : null;
    },
  };
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
