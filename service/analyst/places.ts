/** A bounded number of places for series that are watched: who was silent for long makes room, what was learned stays until then. */
import type { Series } from '../series/series.ts';

interface Placed {
  readonly series: Series;
  /** Epoch milliseconds. */
  heardAt: number;
}

/** Who was heard since then keeps its place. */
const IDLE_MS = 600_000;
/** Where no place is free, it is not looked for one each time. */
const LOOK_AGAIN_MS = 10_000;

export class Places<T extends Placed> {
  readonly #held = new Map<number, T>();
  readonly #most: number;
  readonly #left: (held: T, now: number) => void;
  readonly #without = new Map<number, Series>();
  #lookAgainAt = -Infinity;

  /** `left` is told of each that has lost its place. */
  constructor(most: number, left: (held: T, now: number) => void) {
    this.#most = most;
    this.#left = left;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Those that wait for a place. */
  get leftOut(): number {
    return this.#without.size;
  }

  get(key: number): T | undefined {
    return this.#held.get(key);
  }

  all(): Iterable<T> {
    return this.#held.values();
  }

  entries(): Iterable<[number, T]> {
    return this.#held.entries();
  }

  /** Gives it a place; null where there is none. */
  add(key: number, series: Series, { now, make }: { now: number; make: () => T }): T | null {
    if (this.#held.size >= this.#most && !this.#makeRoom(now)) {
      this.#without.set(key, series);
      return null;
    }
    this.#without.delete(key);
    const made = make();
    this.#held.set(key, made);
    return made;
  }

  delete(key: number): void {
    this.#held.delete(key);
    this.#lookAgainAt = -Infinity;
  }

  /** Nobody waits any more. */
  forgetLeftOut(): void {
    this.#without.clear();
  }

  /** Takes the places of series that are gone. */
  sweep(now: number): void {
    for (const [key, series] of this.#without) if (series.removed) this.#without.delete(key);
    for (const [key, held] of this.#held) if (held.series.removed) this.#take(key, held, now);
  }

  #makeRoom(now: number): boolean {
    if (now < this.#lookAgainAt) return false;
    let [idlest, at]: [number | null, number] = [null, now - IDLE_MS];
    for (const [key, { heardAt }] of this.#held) if (heardAt < at) [idlest, at] = [key, heardAt];
    const held = idlest === null ? undefined : this.#held.get(idlest);
    if (idlest === null || held === undefined) {
      this.#lookAgainAt = now + LOOK_AGAIN_MS;
      return false;
    }
    this.#take(idlest, held, now);
    return true;
  }

  #take(key: number, held: T, now: number): void {
    this.delete(key);
    this.#left(held, now);
  }
}
