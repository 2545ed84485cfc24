import type { ResourceSample } from '../service/protocol/record.ts';

/** About 4 hours of samples every 5 s, or 8 minutes of samples every 100 ms. */
const MAX_SAMPLES = 5_000;

interface Placed {
  at: number;
  sample: ResourceSample;
}

/**
 * A job's resource samples in order of time, bounded. A wider sample replaces the narrower ones it is the mean of, so
 * a line that the service has rolled up meanwhile shows once.
 */
export class SampleLine {
  #placed: Placed[] = [];

  get size(): number {
    return this.#placed.length;
  }

  all(): ResourceSample[] {
    return this.#placed.map(({ sample }) => sample);
  }

  add(sample: ResourceSample): void {
    const at = Date.parse(sample.time);
    const start = this.#firstFrom(at);
    const end = this.#firstFrom(Math.max(at + 1, at + sample.width_ms));
    const kept = this.#placed.slice(start, end).filter((old) => !replaces(sample, at, old));
    this.#placed.splice(start, end - start, { at, sample }, ...kept);
    if (kept.some((old) => old.at === at)) this.#placed.sort((a, b) => a.at - b.at);
    if (this.#placed.length > MAX_SAMPLES)
      this.#placed.splice(0, this.#placed.length - MAX_SAMPLES);
  }

  /** Index of the first sample at or after `at`: new ones nearly always go to the end. */
  #firstFrom(at: number): number {
    let low = 0;
    let high = this.#placed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#placed[middle] as Placed).at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function replaces(sample: ResourceSample, at: number, old: Placed): boolean {
  if (old.sample.phase_id !== sample.phase_id) return false;
  return old.at === at || old.sample.width_ms < sample.width_ms;
}
