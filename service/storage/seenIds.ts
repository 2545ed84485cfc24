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
    this.#table = emptyTable(this.#capacity);
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

  /** The ordinal under which the id was added, or -1 when it is not remembered. */
  find(hash: number): number {
    const position = this.#table[this.#slotOf(hash)] ?? -1;
    return position < 0 ? -1 : this.#ordinalAt(position);
  }

  /** Remembers an id that `find` does not know; the oldest one makes room when the window is full. */
  add(hash: number): void {
    if (this.#next - this.#oldest === this.#capacity) this.#makeRoom();
    const position = this.#next % this.#capacity;
    this.#ring[position] = hash;
    this.#table[this.#slotOf(hash)] = position;
    this.#next++;
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

  #grow(capacity: number): void {
    const old = this.#ring;
    const oldCapacity = this.#capacity;
    this.#capacity = capacity;
    this.#ring = new Float64Array(capacity);
    this.#table = emptyTable(capacity);
    for (let ordinal = this.#oldest; ordinal < this.#next; ordinal++) {
      const hash = old[ordinal % oldCapacity] ?? NaN;
      this.#ring[ordinal % capacity] = hash;
      if (!Number.isNaN(hash)) this.#table[this.#slotOf(hash)] = ordinal % capacity;
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

function emptyTable(capacity: number): Int32Array {
  let size = 16;
  while (size < capacity * 2) size *= 2;
  return new Int32Array(size).fill(-1);
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
