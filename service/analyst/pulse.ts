/**
 * What comes to each series as one value a second at most: the mean of gauges and observations, of counters how much they
 * grew a second, of counts how many there were a second, 0 among it while some are to be expected. Of the present only:
 * what is imported, or comes after a restart, is of the past.
 */
import { EventRate } from '../analysis/anomalies/eventRate.ts';
import { Growth } from '../analysis/anomalies/growth.ts';
import type { Series } from '../series/series.ts';
import type { SeriesStore } from '../series/store.ts';
import { type Course, courseOf, rateCourseOf } from './courses.ts';

/** Points of longer ago are not of the present. Those ahead come from a clock that is wrong: they are of now. */
const PRESENT_MS = 60_000;
/** A series without points for so long begins anew. */
const FORGET_MS = 3_600_000;
/** So long after the last of them silence is a value. */
const SILENT_MS = 600_000;
const SWEEP_MS = 60_000;

interface Held {
  course: Course;
  sum: number;
  count: number;
  /** Time of the newest point; never later than when it came. */
  time: number;
  growth: Growth | null;
  /** How many there are; null where that is nothing to judge. */
  events: { course: Course; rate: EventRate } | null;
}

/** One value of a course: `sure` is false where it is made of too little to be told by itself. */
export interface Beat {
  time: number;
  value: number;
  sure: boolean;
}

export interface PulseOptions {
  /** Epoch milliseconds. */
  now: () => number;
  /** True where things of this series are to be expected now: without them it is silent. */
  expects: (series: Series) => boolean;
}

export class Pulse {
  readonly #held = new Map<number, Held>();
  readonly #counted = new Set<Held>();
  readonly #options: PulseOptions;
  #fresh: Held[] = [];
  #begun = false;
  #sweptAt = -Infinity;
  /** Points that were too old when they came. */
  late = 0;

  constructor(store: Pick<SeriesStore, 'follow'>, options: PulseOptions) {
    this.#options = options;
    store.follow((series, time, value) => this.#take(series, time, value));
  }

  /** Hands over what came since the last call; nothing at first, which may have been read again from the journal. */
  tick(now: number, beat: (course: Course, beat: Beat) => void): void {
    if (!this.#begun) return this.#begin();
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const held of fresh) {
      const value = valueOf(held);
      held.sum = 0;
      held.count = 0;
      if (value !== null) beat(held.course, { time: held.time, value, sure: true });
    }
    for (const held of this.#counted) this.#count(held, now, beat);
    if (now - this.#sweptAt >= SWEEP_MS) this.#sweep(now);
  }

  #begin(): void {
    this.#begun = true;
    this.#fresh = [];
    this.#held.clear();
    this.#counted.clear();
    this.late = 0;
  }

  #take(series: Series, time: number, value: number): void {
    const now = this.#options.now();
    if (now - time > PRESENT_MS) {
      this.late++;
      return;
    }
    const held = this.#held.get(series.id) ?? this.#hold(series);
    held.events?.rate.add(held.course.as === 'events' ? value : 1, now);
    held.time = Math.max(held.time, Math.min(time, now));
    if (held.course.as === 'events') return;
    if (held.count === 0) this.#fresh.push(held);
    held.count++;
    if (held.growth === null) held.sum += value;
    else held.growth.add(time, value);
  }

  #count(
    { course, time, events }: Held,
    now: number,
    beat: (of: Course, beat: Beat) => void,
  ): void {
    if (events === null) return;
    if (now - time > SILENT_MS || !this.#options.expects(course.series)) events.rate.rest();
    const rate = events.rate.end(now);
    if (rate !== null) beat(events.course, { time: now, value: rate.value, sure: rate.isSure });
  }

  #hold(series: Series): Held {
    const course = courseOf(series);
    const counted = course.as === 'events' ? course : rateCourseOf(series);
    // Written out: what is made of spread objects is slow to change, a thousand times a second.
    const held: Held = {
      course,
      sum: 0,
      count: 0,
      time: -Infinity,
      growth: course.as === 'growth' ? new Growth() : null,
      events: counted === null ? null : { course: counted, rate: new EventRate() },
    };
    this.#held.set(series.id, held);
    if (held.events !== null) this.#counted.add(held);
    return held;
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [id, held] of this.#held) {
      if (held.time > now - FORGET_MS && !held.course.series.removed) continue;
      this.#held.delete(id);
      this.#counted.delete(held);
    }
  }
}

function valueOf({ growth, sum, count }: Held): number | null {
  return growth === null ? sum / count : growth.end();
}
