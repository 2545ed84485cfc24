/**
 * A quantile sketch as plain data that can be stored with its row: how many values fell into each bin of a DDSketch (see
 * series/sketch.ts). What was added can be taken out again, and the order of both does not matter.
 */
import { binOf, valueOf } from '../../series/sketch.ts';

export interface Quantiles {
  count: number;
  /** Bin -> how many values. */
  bins: Map<number, number>;
}

export function newQuantiles(): Quantiles {
  return { count: 0, bins: new Map() };
}

/** Adds a value, or takes out one that was added. */
export function countValue(quantiles: Quantiles, value: number, amount: 1 | -1): void {
  quantiles.count += amount;
  const bin = binOf(value);
  const count = (quantiles.bins.get(bin) ?? 0) + amount;
  if (count === 0) quantiles.bins.delete(bin);
  else quantiles.bins.set(bin, count);
}

/**
 * The q-quantiles (0-1) between neighbouring ranks (Hyndman and Fan's type 7, numpy's default); null without values.
 * Each is right to 1 % of itself.
 */
export function quantilesOf(
  { count, bins }: Quantiles,
  ...shares: readonly number[]
): (number | null)[] {
  if (count <= 0) return shares.map(() => null);
  const ordered = [...bins].sort(([a], [b]) => a - b);
  const valueAt = (rank: number) => {
    let below = 0;
    const bin = ordered.find(([, held]) => (below += held) > rank);
    return valueOf((bin ?? ordered.at(-1))?.[0] ?? 0);
  };
  return shares.map((share) => {
    const rank = share * (count - 1);
    const low = valueAt(Math.floor(rank));
    const high = valueAt(Math.ceil(rank));
    return low + (high - low) * (rank - Math.floor(rank));
  });
}
