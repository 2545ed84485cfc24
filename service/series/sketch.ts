/**
 * Quantiles of any number of values in little room: DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable
 * Quantile Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019), with sparse bins and collapse of the lowest.
 * Merging sketches gives the sketch of all their values, in any order.
 */
import type { ByteReader, ByteWriter } from './bytes.ts';

/** An answer is off by at most this share of the true quantile. */
export const RELATIVE_ERROR = 0.0075;
/** Thirteen decades in between: more than anything measured spans. Beyond it the lowest bins become one. */
export const MAX_BINS = 2048;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
const BINS_PER_E = 1 / LOG_GAMMA;
/** Values closer to zero count as zero. */
const SMALLEST = 1e-12;
/** Makes the bin of the smallest value 1, so that bins of negative values mirror those of positive ones around 0. */
const OFFSET = 1 - Math.ceil(Math.log(SMALLEST) * BINS_PER_E);
const MIDDLE = 2 / (GAMMA + 1);
const FIRST_CAPACITY = 4;
/** Many sketches never get a value: they share these. */
const NO_BINS = new Int32Array(0);
const NO_COUNTS = new Float64Array(0);

/** The bin of a value; bins are ordered as values are. */
export function binOf(value: number): number {
  if (value > SMALLEST) return Math.ceil(Math.log(value) * BINS_PER_E) + OFFSET;
  if (value < -SMALLEST) return -Math.ceil(Math.log(-value) * BINS_PER_E) - OFFSET;
  return 0;
}

/** The value that stands for all of a bin. */
export function valueOf(bin: number): number {
  if (bin === 0) return 0;
  const magnitude = MIDDLE * Math.exp((Math.abs(bin) - OFFSET) * LOG_GAMMA);
  return bin < 0 ? -magnitude : magnitude;
}

export class QuantileSketch {
  /** Sorted. */
  #bins = NO_BINS;
  #counts = NO_COUNTS;
  #size = 0;
  /** Where the last value went: the next one is often near. */
  #last = 0;

  /** How many bins hold something. */
  get size(): number {
    return this.#size;
  }

  get memoryBytes(): number {
    return this.#bins.byteLength + this.#counts.byteLength;
  }

  get count(): number {
    let count = 0;
    for (let i = 0; i < this.#size; i++) count += this.#counts[i] as number;
    return count;
  }

  add(bin: number, times = 1): void {
    const last = this.#last;
    if (this.#bins[last] === bin && last < this.#size) {
      this.#counts[last] = (this.#counts[last] as number) + times;
      return;
    }
    const at = this.#find(bin);
    if (at < this.#size && this.#bins[at] === bin) {
      this.#counts[at] = (this.#counts[at] as number) + times;
      this.#last = at;
    } else this.#insert(at, bin, times);
  }

  merge(other: QuantileSketch): void {
    if (other.#size === 0) return;
    if (other.#size === 1) {
      this.add(other.#bins[0] as number, other.#counts[0]);
      return;
    }
    this.#reserve(this.#size + other.#size);
    this.#mergeSorted(other.#bins, other.#counts, other.#size);
    while (this.#size > MAX_BINS) this.#collapse();
  }

  clear(): void {
    this.#size = 0;
    this.#last = 0;
  }

  /**
   * The q-quantile, 0 <= q <= 1, between the neighbouring ranks as in Hyndman and Fan's type 7 (numpy's default).
   * NaN when nothing was added.
   */
  quantile(q: number): number {
    const count = this.count;
    if (count === 0) return Number.NaN;
    const rank = q * (count - 1);
    const low = Math.floor(rank);
    const below = this.#valueAt(low);
    const share = rank - low;
    if (share === 0) return below;
    return below + (this.#valueAt(low + 1) - below) * share;
  }

  /** The value of each bin that holds something, rising, and how many it holds. */
  *bins(): Generator<[value: number, count: number]> {
    for (let i = 0; i < this.#size; i++)
      yield [valueOf(this.#bins[i] as number), this.#counts[i] as number];
  }

  write(to: ByteWriter): void {
    to.varint(this.#size);
    let before = 0;
    for (let i = 0; i < this.#size; i++) {
      const bin = this.#bins[i] as number;
      if (i === 0) to.signed(bin);
      else to.varint(bin - before);
      to.varint(this.#counts[i] as number);
      before = bin;
    }
  }

  /** Adds what `write` wrote. */
  read(from: ByteReader): void {
    const size = from.varint();
    let bin = 0;
    this.#reserve(this.#size + size);
    for (let i = 0; i < size; i++) {
      bin = i === 0 ? from.signed() : bin + from.varint();
      this.add(bin, from.varint());
    }
  }

  /** From the highest down, each bin to its last place, so that nothing has to be moved twice. */
  #mergeSorted(bins: Int32Array, counts: Float64Array, size: number): void {
    const [ownBins, ownCounts] = [this.#bins, this.#counts];
    let own = this.#size - 1;
    let other = size - 1;
    let to = this.#size + size - this.#shared(bins, size) - 1;
    this.#size = to + 1;
    this.#last = 0;
    while (other >= 0) {
      const bin = bins[other] as number;
      const held = own >= 0 ? (ownBins[own] as number) : -Infinity;
      ownBins[to] = Math.max(held, bin);
      let count = 0;
      if (held >= bin) count += ownCounts[own--] as number;
      if (bin >= held) count += counts[other--] as number;
      ownCounts[to--] = count;
    }
  }

  /** How many of the sorted bins are here already. */
  #shared(bins: Int32Array, size: number): number {
    let shared = 0;
    let own = 0;
    for (let i = 0; i < size; i++) {
      const bin = bins[i] as number;
      while (own < this.#size && (this.#bins[own] as number) < bin) own++;
      if (own < this.#size && this.#bins[own] === bin) shared++;
    }
    return shared;
  }

  #valueAt(rank: number): number {
    let seen = 0;
    for (let i = 0; i < this.#size; i++) {
      seen += this.#counts[i] as number;
      if (seen > rank) return valueOf(this.#bins[i] as number);
    }
    return valueOf(this.#bins[this.#size - 1] ?? 0);
  }

  /** The place of the bin, or where it would go. */
  #find(bin: number): number {
    let low = 0;
    let high = this.#size;
    if (high > 0 && bin > (this.#bins[high - 1] as number)) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bins[middle] as number) < bin) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(at: number, bin: number, times: number): void {
    this.#reserve(this.#size + 1);
    if (at < this.#size) {
      this.#bins.copyWithin(at + 1, at, this.#size);
      this.#counts.copyWithin(at + 1, at, this.#size);
    }
    this.#bins[at] = bin;
    this.#counts[at] = times;
    this.#size++;
    this.#last = at;
    if (this.#size > MAX_BINS) this.#collapse();
  }

  #reserve(size: number): void {
    if (size <= this.#bins.length) return;
    const length = Math.max(FIRST_CAPACITY, size, this.#bins.length * 2);
    const bins = new Int32Array(length);
    const counts = new Float64Array(length);
    bins.set(this.#bins);
    counts.set(this.#counts);
    this.#bins = bins;
    this.#counts = counts;
  }

  /** The lowest bin joins the next: high quantiles, which are asked for, stay right. */
  #collapse(): void {
    this.#counts[1] = (this.#counts[1] as number) + (this.#counts[0] as number);
    this.#bins.copyWithin(0, 1, this.#size);
    this.#counts.copyWithin(0, 1, this.#size);
    this.#size--;
    this.#last = 0;
  }
}
