/**
 * A sum of floating-point numbers that does not depend on their order: partial sums that do not overlap hold it exactly
 * (Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997; the final rounding is that of Python's math.fsum).
 */

/** Few numbers, smallest first; plain, so that it can be stored. */
export type ExactSum = number[];

/** Adds a finite number in place. */
export function addExactly(sum: ExactSum, value: number): void {
  let high = value;
  let kept = 0;
  for (const partial of sum) {
    const [large, small] = Math.abs(high) < Math.abs(partial) ? [partial, high] : [high, partial];
    high = large + small;
    const low = small - (high - large);
    if (low !== 0) sum[kept++] = low;
  }
  sum.length = kept;
  sum.push(high);
}

/** The sum, rounded once. */
export function exactTotal(sum: ExactSum): number {
  let at = sum.length - 1;
  let high = sum[at] ?? 0;
  let low = 0;
  while (at > 0 && low === 0) {
    const before = high;
    const partial = sum[--at] ?? 0;
    high = before + partial;
    low = partial - (high - before);
  }
  // Half-way cases round by what lies below.
  const below = sum[at - 1] ?? 0;
  if (low * below > 0) {
    const doubled = low * 2;
    const rounded = high + doubled;
    if (doubled === rounded - high) return rounded;
  }
  return high;
}
