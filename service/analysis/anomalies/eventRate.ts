/**
 * Events as a rate. A second with one event or none says little: each value is of as long a time as about five events
 * take, at least a second and at most a minute. Silence is a value, too: 0. Times are epoch milliseconds.
 */

export interface Rate {
  /** Events a second. */
  value: number;
  /** False where it is less than three events off what was to be expected: too few to speak of. */
  isSure: boolean;
}

/** Events that a value is of, about; and so many are enough at once. */
const WANTED = 5;
const ENOUGH = 10;
const SHORTEST_MS = 1000;
const LONGEST_MS = 60_000;
const LEAST_OFF = 3;
/** What of the past still counts after each value. */
const KEPT = 0.97;

export class EventRate {
  #events = 0;
  #since: number | null = null;
  /** Of the past, fading. */
  #pastEvents = 0;
  #pastMs = 0;

  /** Takes events that came by `now`. */
  add(events: number, now: number): void {
    this.#since ??= now - SHORTEST_MS;
    this.#events += events;
  }

  /** What is not counted to its end says nothing: nothing is to be expected for a while. */
  rest(): void {
    if (this.#events > 0) return;
    this.#since = null;
  }

  /** The rate up to now, where enough time has passed to tell it; to be asked every second. */
  end(now: number): Rate | null {
    this.#since ??= now;
    const ms = now - this.#since;
    if (ms < SHORTEST_MS || (ms < this.#width && this.#events < ENOUGH)) return null;
    const events = this.#events;
    const expected = this.#pastMs > 0 ? (ms * this.#pastEvents) / this.#pastMs : events;
    this.#pastEvents = KEPT * this.#pastEvents + events;
    this.#pastMs = KEPT * this.#pastMs + ms;
    [this.#events, this.#since] = [0, now];
    return { value: (1000 * events) / ms, isSure: Math.abs(events - expected) >= LEAST_OFF };
  }

  /** Milliseconds that the next value is of. */
  get #width(): number {
    return this.#pastMs > 0
      ? millisecondsOf((1000 * this.#pastEvents) / this.#pastMs)
      : SHORTEST_MS;
  }
}

/** How long a time a value is of, with so many events a second. */
export function millisecondsOf(rate: number): number {
  return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, (1000 * WANTED) / rate));
}
