/**
 * The newest `window` event ids, as 53-bit hashes: a ring in order of arrival and an open-addressing table of
 * positions in it. 16 MB for 1,000,000 ids, growing from 16 kB. Two different ids out of a million collide with
 * probability 1e-10 a new id.
 *
 * Neither fits a processor's cache, so what costs is how often each is looked at: a place of the table also says how far
 * it is from where its id belongs, and some more bits of the hash. So the ring is only read where an id is known.
 */
export class SeenIds {
  readonly #window: number;
  #capacity: number;
  #ring: Float64Array;
  /** 0 where free, else from the lowest bit on: the position plus one, the distance, the mark. */
  #table: Int32Array;
  readonly #positionBits: number;
  readonly #positionMask: number;
  readonly #markMask: number;
  /** Ordinals (0, 1, 2, ... since the start) of the oldest remembered id and of the next one. */
  #oldest = 0;
  #next = 0;
  /** Keeps the reads of `#touch` from being optimized away. */
  #touched = 0;

  /** Throws a RangeError where the window is larger than 67,108,863. */
  constructor(window = 1_000_000) {
    if (window > MAX_WINDOW) throw new RangeError(`At most ${MAX_WINDOW} ids can be remembered.`);
    this.#window = window;
    this.#capacity = Math.min(window, 1024);
    this.#ring = new Float64Array(this.#capacity);
    this.#table = new Int32Array(tableSize(this.#capacity, window));
    this.#positionBits = 32 - Math.clz32(window);
    this.#positionMask = 2 ** this.#positionBits - 1;
    this.#markMask = 2 ** (32 - this.#positionBits - DISTANCE_BITS) - 1;
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
    let found = this.#find(hash);
    if (found >= 0) return this.#ordinalAt(this.#positionIn(found));
    if (this.#next - this.#oldest === this.#capacity) {
      this.#makeRoom();
      found = this.#find(hash);
    }
    const position = this.#next % this.#capacity;
    this.#ring[position] = hash;
    this.#put(~found, position, hash);
    this.#next++;
    return -1;
  }

  /** Adds those of `hashes` from `from` to `to`, in half the time that one call after the other takes. */
  addAll(hashes: Float64Array, from: number, to: number): void {
    for (let at = from; at < to; at += SIDE_BY_SIDE) {
      const end = Math.min(to, at + SIDE_BY_SIDE);
      this.#touch(hashes, at, end);
      for (let i = at; i < end; i++) this.add(hashes[i] ?? 0);
    }
  }

  /** Looks where each will go: one after the other they would wait for memory, here all wait at once. */
  #touch(hashes: Float64Array, from: number, to: number): void {
    const table = this.#table;
    const slots = table.length - 1;
    let seen = 0;
    for (let i = from; i < to; i++) seen |= table[(hashes[i] ?? 0) & slots] ?? 0;
    this.#touched = seen;
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
    this.#table = new Int32Array(size);
    for (let ordinal = 0; ordinal < this.#next; ordinal++) {
      const hash = ring[ordinal] ?? NaN;
      if (!Number.isNaN(hash)) this.#put(~this.#find(hash), ordinal, hash);
    }
  }

  /** The slot that holds the id; where none does, the free one where it belongs, with all bits turned. */
  #find(hash: number): number {
    const table = this.#table;
    const slots = table.length - 1;
    const mark = this.#markOf(hash);
    const markAt = this.#positionBits + DISTANCE_BITS;
    for (let slot = hash & slots; ; slot = (slot + 1) & slots) {
      const entry = table[slot] ?? 0;
      if (entry === 0) return ~slot;
      if (entry >>> markAt === mark && this.#ring[(entry & this.#positionMask) - 1] === hash)
        return slot;
    }
  }

  #put(slot: number, position: number, hash: number): void {
    const table = this.#table;
    const distance = Math.min((slot - hash) & (table.length - 1), FAR);
    const upper = (this.#markOf(hash) << DISTANCE_BITS) | distance;
    table[slot] = (upper << this.#positionBits) | (position + 1);
  }

  /** Bits of the hash that do not say where in the table it belongs. */
  #markOf(hash: number): number {
    return (hash / 2 ** 32) & this.#markMask;
  }

  #positionIn(slot: number): number {
    return ((this.#table[slot] ?? 0) & this.#positionMask) - 1;
  }

  /** How far the slot's id is from where it belongs. */
  #distanceAt(slot: number): number {
    const near = ((this.#table[slot] ?? 0) >>> this.#positionBits) & FAR;
    if (near < FAR) return near;
    return (slot - (this.#ring[this.#positionIn(slot)] ?? 0)) & (this.#table.length - 1);
  }

  /** Takes an id out of the table, moving later ones up so that no search stops early, and blanks its place. */
  #erase(position: number): void {
    const hash = this.#ring[position] ?? NaN;
    if (Number.isNaN(hash)) return;
    const table = this.#table;
    const slots = table.length - 1;
    let hole = hash & slots;
    while (this.#positionIn(hole) !== position) hole = (hole + 1) & slots;
    for (let slot = (hole + 1) & slots; table[slot] !== 0; slot = (slot + 1) & slots) {
      const moves = (slot - hole) & slots;
      const distance = this.#distanceAt(slot);
      if (distance < moves) continue;
      const entry = table[slot] ?? 0;
      const near = Math.min(distance - moves, FAR);
      table[hole] = (entry & ~(FAR << this.#positionBits)) | (near << this.#positionBits);
      hole = slot;
    }
    table[hole] = 0;
    this.#ring[position] = NaN;
  }

  #ordinalAt(position: number): number {
    const first = this.#oldest % this.#capacity;
    const distance = position - first;
    return this.#oldest + (distance < 0 ? distance + this.#capacity : distance);
  }
}

/** As many as a processor can wait for, and more; all of them stay in its nearest cache. */
const SIDE_BY_SIDE = 64;
const DISTANCE_BITS = 5;
/** This distance or a longer one: then the ring says which. */
const FAR = 2 ** DISTANCE_BITS - 1;
/** With more, a place of the table would have no bit left to tell ids apart. */
const MAX_WINDOW = 2 ** (31 - DISTANCE_BITS) - 1;

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
  let high = HIGH_SEED;
  let low = LOW_SEED;
  for (let index = 0; index < id.length; index++) {
    const unit = id.charCodeAt(index);
    high = Math.imul(high ^ unit, HIGH_FACTOR);
    low = Math.imul(low ^ unit, LOW_FACTOR);
  }
  return finish(high, low);
}

/** The same of an id in ASCII, as it lies in `bytes` from `start` to `end`. */
export function hashAscii(bytes: Uint8Array, start: number, end: number): number {
  let high = HIGH_SEED;
  let low = LOW_SEED;
  for (let at = start; at < end; at++) {
    const unit = bytes[at] ?? 0;
    high = Math.imul(high ^ unit, HIGH_FACTOR);
    low = Math.imul(low ^ unit, LOW_FACTOR);
  }
  return finish(high, low);
}

const HIGH_SEED = 0xdeadbeef;
const LOW_SEED = 0x41c6ce57;
const HIGH_FACTOR = 2654435761;
const LOW_FACTOR = 1597334677;

function finish(high: number, low: number): number {
  const mixedHigh =
    Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  const mixedLow =
    Math.imul(low ^ (low >>> 16), 2246822507) ^
    Math.imul(mixedHigh ^ (mixedHigh >>> 13), 3266489909);
  return 4294967296 * (2097151 & mixedLow) + (mixedHigh >>> 0);
}
