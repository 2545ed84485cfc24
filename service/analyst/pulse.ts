/**
 * What comes to each series as one value a second at most: the mean of gauges and observations, of counters how much they
 * grew a second. Of the present only: what is imported, or comes after a restart, is of the past.
 */
import type { Series } from '../series/series.ts';
import type { SeriesStore } from '../series/store.ts';

/** Points of longer ago, or so far ahead, are not of the present. */
const PRESENT_MS = 60_000;
/** A series without points for so long begins anew. */
const FORGET_MS = 3_600_000;
const SWEEP_MS = 60_000;

interface Held {
  series: Series;
  sum: number;
  count: number;
  /** Time of the newest point, and of the newest one of the tick before. */
  time: number;
  before: number;
  /** Where the counter stood. */
  counter: number | null;
}

export type Beat = (series: Series, time: number, value: number) => void;

export class Pulse {
  readonly #held = new Map<number, Held>();
  readonly #now: () => number;
  #fresh: Held[] = [];
  #sweptAt = -Infinity;
  readonly #forget: (series_id: number) => void;

  /** `forget` is told of each series that is not held any more. */
  constructor(
    store: Pick<SeriesStore, 'follow'>,
    { now, forget }: { now: () => number; forget: (series_id: number) => void },
  ) {
    this.#now = now;
    this.#forget = forget;
    store.follow((series, time, value) => this.#take(series, time, value));
  }

  /** Hands over what came since the last call. */
  tick(now: number, beat: Beat): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const held of fresh) {
      const value = valueOf(held);
      held.before = held.time;
      [held.sum, held.count] = [0, 0];
      if (value !== null) beat(held.series, held.time, value);
    }
    if (now - this.#sweptAt >= SWEEP_MS) this.#sweep(now);
  }

  #take(series: Series, time: number, value: number): void {
    if (Math.abs(this.#now() - time) > PRESENT_MS) return;
    const held = this.#held.get(series.id) ?? this.#hold(series);
    if (held.count === 0) this.#fresh.push(held);
    held.count++;
    held.time = Math.max(held.time, time);
    if (series.info.kind !== 'counter') {
      held.sum += value;
      return;
    }
    // A counter that fell began anew.
    const grown = held.counter === null ? 0 : value - held.counter;
    held.sum += grown >= 0 ? grown : value;
    held.counter = value;
  }

  #hold(series: Series): Held {
    const held = { series, sum: 0, count: 0, time: -Infinity, before: -Infinity, counter: null };
    this.#held.set(series.id, held);
    return held;
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [id, { time, series }] of this.#held) {
      if (time > now - FORGET_MS && !series.removed) continue;
      this.#held.delete(id);
      this.#forget(id);
    }
  }
}

function valueOf({ series, sum, count, time, before }: Held): number | null {
  if (series.info.kind !== 'counter') return sum / count;
  const seconds = (time - before) / 1000;
  // The first value of a counter says nothing of how fast it grows.
  return Number.isFinite(seconds) && seconds > 0 ? sum / seconds : null;
}
