/**
 * The newest `window` event ids, as 53-bit hashes: a ring in order of arrival and an open-addressing table of
 * positions in it. 16 MB for 1,000,000 ids, growing from 16 kB. Two different ids out of a million collide with
 * probability 1e-10 a new id.
 */
export class SeenIds {
  readonly #window: number;
  #capacity: number;
  #ring: Float64Array;
  #table: Int32Array;
  /** Ordinals (0, 1, 2, ... since the start) of the oldest remembered id and of the next one. */
  #oldest = 0;
  #next = 0;

  constructor(window = 1_000_000) {
    this.#window = window;
    this.#capacity = Math.min(window, 1024);
    this.#ring = new Float64Array(this.#capacity);
    this.#table = new Int32Array(tableSize(this.#capacity, window)).fill(-1);
  }

  /** The ordinal the next added id gets. */
  get next(): number {
    return this.#next;
  }

  /** Makes room for so many ids at once, so that adding them need not grow the tables step by step. */
  reserve(count: number): void {
    const capacity = Math.min(this.#window, count);
    if (capacity > this.#capacity) this.#grow(capacity);
  }

  /**
   * Remembers an id, unless it is known: then its ordinal is the answer, else -1. The oldest one makes room when the
   * window is full.
   */
  add(hash: number): number {
    let slot = this.#slotOf(hash);
    const known = this.#table[slot] ?? -1;
    if (known >= 0) return this.#ordinalAt(known);
    if (this.#next - this.#oldest === this.#capacity) {
      this.#makeRoom();
      slot = this.#slotOf(hash);
    }
    const position = this.#next % this.#capacity;
    this.#ring[position] = hash;
    this.#table[slot] = position;
    this.#next++;
    return -1;
  }

  /** Forgets the ids with ordinals in [from, to), so that they count as new again. */
  forget(from: number, to: number): void {
    for (let ordinal = Math.max(from, this.#oldest); ordinal < to; ordinal++) {
      this.#erase(ordinal % this.#capacity);
    }
  }

  #makeRoom(): void {
    if (this.#capacity < this.#window) {
      this.#grow(Math.min(this.#window, this.#capacity * 2));
      return;
    }
    this.#erase(this.#oldest % this.#capacity);
    this.#oldest++;
  }

  /** Before the window is full nothing is ever pushed out, so every position stays what it is. */
  #grow(capacity: number): void {
    const ring = new Float64Array(capacity);
    ring.set(this.#ring);
    this.#ring = ring;
    this.#capacity = capacity;
    const size = tableSize(capacity, this.#window);
    if (size === this.#table.length) return;
    this.#table = new Int32Array(size).fill(-1);
    for (let ordinal = 0; ordinal < this.#next; ordinal++) {
      const hash = ring[ordinal] ?? NaN;
      if (!Number.isNaN(hash)) this.#table[this.#slotOf(hash)] = ordinal;
    }
  }

  /** The slot that holds the id, or the free one where it belongs. */
  #slotOf(hash: number): number {
    const table = this.#table;
    const ring = this.#ring;
    const mask = table.length - 1;
    let slot = hash & mask;
    for (;;) {
      const position = table[slot] ?? -1;
      if (position < 0 || ring[position] === hash) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Takes an id out of the table, moving later ones up so that no search stops early, and blanks its place. */
  #erase(position: number): void {
    const hash = this.#ring[position] ?? NaN;
    if (Number.isNaN(hash)) return;
    const table = this.#table;
    const mask = table.length - 1;
    let hole = this.#slotOf(hash);
    for (let slot = (hole + 1) & mask; ; slot = (slot + 1) & mask) {
      const other = table[slot] ?? -1;
      if (other < 0) break;
      const home = (this.#ring[other] ?? 0) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        table[hole] = other;
        hole = slot;
      }
    }
    table[hole] = -1;
    this.#ring[position] = NaN;
  }

  #ordinalAt(position: number): number {
    const first = this.#oldest % this.#capacity;
    const distance = position - first;
    return this.#oldest + (distance < 0 ? distance + this.#capacity : distance);
  }
}

/** Above this the table gets its final size at once: sorting more ids in anew would hold the event loop. */
const LAST_SMALL_CAPACITY = 65_536;

function tableSize(capacity: number, window: number): number {
  const ids = capacity <= LAST_SMALL_CAPACITY ? capacity : window;
  let size = 16;
  while (size < ids * 2) size *= 2;
  return size;
}

/** 53 bits of an id (the cyrb53 mix): two multiplications a character, no allocation. */
export function hashId(id: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < id.length; index++) {
    const unit = id.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  const mixedHigh =
    Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  const mixedLow =
    Math.imul(low ^ (low >>> 16), 2246822507) ^
    Math.imul(mixedHigh ^ (mixedHigh >>> 13), 3266489909);
  return 4294967296 * (2097151 & mixedLow) + (mixedHigh >>> 0);
}
