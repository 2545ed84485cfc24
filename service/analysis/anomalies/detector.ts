/**
 * Finds what a series never does, point by point. Several views say how far a value is off; each one's deviation is held
 * against the largest ones that are usual (surprise.ts), and what is surprising adds up. A series that is often odd needs
 * ever more to be so again: it silences itself. One set of parameters for all series; memory and time per point are bounded
 * (about 12 kB, about 2 µs), and no point is judged by later ones.
 *
 * The idea of a likelihood over a history of deviations is that of Ahmad et al., "Unsupervised real-time anomaly detection
 * for streaming data", Neurocomputing 262, 2017; the threshold that rises with what was already said follows alpha-spending
 * (Foster and Stine, "Alpha-investing", JRSS B 70, 2008).
 */
import { PARAMETERS as P } from './parameters.ts';
import { Surprise } from './surprise.ts';
import { DayView, LevelView, PatternView, SpikeView, VarianceView } from './views.ts';

export const ANOMALY_REASONS = ['spike', 'level', 'variance', 'silence', 'pattern'] as const;
export type AnomalyReason = (typeof ANOMALY_REASONS)[number];

/** From this score on a point is an anomaly: the same for all series. */
export const ANOMALY_SCORE = 0.9;
/** The score of a threshold's strength while caution is 2. */
const RECALLED_SCORE = 1 - 0.1 ** 0.5;
/** Values beyond are held as this: their squares must be numbers. */
const LARGEST = 1e15;
/** So many points in a row of an earlier time: the clock was set back. */
const SET_BACK = 10;
const LAST_TIME = 8.64e15;

export interface Judgement {
  /** 0-1: 0.9 at the threshold, 0.99 at twice of it. */
  score: number;
  /** What speaks for it most. */
  reason: AnomalyReason;
  /** True for the first point of something odd: not again for the next 30 or so. */
  isAnomaly: boolean;
  /** What it is usually, now. */
  usual: number;
}

export class Detector {
  readonly #spike = new SpikeView(P.spike.memory);
  readonly #level = new LevelView(P.level.short, P.level.long);
  readonly #slow = new LevelView(P.slow.short, P.slow.long);
  readonly #variance = new VarianceView(P.variance.short, P.variance.long);
  readonly #day = new DayView(P.day);
  readonly #pattern = new PatternView(P.pattern);
  readonly #course = new PatternView(P.course);
  readonly #surprises = P.weights.map(() => new Surprise(P.surprise));
  readonly #deviations = new Float64Array(P.weights.length);
  /** Surprises of the newest point. */
  readonly #surprising = new Float64Array(P.weights.length);
  #points = 0;
  #newest = -Infinity;
  #late = 0;
  #last = Number.NaN;
  /** How many values in a row were the same. */
  #same = 0;
  #longestSame = 0;
  /** Values that differed from the one before. */
  #moves = 0;
  #saidAt = -Infinity;
  #said = 0;
  #wasOdd = false;
  #usual = 0;
  #usualKnown = 0;
  /** Points after the newest that was recalled; Infinity where none was. */
  #sinceRecall = Infinity;
  /** It was odd before, and goes on. */
  #wasOddBefore = false;

