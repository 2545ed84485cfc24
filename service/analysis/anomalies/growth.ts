/** How fast a counter grows, by the times of its points: those that come late or twice say nothing new. */
import { growth } from '../../series/bucket.ts';

/** So many points in a row of an earlier time: the clock was set back. */
const SET_BACK = 10;

export class Growth {
  #at: { time: number; value: number } | null = null;
  #late = 0;
  #grown = 0;
  /** When the counter stood where the last rate ended. */
  #since: number | null = null;

  /** Takes where the counter stands at `time`, epoch milliseconds. One that fell began anew. */
  add(time: number, value: number): void {
    const before = this.#at;
    if (before !== null && time <= before.time) {
      if (++this.#late < SET_BACK) return;
      // From here on by the other clock.
      [this.#grown, this.#since, this.#at] = [0, time, { time, value }];
      this.#late = 0;
      return;
    }
    this.#late = 0;
    if (before !== null) this.#grown += growth(before.value, value);
    this.#since ??= time;
    this.#at = { time, value };
  }

  /** A second, since the last call; null where no newer point came, as the first value says nothing of how fast it grows. */
  end(): number | null {
    const seconds = this.#at === null || this.#since === null ? 0 : this.#at.time - this.#since;
    if (this.#at === null || seconds <= 0) return null;
    const rate = (1000 * this.#grown) / seconds;
    [this.#grown, this.#since] = [0, this.#at.time];
    return rate;
  }
}
