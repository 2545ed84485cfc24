/** One series: the points of one metric with one set of labels. */
import type { SeriesKind } from '../protocol/aggregation.ts';
import { Bucket } from './bucket.ts';
import { type RawBudget, RawRing } from './ring.ts';
import { binOf } from './sketch.ts';
import { type BucketRange, type BucketVisitor, TierBuffer, visitBytes } from './tierBuffer.ts';
import { MAX_AHEAD_MS, type Tier } from './tiers.ts';

/** One for the present, one for points that come late. */
const MAX_FRESH = 2;
/** Takes no point: no time has its index. */
const NO_BUCKET = new Bucket(-1);
const NOTHING = new Uint8Array(0);
/** What a series takes besides its points: object, labels, place in the lists. */
const SERIES_BYTES = 800;

export type LabelSet = Readonly<Record<string, string>>;

/** All that is known of a metric besides its points. The first point decides. */
export interface MetricInfo {
  readonly name: string;
  readonly kind: SeriesKind;
  unit: string | null;
}

/** What all series of a store share. */
export interface Shared {
  tiers: readonly Tier[];
  readonly clock: () => number;
  readonly budget: RawBudget;
  /** Points of earlier or later times are refused. Renewed when a point lies outside. */
  oldest: number;
  latest: number;
  /** Series with points that `SeriesStore.collecting` did not see yet. */
  dirty: Series[];
  points: number;
  refusedTimes: number;
  refusedValues: number;
}

/** Takes the points of one series without looking it up for each. */
export interface SeriesHandle {
  readonly metric: string;
  readonly labels: LabelSet;
  /** `time` in epoch milliseconds. False: refused and counted, or the series is gone; then ask `seriesOf` again. */
  append(time: number, value: number): boolean;
}

export class Series implements SeriesHandle {
  readonly id: number;
  readonly info: MetricInfo;
  readonly labels: LabelSet;
  readonly labelCount: number;
  readonly ring: RawRing;
  /** Time of the newest point. */
  newest = -Infinity;
  /** When it was made, or -Infinity when it was before the start. */
  usedAt = -Infinity;
  /** Its place was given to another label set. */
  removed = false;
  /** How many points it took since the start. */
  points = 0;
  readonly #shared: Shared;
  readonly #fineWidth: number;
  #dirty = false;
  /** Buckets of the finest tier that take points. */
  #fresh: Bucket[] = [];
  #current = NO_BUCKET;
  /** An emptied one, to be used again. */
  #spare: Bucket | undefined;
  #tiers: TierBuffer[] | null = null;
  /** What is being written to the tiers' files. */
  #frozen: TierBuffer[] | null = null;
  /** Up to here the bytes of the finest tier were handed out by `take`. */
  #taken = 0;

  constructor(id: number, info: MetricInfo, labels: LabelSet, shared: Shared) {
    this.id = id;
    this.info = info;
    this.labels = labels;
    this.labelCount = Object.keys(labels).length;
    this.#shared = shared;
    this.#fineWidth = shared.tiers[0]?.width ?? 1;
    this.ring = new RawRing(shared.budget);
  }

  get metric(): string {
    return this.info.name;
  }

  /** The time of its newest point, or when it was made where that is later. */
  get lastUse(): number {
    return Math.max(this.newest, this.usedAt);
  }

