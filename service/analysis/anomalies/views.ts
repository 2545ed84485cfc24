/** The ways in which a value may differ from what was: each a deviation of its own, in the units of the series. */
import { RunningMean } from './runningMean.ts';

/** A view takes each point once, in the order of time, and says how far off it is; 0 where it knows nothing. */
export interface View {
  add(time: number, value: number): number;
}

/** From the mean of the newest values. */
export class SpikeView implements View {
  readonly #before: RunningMean;
  #isNew = true;

  constructor(memory: number) {
    this.#before = new RunningMean(memory);
  }

  add(_time: number, value: number): number {
    const off = this.#isNew ? 0 : Math.abs(value - this.#before.mean);
    this.#isNew = false;
    this.#before.add(value);
    return off;
  }
}

/** A short mean from a long one. */
export class LevelView implements View {
  readonly #short: RunningMean;
  readonly #long: RunningMean;

  constructor(short: number, long: number) {
    this.#short = new RunningMean(short);
    this.#long = new RunningMean(long);
  }

  add(_time: number, value: number): number {
    return Math.abs(this.#short.add(value) - this.#long.add(value));
  }
}

/** How much rougher or smoother the newest steps from value to value are than all, as the logarithm of the ratio. */
export class VarianceView implements View {
  readonly #short: RunningMean;
  readonly #long: RunningMean;
  #last: number | null = null;

  constructor(short: number, long: number) {
    this.#short = new RunningMean(short);
    this.#long = new RunningMean(long);
  }

  add(_time: number, value: number): number {
    const step = this.#last === null ? 0 : Math.abs(value - this.#last);
    this.#last = value;
    const [short, long] = [this.#short.add(step), this.#long.add(step)];
    // A twentieth, so that standing still is bounded, too.
    return long > 0 ? Math.abs(Math.log((short + long / 20) / (long + long / 20))) : 0;
  }
}

const DAY_MS = 86_400_000;

/** From what is usual at this time of the day (UTC); and the mean of the newest such differences. */
export class DayView {
  readonly #width: number;
  readonly #memory: number;
  readonly #means: Float64Array;
  readonly #counts: Uint8Array;
  readonly #drift: RunningMean;
  /** Mean difference, without its sign. */
  drift = 0;

  constructor({ minutes, memory, drift }: { minutes: number; memory: number; drift: number }) {
    this.#width = minutes * 60_000;
    this.#memory = memory;
    this.#means = new Float64Array(DAY_MS / this.#width);
    this.#counts = new Uint8Array(DAY_MS / this.#width);
    this.#drift = new RunningMean(drift);
  }

  add(time: number, value: number): number {
    const place = Math.floor((((time % DAY_MS) + DAY_MS) % DAY_MS) / this.#width);
    const count = this.#counts[place] ?? 0;
    const mean = this.#means[place] ?? 0;
    const off = count > 0 ? value - mean : 0;
    const next = Math.min(count + 1, this.#memory);
    this.#counts[place] = next;
    this.#means[place] = mean + (value - mean) / next;
    this.drift = Math.abs(this.#drift.add(off));
    return Math.abs(off);
  }
}

/**
 * From the nearest of the stretches that were seen before: a discord, as the matrix profile calls it (Yeh et al., "Matrix
 * Profile I", ICDM 2016), among a bounded number of stretches.
 */
export class PatternView implements View {
  readonly #length: number;
  readonly #every: number;
  /** The newest values, and all remembered stretches, one after another. */
  readonly #window: Float64Array;
  readonly #known: Float32Array;
  /** The first value: all are held less it, so that large values keep their small differences. */
  #base: number | null = null;
  #held = 0;
  #next = 0;
  #seen = 0;

  constructor({ length, every, most }: { length: number; every: number; most: number }) {
    this.#length = length;
    this.#every = every;
    this.#window = new Float64Array(length);
    this.#known = new Float32Array(length * most);
  }

  add(_time: number, value: number): number {
    const length = this.#length;
    this.#window.copyWithin(0, 1);
    this.#base ??= value;
    this.#window[length - 1] = value - this.#base;
    this.#seen++;
    if (this.#seen < length) return 0;
    const off = this.#held < LEAST_STRETCHES ? 0 : Math.sqrt(this.#nearest() / length);
    if ((this.#seen - 1) % this.#every === 0) this.#remember();
    return off;
  }

  #nearest(): number {
    const [length, window, known] = [this.#length, this.#window, this.#known];
    let nearest = Infinity;
    for (let start = 0; start < this.#held * length; start += length) {
      let sum = 0;
      for (let i = 0; i < length && sum < nearest; i++) {
        const off = (window[i] as number) - (known[start + i] as number);
        sum += off * off;
      }
      if (sum < nearest) nearest = sum;
    }
    return nearest;
  }

  #remember(): void {
    this.#known.set(this.#window, this.#next * this.#length);
    const most = this.#known.length / this.#length;
    this.#next = (this.#next + 1) % most;
    this.#held = Math.min(this.#held + 1, most);
  }
}

const LEAST_STRETCHES = 4;
