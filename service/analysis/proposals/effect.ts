/**
 * Whether a change did any good. Two windows of rates are compared by their medians, and by the rank test of H. B. Mann
 * and D. R. Whitney, On a test of whether one of two random variables is stochastically larger than the other (1947),
 * in its normal approximation with corrections for ties and continuity: neither cares for single odd samples.
 */
import { quartilesOf } from '../quantile.ts';

/** A difference that is smaller does not count, however certain it is. */
export const LEAST_EFFECT = 0.05;
/** Two windows of the same throughput look more different than they are by chance as often as this. */
const SIGNIFICANT = 0.01;
/** Up to here it is open: more samples may tell. */
const UNCERTAIN = 0.2;
/** So far below the best of the phase, small losses have added up to one that counts. */
const ADDED_UP = 0.93;

export interface Effect {
  /** Of the throughput: 0.5 is half as much again. */
  gain: number;
  /** 0-1. */
  p_value: number;
}

export interface Judgement extends Effect {
  /** Null while more samples may tell. */
  verdict: 'kept' | 'worse' | 'no_gain' | null;
}

export function medianOf(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  return known.length === 0 ? 0 : quartilesOf(known).median;
}

export function effectOf(before: readonly number[], after: readonly number[]): Effect {
  const was = medianOf(before);
  const is = medianOf(after);
  // From nothing to something is no share of anything: it counts as twice as much.
  const gain = was > 0 ? is / was - 1 : is > 0 ? 1 : 0;
  return { gain, p_value: rankTest(before, after) };
}

/**
 * `best`: the best median of the phase so far. `costs`: a change that needs more and brings nothing is no good.
 * `canWait`: more samples can be had.
 */
export function judged(
  before: readonly number[],
  after: readonly number[],
  { best, costs, canWait }: { best: number; costs: boolean; canWait: boolean },
): Judgement {
  const { gain, p_value } = effectOf(before, after);
  const counts = Math.abs(gain) >= LEAST_EFFECT;
  if (counts && p_value < SIGNIFICANT) {
    return { gain, p_value, verdict: gain > 0 ? 'kept' : 'worse' };
  }
  if (counts && p_value < UNCERTAIN && canWait) return { gain, p_value, verdict: null };
  if (costs) return { gain, p_value, verdict: 'no_gain' };
  return { gain, p_value, verdict: medianOf(after) < best * ADDED_UP ? 'worse' : 'kept' };
}

/** Two-sided chance, 0-1, that two samples of the same rates differ so much; 1 where there is nothing to compare. */
export function rankTest(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const m = b.length;
  const all = [
    ...a.map((value) => ({ value, mine: true })),
    ...b.map((value) => ({ value, mine: false })),
  ]
    .filter(({ value }) => Number.isFinite(value))
    .sort((x, y) => x.value - y.value);
  if (n === 0 || m === 0 || all.length < n + m) return 1;
  let ranks = 0;
  let ties = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    const count = to - from;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (all[i]?.mine) ranks += rank;
    ties += count ** 3 - count;
    from = to;
  }
  const total = n + m;
  const u = ranks - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return Math.min(1, 2 * upperTail(distance / Math.sqrt(variance)));
}

/** Of the normal distribution beyond z >= 0: M. Abramowitz, I. A. Stegun (1964), 26.2.17; off by 7.5e-8 at most. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
