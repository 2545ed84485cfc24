/** Single values far off their surroundings, taken to their surroundings: a spike is no change of level. */

/** Values on each side that are the surroundings. */
const REACH = 3;
/** So many standard deviations off, by the median absolute deviation. */
const FAR = 5;
/** Of a normal distribution: standard deviation by median absolute deviation. */
const NORMAL = 1.4826;

/** Hampel's filter (Hampel, 1974; Pearson et al., 2016). Up to 3 values in a row count as off, more as another level. */
export function withoutSpikes(values: Float64Array): Float64Array {
  return values.map((value, at) => {
    const around = values.slice(Math.max(0, at - REACH), at + REACH + 1);
    const median = medianOf(around);
    const spread = NORMAL * medianOf(around.map((one) => Math.abs(one - median)));
    return spread > 0 && Math.abs(value - median) > FAR * spread ? median : value;
  });
}

/** Sorts what it is given. */
export function medianOf(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  const upper = values[middle] ?? Number.NaN;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] ?? Number.NaN) + upper) / 2;
}