  append(time: number, value: number): boolean {
    const shared = this.#shared;
    if (this.removed || !takes(shared, time, value)) return false;
    const at = Math.floor(time);
    const index = Math.floor(at / this.#fineWidth);
    let bucket = this.#current;
    if (bucket.index !== index) bucket = this.#freshAt(index);
    bucket.add(at, value, binOf(value));
    this.ring.push(at, value);
    if (at > this.newest) this.newest = at;
    this.points++;
    shared.points++;
    return true;
  }

  /** Moves what came since the last call out of the buckets that take points, and returns it as bytes. */
  take(): Uint8Array {
    if (!this.#dirty) return NOTHING;
    this.#dirty = false;
    // In the order of time, as coarser tiers need it of a counter: places in the list are used again.
    this.#fresh.sort((a, b) => a.index - b.index);
    for (const bucket of this.#fresh) this.#fold(bucket);
    this.#spare = this.#fresh[0] ?? this.#spare;
    this.#fresh = [];
    this.#current = NO_BUCKET;
    const fine = this.#buffers()[0];
    const from = this.#taken;
    this.#taken = fine?.sealedBytes ?? 0;
    return fine?.sealedFrom(from) ?? NOTHING;
  }

  /** Puts back what `take` returned before a restart. */
  restore(bytes: Uint8Array): void {
    const width = this.#fineWidth;
    const all = { width, first: 0, last: Infinity, quantiles: true };
    const [fine, ...coarse] = this.#buffers();
    visitBytes(bytes, all, (bucket) => {
      for (const tier of coarse) tier.absorb(bucket, width);
      this.heard(bucket.lastTime);
    });
    fine?.appendSealed(bytes);
    this.#taken = fine?.sealedBytes ?? 0;
  }

  /** Takes note that there are points up to this time, which may not be in memory. */
  heard(time: number): void {
    this.newest = Math.max(this.newest, time);
    this.ring.forgetUpTo(time);
  }

  /** Sets all that is in memory aside, to be written: right after `take`. False when there is nothing. */
  freeze(): boolean {
    if (this.#tiers === null) return false;
    this.#frozen = this.#tiers;
    this.#tiers = null;
    this.#taken = 0;
    return true;
  }

  /** The buckets of each tier that were set aside. */
  frozen(): Uint8Array[] {
    return this.#frozen?.map((buffer) => buffer.allSealed()) ?? [];
  }

  /** What was set aside is on disk. */
  thaw(): void {
    this.#frozen = null;
  }

  /** Hands over all buckets in memory of a tier's range; those of the finest width that just take points, too. */
  visit(tier: number, range: BucketRange, visit: BucketVisitor): void {
    const ratio = range.width / this.#fineWidth;
    for (const bucket of this.#fresh) {
      const index = Math.floor(bucket.index / ratio);
      if (index < range.first || index > range.last) continue;
      const fine = bucket.index;
      bucket.index = index;
      visit(bucket);
      bucket.index = fine;
    }
    this.#tiers?.[tier]?.visit(range, visit);
    this.#frozen?.[tier]?.visit(range, visit);
  }

  /** What is in memory from `from` on: the points themselves, or the buckets of the finest width where some are not here. */
  recent(
    from: number,
    take: { point: (time: number, value: number) => void; bucket: BucketVisitor },
  ): void {
    if (this.ring.covers(from)) {
      this.ring.forEach(from, Infinity, take.point);
      return;
    }
    const width = this.#fineWidth;
    const range = { width, first: Math.ceil(from / width), last: Infinity, quantiles: true };
    this.visit(0, range, take.bucket);
  }

  /** Drops what is too old and, where nothing is written to disk, merges what came in pieces. */
  tidy(now: number, isAll: boolean): void {
    this.ring.release(now);
    if (!isAll) return;
    this.#shared.tiers.forEach(({ width, retention }, i) => {
      this.#tiers?.[i]?.tidy(Math.floor((now - retention) / width));
    });
  }

  get memoryBytes(): number {
    const buffers = [...(this.#tiers ?? []), ...(this.#frozen ?? [])];
    const held = buffers.reduce((sum, buffer) => sum + buffer.memoryBytes, 0);
    const fresh = this.#fresh.reduce((sum, { sketch }) => sum + 300 + sketch.memoryBytes, 0);
    return SERIES_BYTES + this.ring.memoryBytes + held + fresh;
  }

  #freshAt(index: number): Bucket {
    if (!this.#dirty) {
      this.#dirty = true;
      this.#shared.dirty.push(this);
    }
    let bucket = this.#fresh.find((held) => held.index === index);
    if (bucket === undefined && this.#fresh.length < MAX_FRESH) {
      bucket = this.#spare ?? new Bucket(index);
      bucket.clear(index);
      this.#spare = undefined;
      this.#fresh.push(bucket);
    } else if (bucket === undefined) {
      bucket = this.#fresh.reduce((a, b) => (b.index < a.index ? b : a));
      this.#fold(bucket);
      bucket.clear(index);
    }
    this.#current = bucket;
    return bucket;
  }

  #fold(bucket: Bucket): void {
    const buffers = this.#buffers();
    buffers[0]?.seal(bucket);
    for (let i = 1; i < buffers.length; i++) buffers[i]?.absorb(bucket, this.#fineWidth);
  }

  #buffers(): TierBuffer[] {
    const counter = this.info.kind === 'counter';
    return (this.#tiers ??= this.#shared.tiers.map(({ width }) => new TierBuffer(width, counter)));
  }
}

/** False, and counted, for a point that no series would take. */
export function takes(shared: Shared, time: number, value: number): boolean {
  if (!(time <= shared.latest && time >= shared.oldest) && !isKept(shared, time)) {
    shared.refusedTimes++;
    return false;
  }
  if (Number.isFinite(value)) return true;
  shared.refusedValues++;
  return false;
}

/** Looks at the clock anew: the bounds may be of a while ago. */
function isKept(shared: Shared, time: number): boolean {
  const now = shared.clock();
  shared.latest = now + MAX_AHEAD_MS;
  shared.oldest = now - (shared.tiers.at(-1)?.retention ?? 0);
  return time <= shared.latest && time >= shared.oldest;
}
