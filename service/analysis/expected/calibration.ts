/**
 * Whether ranges were as wide as they had to be, from how forecasts of the same pipeline turned out: the factor that would
 * have put 8 of 10 ends inside (conformal prediction with normalised scores: Papadopoulos et al., "Inductive Confidence
 * Machines for Regression", 2002, section 4; here over time, so it is a rule of thumb and no guarantee).
 */
import { PARAMETERS } from './parameters.ts';
import type { Rest } from './forecast.ts';

/** Of so many forecasts at most. */
export const MOST_SCORES = 60;
const COVER = 0.8;
const NARROWEST = 0.4;
const WIDEST = 4;

/** How far off a forecast was, as a share of its range: 1 is just at its edge. `ms`: what really was left. */
export function scoreOf({ ms: expected, low, high }: Omit<Rest, 'basis'>, ms: number): number {
  const off = Math.log(Math.max(1, ms)) - Math.log(Math.max(1, expected));
  const reach = off >= 0 ? Math.log(high / expected) : Math.log(expected / low);
  if (!Number.isFinite(off) || !(reach > 0)) return 1;
  return Math.min(10, Math.abs(off) / reach);
}

/** By what factor ranges are to be wider, from scores of forecasts that were made with the factor 1. */
export function widthOf(scores: readonly number[]): number {
  const sorted = scores
    .filter((score) => Number.isFinite(score) && score >= 0)
    .sort((a, b) => a - b);
  if (sorted.length === 0) return 1;
  const at = Math.min(sorted.length - 1, Math.ceil(COVER * (sorted.length + 1)) - 1);
  const own = Math.min(WIDEST, Math.max(NARROWEST, sorted[at] ?? 1));
  const { calibrationInertia } = PARAMETERS;
  const weight = sorted.length / (sorted.length + calibrationInertia);
  return Math.exp(weight * Math.log(own));
}
