/** When recorded events are due, from the times that were between them. Pure. */

/** Longest pause between two events, milliseconds as it is waited, whatever was recorded. */
export const LONGEST_PAUSE_MS = 60_000;

export interface Due {
  /** Milliseconds from the first event. */
  at: number;
  /** The recorded pause, as it would have been waited, where it was cut; else null. */
  cut_ms: number | null;
}

export class Pace {
  readonly #speed: number;
  #at = 0;
  /** Epoch milliseconds of the latest event: those that come out of order go at once. */
  #latest: number | null = null;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** `time`: epoch milliseconds; null where the event has none: it follows the one before. */
  due(time: number | null): Due {
    if (time === null) return { at: this.#at, cut_ms: null };
    const pause = (time - (this.#latest ?? time)) / this.#speed;
    // Further back than any pause: the one before had a wrong clock, and the recording goes on from here.
    if (this.#latest === null || pause > 0 || pause < -LONGEST_PAUSE_MS) this.#latest = time;
    this.#at += Math.min(Math.max(pause, 0), LONGEST_PAUSE_MS);
    return { at: this.#at, cut_ms: pause > LONGEST_PAUSE_MS ? pause : null };
  }
}
