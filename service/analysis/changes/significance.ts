/** Whether two neighbouring stretches of a series differ by more than chance. */
import { studentP } from './student.ts';

/**
 * More dependence than this is not believed: in a steady drift each value follows wholly from the one before, and nothing
 * would ever be said of a phase that has slowly become twice as slow.
 */
const MOST_DEPENDENCE = 0.7;
/** Below this share of the values' size a spread is what is left of rounding. */
const ROUNDING = 1e-9;
/** Of a test on hardly more than two values' worth. */
const LEAST_FREEDOM = 0.5;

/**
 * The probability, 0-1, that chance alone makes `values[from..at)` and `values[at..to)` differ this much in their mean.
 * Student's test, as Fleming et al. ("Hunter: Using Change Point Detection to Hunt for Performance Regressions", 2023) use
 * it in the place of permutations, with two corrections: values that follow from the one before them count as
 * n (1 - r) / (1 + r) independent ones, r being their correlation with it (Bartlett, 1935); and because the place was
 * searched for, the probability counts once for each place there was (Bonferroni).
 */
export function chanceOf(
  values: Float64Array,
  [from, at, to]: readonly [number, number, number],
): number {
  const [m, n] = [at - from, to - at];
  if (m < 1 || n < 1 || m + n < 3) return 1;
  const [left, right] = [meanOf(values, from, at), meanOf(values, at, to)];
  const apart = Math.abs(left - right);
  if (apart === 0) return 1;
  const before = momentsOf(values, left, from, at);
  const after = momentsOf(values, right, at, to);
  const squares = before.squares + after.squares;
  const size = Math.abs(left) + Math.abs(right);
  const spread = Math.sqrt(squares / (m + n - 2));
  if (spread <= ROUNDING * size) return apart <= ROUNDING * size * 10 ? 1 : 0;
  const worth = worthOf((before.products + after.products) / squares);
  const [u, v] = [Math.max(1, m * worth), Math.max(1, n * worth)];
  const chance = studentP(
    apart / (spread * Math.sqrt(1 / u + 1 / v)),
    Math.max(LEAST_FREEDOM, u + v - 2),
  );
  return Math.min(1, (m + n - 1) * chance);
}

/** How much of an independent value each is worth, 0-1. */
function worthOf(correlation: number): number {
  const dependence = Math.min(MOST_DEPENDENCE, Math.max(0, correlation));
  return (1 - dependence) / (1 + dependence);
}

function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] ?? 0;
  return sum / (to - from);
}

/** Squares of the distances from the mean, and products of those of neighbours. */
function momentsOf(values: Float64Array, mean: number, from: number, to: number) {
  let [squares, products, last] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    const off = (values[i] ?? 0) - mean;
    squares += off * off;
    products += off * last;
    last = off;
  }
  return { squares, products };
}
