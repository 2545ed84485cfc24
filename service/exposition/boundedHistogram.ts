/** A histogram whose labels come from pipelines: so many sets of them, then all others as one. */
import type { Histogram } from 'prom-client';

/** As many as a metric of the time series has; each costs 2 kB of every scrape. */
const MAX_SETS = 1000;
const OTHERS = 'other';

export class BoundedHistogram {
  readonly #histogram: Histogram;
  readonly #labelNames: readonly string[];
  readonly #known = new Set<string>();

  constructor(histogram: Histogram, labelNames: readonly string[]) {
    this.#histogram = histogram;
    this.#labelNames = labelNames;
  }

  /** A label that is not given is empty. `value` is in the histogram's unit. */
  observe(labels: Readonly<Record<string, string>>, value: number): void {
    const values = this.#labelNames.map((name) => labels[name] ?? '');
    const isShown = this.#isShown(JSON.stringify(values));
    const named = this.#labelNames.map((name, i) => [name, isShown ? (values[i] ?? '') : OTHERS]);
    this.#histogram.observe(Object.fromEntries(named) as Record<string, string>, value);
  }

  #isShown(key: string): boolean {
    if (this.#known.has(key)) return true;
    if (this.#known.size >= MAX_SETS) return false;
    this.#known.add(key);
    return true;
  }
}
