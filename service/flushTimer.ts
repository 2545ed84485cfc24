/**
 * When what changed is told: at once after a pause, then at most every 50 ms. What is urgent (an alert) does not wait for
 * its turn; the turn after it comes later by as much, so that there are no more of them.
 */
import type { Clock } from './clock.ts';

const TURN_MS = 50;

export class FlushTimer {
  readonly #clock: Clock;
  readonly #flush: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the last turn was, or would have been. */
  #turnAt = -Infinity;

  constructor(clock: Clock, flush: () => void) {
    this.#clock = clock;
    this.#flush = flush;
  }

  schedule(urgent = false): void {
    const since = this.#clock.elapsed() - this.#turnAt;
    const wait = Math.max(0, TURN_MS - since);
    const isEarly = urgent && since >= 0 && wait > 0;
    if (this.#timer !== undefined) {
      if (!isEarly) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => this.#turn(), isEarly ? 0 : wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #turn(): void {
    this.#timer = undefined;
    this.#turnAt = Math.max(this.#clock.elapsed(), this.#turnAt + TURN_MS);
    this.#flush();
  }
}
