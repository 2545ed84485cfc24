/**
 * How far a deviation lies above the largest ones that are usual. The past is cut into blocks of 40 points; what is kept is
 * the mean and spread of the logarithm of each block's largest deviation, as the theory of extreme values looks at maxima
 * (Coles, "An Introduction to Statistical Modeling of Extreme Values", 2001, chapter 3). By the logarithm it needs no unit
 * and no scale; a series with wild maxima has a wide spread, and is surprising less easily. Two numbers of state.
 */
import { RunningMean } from './runningMean.ts';

const BLOCK = 40;

export interface SurpriseParameters {
  /** Blocks that mean and spread are of. */
  blocks: number;
  /** Blocks without which nothing is surprising. */
  least: number;
  /** Share of the mean deviation that is added to each: what is tiny all the time stays so. */
  floor: number;
  /** Spread that is taken for granted, and how much more of it after few blocks. */
  spread: number;
  caution: number;
  /** A block counts as at most so many spreads off the mean: one outlier does not make the next ones usual. */
  clip: number;
}

/** What the first deviation of a series is worth that never had any. */
const FIRST = 4;

export class Surprise {
  readonly #with: SurpriseParameters;
  readonly #usual: RunningMean;
  #points = 0;
  #highest = -Infinity;
  #blocks = 0;
  #mean = 0;
  #variance = 0;

  constructor(parameters: SurpriseParameters) {
    this.#with = parameters;
    this.#usual = new RunningMean(BLOCK * parameters.blocks);
  }

  /** Takes a deviation, not negative, and says how many spreads it lies above the usual maximum; mostly below 0. */
  add(deviation: number): number {
    const { least, floor, spread, caution } = this.#with;
    const wasStill = this.#usual.mean === 0;
    const size = deviation + floor * this.#usual.add(deviation);
    this.#points++;
    const isKnown = this.#blocks >= least;
    let surprise = 0;
    if (size > 0) {
      const height = Math.log(size);
      const grown = spread * spread * (1 + caution / this.#blocks);
      const usual = (this.#variance * this.#blocks) / (this.#blocks - 1);
      if (isKnown) surprise = (height - this.#mean) / Math.sqrt(usual + grown);
      else if (wasStill && this.#points > least * BLOCK) surprise = FIRST;
      if (height > this.#highest) this.#highest = height;
    }
    if (this.#points % BLOCK === 0) this.#endBlock();
    return surprise;
  }

  /** A block without any deviation says nothing of how large they are. */
  #endBlock(): void {
    const { blocks, clip, spread } = this.#with;
    let height = this.#highest;
    this.#highest = -Infinity;
    if (height === -Infinity) return;
    if (this.#blocks >= 3) {
      const reach = clip * Math.sqrt(this.#variance + spread * spread);
      height = Math.max(this.#mean - reach, Math.min(this.#mean + reach, height));
    }
    this.#blocks = Math.min(this.#blocks + 1, blocks);
    const off = height - this.#mean;
    this.#mean += off / this.#blocks;
    this.#variance += (off * (height - this.#mean) - this.#variance) / this.#blocks;
  }
}