  /**
   * Judges a point by all before it; null for one that is none: no number, or of an earlier time than the newest. Where
   * it is not `sure` it is judged as all others, and is the begin of nothing.
   */
  add(time: number, value: number, sure = true): Judgement | null {
    if (!Number.isFinite(value) || !(Math.abs(time) <= LAST_TIME) || this.#isLate(time))
      return null;
    const held = Math.max(-LARGEST, Math.min(LARGEST, value));
    const usual = this.#usualKnown === 0 ? held : this.#usual;
    this.#note(held);
    const strength = Math.max(this.#strength(time, held) / this.#bar(), this.#stillness());
    if (strength < 1) this.#wasOddBefore = false;
    const score = 1 - 0.1 ** (strength / this.#caution());
    const reason = this.#reason();
    const isAnomaly = this.#isNew(score >= ANOMALY_SCORE, sure && !this.#wasOddBefore);
    if (isAnomaly) {
      this.#said = Math.min(this.#debt() + 1, P.debt.most);
      this.#saidAt = this.#points;
    }
    this.#points++;
    this.#sinceRecall++;
    return { score, reason, isAnomaly, usual };
  }

  /**
   * Takes a point of the past as it is remembered, roughly: nothing is said of it, nor of what goes on since then. What
   * follows is judged with more care at first.
   */
  recall(time: number, value: number): void {
    this.#sinceRecall = 0;
    const judged = this.add(time, value);
    this.#sinceRecall = 0;
    if (judged !== null) this.#wasOddBefore = judged.score >= RECALLED_SCORE;
  }

  /** Points that were judged. */
  get points(): number {
    return this.#points;
  }

  /** True before enough is known to find anything. */
  get isLearning(): boolean {
    return this.#points < P.learning;
  }

  /** True where so much was odd lately that it takes much more to be so again. */
  get isSilenced(): boolean {
    return this.#debt() >= P.debt.silenced;
  }

  /** True where nothing was said of it yet: not while it only goes on. */
  #isNew(isOdd: boolean, may: boolean): boolean {
    const goesOn = this.#wasOdd;
    this.#wasOdd = isOdd && (may || goesOn);
    return isOdd && may && !goesOn && !this.isLearning && this.#points - this.#saidAt > P.rest;
  }

  #isLate(time: number): boolean {
    if (time >= this.#newest) this.#late = 0;
    else if (++this.#late < SET_BACK) return true;
    this.#newest = time;
    return false;
  }

  /** The surprises of all views as one: their length as a vector. */
  #strength(time: number, value: number): number {
    const off = this.#deviations;
    off[0] = this.#spike.add(time, value);
    off[1] = this.#level.add(time, value);
    off[2] = this.#slow.add(time, value);
    off[3] = this.#variance.add(time, value);
    off[4] = this.#day.add(time, value);
    off[5] = this.#day.drift;
    off[6] = this.#pattern.add(time, value);
    off[7] = this.#course.add(time, value);
    let sum = 0;
    for (let i = 0; i < off.length; i++) {
      const surprise = (this.#surprises[i] as Surprise).add(off[i] as number);
      this.#surprising[i] = surprise;
      if (surprise > 0) sum += (surprise * (P.weights[i] as number)) ** P.power;
    }
    return sum ** (1 / P.power);
  }

  /** The threshold: higher the more was said lately. */
  #bar(): number {
    return P.threshold * (1 + P.debt.weight * this.#debt());
  }

  /** What is remembered may be rougher or smoother than what was: 2 at first, 1 when enough is known again. */
  #caution(): number {
    return 1 + Math.exp(-this.#sinceRecall / P.recall);
  }

  /** What was said lately, fading. */
  #debt(): number {
    return this.#said * Math.exp(-(this.#points - this.#saidAt) / P.debt.memory || 0);
  }

  /** Of what speaks for it almost as much as the most, the simplest. */
  #reason(): AnomalyReason {
    if (this.#stillness() >= 1) return 'silence';
    const least = ALMOST * Math.max(...this.#surprising);
    return REASONS[this.#surprising.findIndex((one) => one >= least)] ?? 'spike';
  }

  /** How long it has stood still, against what it ever did: an anomaly from 1 on. At 0 it only rests; what mostly stood still may. */
  #stillness(): number {
    const moving = this.#points - this.#same;
    if (this.#last === 0 || moving < LEAST_STILL || this.#moves < moving / 2) return 0;
    return this.#same / Math.max(LEAST_STILL, TIMES_STILL * this.#longestSame);
  }

  #note(value: number): void {
    if (value === this.#last) this.#same++;
    else {
      this.#longestSame = Math.max(this.#same, this.#longestSame);
      this.#moves++;
      this.#same = 0;
    }
    this.#last = value;
    this.#usualKnown = Math.min(this.#usualKnown + 1, P.slow.long);
    this.#usual += (value - this.#usual) / this.#usualKnown;
  }
}

/** What each view speaks for, in the order of the weights. */
const REASONS: readonly AnomalyReason[] = [
  ...(['spike', 'level', 'level', 'variance'] as const),
  ...(['pattern', 'pattern', 'pattern', 'pattern'] as const),
];
const ALMOST = 0.75;
/** Values in a row that are the same: so many at least, and so many times the longest such stretch before. */
const LEAST_STILL = 60;
const TIMES_STILL = 5;
