/** The newest points of one series as they were measured. */

export const MAX_RAW_POINTS = 10_000;
/** Older points are only in the roll-ups. */
export const RAW_MS = 3_600_000;
const FIRST_CAPACITY = 16;

/** How many more points all rings together may make room for. */
export interface RawBudget {
  points: number;
}

/**
 * Points in the order of their arrival, the oldest arrivals overwritten. Grows by doubling up to 10,000 points while
 * the budget lasts.
 */
export class RawRing {
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  /** Where the oldest stands. */
  #head = 0;
  #size = 0;
  #newest = -Infinity;
  /** Points of this time or before may be missing. */
  #missingUpTo = -Infinity;
  readonly #budget: RawBudget;

  constructor(budget: RawBudget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }

  get memoryBytes(): number {
    return this.#times.byteLength + this.#values.byteLength;
  }

  push(time: number, value: number): void {
    if (time > this.#newest) this.#newest = time;
    else if (time <= this.#newest - RAW_MS) {
      this.forgetUpTo(time);
      return;
    }
    if (this.#size === this.#times.length && !this.#makeRoom()) return;
    let at = this.#head + this.#size;
    if (at >= this.#times.length) at -= this.#times.length;
    this.#times[at] = time;
    this.#values[at] = value;
    this.#size++;
  }

  /** Says that points of this time or before may be missing: the ring does not answer for them. */
  forgetUpTo(time: number): void {
    if (time > this.#missingUpTo) this.#missingUpTo = time;
  }

  /** True when every point from `from` on is here. */
  covers(from: number): boolean {
    return from > this.#missingUpTo;
  }

  /** Calls back with the points of `from` <= time <= `to`, in the order of time. */
  forEach(from: number, to: number, take: (time: number, value: number) => void): void {
    const places: number[] = [];
    let sorted = true;
    let before = -Infinity;
    for (let i = 0; i < this.#size; i++) {
      const place = (this.#head + i) % this.#times.length;
      const time = this.#times[place] as number;
      if (time < from || time > to) continue;
      if (time < before) sorted = false;
      before = time;
      places.push(place);
    }
    if (!sorted) places.sort((a, b) => (this.#times[a] as number) - (this.#times[b] as number));
    for (const place of places) take(this.#times[place] as number, this.#values[place] as number);
  }

  /** Gives the memory back when nothing came for so long that no point is fresh. */
  release(now: number): void {
    if (this.#size === 0 || this.#newest > now - RAW_MS) return;
    this.#budget.points += this.#times.length;
    this.forgetUpTo(this.#newest);
    this.#times = new Float64Array(0);
    this.#values = new Float64Array(0);
    this.#head = this.#size = 0;
  }

  /** Drops what is too old, or else grows, or else drops the oldest. False when there is no room at all. */
  #makeRoom(): boolean {
    this.#dropOld();
    if (this.#size < this.#times.length || this.#grow()) return true;
    if (this.#size === 0) {
      this.forgetUpTo(this.#newest);
      return false;
    }
    this.#dropOldest();
    return true;
  }

  #dropOld(): void {
    const oldest = this.#newest - RAW_MS;
    while (this.#size > 0 && (this.#times[this.#head] as number) <= oldest) this.#dropOldest();
  }

  #dropOldest(): void {
    this.forgetUpTo(this.#times[this.#head] as number);
    this.#head = (this.#head + 1) % this.#times.length;
    this.#size--;
  }

  #grow(): boolean {
    const held = this.#times.length;
    const wanted = Math.min(MAX_RAW_POINTS, Math.max(FIRST_CAPACITY, held * 2));
    if (wanted === held || this.#budget.points < wanted - held) return false;
    this.#budget.points -= wanted - held;
    this.#times = this.#unrolled(this.#times, wanted);
    this.#values = this.#unrolled(this.#values, wanted);
    this.#head = 0;
    return true;
  }

  #unrolled(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
    const to = new Float64Array(length);
    to.set(from.subarray(this.#head));
    to.set(from.subarray(0, this.#head), from.length - this.#head);
    return to;
  }
}
