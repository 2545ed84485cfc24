/**
 * Fills windows from the roll-ups on disk: after a restart memory has the newest points only, and a range of hours would
 * be known in hours. One part of a window after the other, while the service runs.
 */
import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../protocol/errors.ts';
import type { Series } from '../series/series.ts';
import type { SeriesStore } from '../series/store.ts';
import { visitStored } from '../series/stored.ts';
import type { Part, Watched, Window } from './window.ts';

export interface FillingOptions {
  store: SeriesStore;
  /** Epoch milliseconds. */
  now: () => number;
  startedAt: number;
  /** The part of a window that a series belongs to; null where it found no room. */
  placeOf: (watched: Watched, series: Series) => { window: Window; part: Part } | null;
  /** False where no rule looks at it any more. */
  isWatched: (watched: Watched) => boolean;
  /** Called with a window that knows more than before. */
  filled: (window: Window) => void;
  /** Gets one sentence where something cannot be read. */
  warn: (sentence: string) => void;
}

interface Task {
  window: Window;
  part: Part;
  series: Series[];
}

/** Parts of more series are known when their range has passed: they would be read at one moment. */
const MOST_SERIES = 256;
/** Buckets of this much before the range tell that all of the range is known. */
const BEFORE_MS = 120_000;

export class Filling {
  readonly #options: FillingOptions;
  readonly #waiting = new Set<Watched>();
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(options: FillingOptions) {
    this.#options = options;
  }

  /** Fills its windows when those before it are filled. */
  add(watched: Watched): void {
    this.#waiting.add(watched);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Not within the start: whoever waits for it is served first.
    await setImmediate();
    for (const watched of this.#waiting) {
      this.#waiting.delete(watched);
      for (const window of await this.#fillAll(watched)) {
        window.isFilled = true;
        this.#options.filled(window);
      }
    }
  }

  /** The windows of which all is known now. */
  async #fillAll(watched: Watched): Promise<Set<Window>> {
    const tasks = this.#tasks(watched);
    const windows = new Set(tasks.map(({ window }) => window));
    for (const task of tasks) {
      if (this.#closed || !this.#options.isWatched(watched)) return new Set();
      if (!(await this.#fill(watched, task))) windows.delete(task.window);
      await setImmediate();
    }
    return windows;
  }

  #from({ spec: { range_ms, twice } }: Watched): number {
    return this.#options.now() - range_ms * (twice ? 2 : 1) - BEFORE_MS;
  }

  #tasks(watched: Watched): Task[] {
    const { store, placeOf } = this.#options;
    const tasks = new Map<Part, Task>();
    for (const metric of watched.spec.metrics) {
      for (const series of store.seriesOfMetric(metric)) {
        const place = placeOf(watched, series);
        if (place === null) continue;
        const held = tasks.get(place.part);
        if (held) held.series.push(series);
        else tasks.set(place.part, { ...place, series: [series] });
      }
    }
    return [...tasks.values()];
  }

  /** True when all of it is known. Memory anew and disk are taken at one moment: what moves from one to the other is neither missed nor counted twice. */
  async #fill(watched: Watched, { window, part, series }: Task): Promise<boolean> {
    const { store, now: clock, warn } = this.#options;
    const from = this.#from(watched);
    if (series.every(({ ring }) => ring.covers(from))) return true;
    if (series.length > MOST_SERIES) return false;
    const moment = { now: clock(), startedAt: this.#options.startedAt, from };
    part.slots.clear();
    const reads = series.map((one) => {
      window.takeRecent(one, moment);
      return visitStored(store, one, moment, (bucket) => {
        window.takeBucket(part, bucket, moment);
      });
    });
    const results = await Promise.allSettled(reads);
    const failed = results.find((one) => one.status === 'rejected');
    if (failed)
      warn(
        `What is stored of ${part.metric} could not be read; its rules know it when their range has passed: ${messageOf(failed.reason)}`,
      );
    return failed === undefined;
  }
}
