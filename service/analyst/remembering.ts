/**
 * Teaches what watches a series what it did before: after a start, and where its place was somebody else's meanwhile. Out of
 * the stored buckets, one series after the other, in pieces of 5 ms with a pause after each.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { type Recalled, recall } from '../analysis/anomalies/recall.ts';
import type { Logger } from '../logger.ts';
import { messageOf } from '../protocol/errors.ts';
import type { Bucket } from '../series/bucket.ts';
import type { SeriesStore } from '../series/store.ts';
import { mergeByIndex, visitBytes } from '../series/tierBuffer.ts';
import { DAY, HOUR } from '../series/tiers.ts';
import type { Course } from './courses.ts';

/** The newest values of the past that are taught: 20 minutes at one a second. */
const MOST_VALUES = 1200;
/** Enough to know a series by. */
const LEAST_VALUES = 240;
/** Where it is looked for them, one after the other until there are enough: the place of the tier, and how far back. */
const LOOKS = [
  { tier: 0, back: HOUR },
  { tier: 0, back: DAY },
  { tier: 1, back: 7 * DAY },
] as const;
const SLICE_MS = 5;
const PAUSE_MS = 10;
/** Series that wait for their turn. Beyond, the newest begin without a past. */
const MOST_WAITING = 5000;

export interface Lesson {
  course: Course;
  /** When it came to be watched, epoch milliseconds. */
  until: number;
  each: (time: number, value: number) => void;
  /** Called in any case, with the time by then. */
  done: (now: number) => void;
}

export interface RememberingSources {
  series: Pick<SeriesStore, 'archive' | 'tiers'>;
  logger: Pick<Logger, 'warn'>;
  /** Epoch milliseconds. */
  now: () => number;
}

export class Remembering {
  readonly #sources: RememberingSources;
  #lessons: Lesson[] = [];
  #running: Promise<void> | null = null;
  #closed = false;
  #sliceAt = 0;

  constructor(sources: RememberingSources) {
    this.#sources = sources;
  }

  begin(lesson: Lesson): void {
    if (this.#closed || this.#lessons.length >= MOST_WAITING) lesson.done(this.#sources.now());
    else this.#lessons.push(lesson);
    if (!this.#closed) this.#running ??= this.#run();
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  /** Resolves when all that waits was taught. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Those of the same second come together: all of them belong to one piece of work.
    await wait(0);
    this.#sliceAt = performance.now();
    while (this.#lessons.length > 0) {
      const lessons = this.#lessons;
      this.#lessons = [];
      for (const lesson of lessons) await this.#give(lesson);
    }
    this.#running = null;
  }

  async #give({ course, until, each, done }: Lesson): Promise<void> {
    try {
      for (const { time, value } of this.#closed ? [] : await this.#past(course, until)) {
        each(time, value);
        await this.#step();
      }
    } catch (error) {
      const what = `What ${course.series.metric} did before the start could not be read`;
      this.#sources.logger.warn(`${what}; it is learned anew: ${messageOf(error)}`);
    }
    done(this.#sources.now());
  }

  async #past(course: Course, until: number): Promise<Recalled[]> {
    let best: Recalled[] = [];
    for (const { tier, back } of LOOKS) {
      const width = this.#sources.series.tiers[tier]?.width ?? 1;
      const buckets = await this.#buckets(course, tier, { from: until - back, until });
      const found = recall(buckets, { as: course.as, width, most: MOST_VALUES });
      if (found.length > best.length) best = found;
      if (best.length >= LEAST_VALUES) break;
    }
    return best;
  }

  /** The newest buckets of a tier, in the order of time. The last may hold what has come since: it is known, and not odd. */
  async #buckets(
    { series }: Course,
    tier: number,
    { from, until }: { from: number; until: number },
  ): Promise<Bucket[]> {
    const { archive, tiers } = this.#sources.series;
    const width = tiers[tier]?.width ?? 1;
    const [first, last] = [Math.floor(from / width), Math.floor(until / width)];
    const range = { width, first, last, quantiles: true };
    const to = (last + 1) * width - 1;
    const stored = archive.read(series.id, tier, { from: first * width, to });
    const held = mergeByIndex((visit) => series.visit(tier, range, visit));
    const pieces: Bucket[] = [...held];
    for (const bytes of await stored) {
      pieces.push(...mergeByIndex((visit) => visitBytes(bytes, range, visit)));
      await this.#step();
    }
    return mergeByIndex((visit) => pieces.forEach(visit));
  }

  async #step(): Promise<void> {
    if (performance.now() - this.#sliceAt < SLICE_MS) return;
    await wait(PAUSE_MS);
    this.#sliceAt = performance.now();
  }
}
