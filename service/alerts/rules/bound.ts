/** Two bounds instead of one: a value begins an alert beyond the threshold and ends it only beyond the recovery. */

/** How far on the good side a value must be before an alert resolves, as a share of the threshold, so that it does not flap. */
const BAND = 0.1;

export interface Bound {
  direction: 'above' | 'below';
  threshold: number;
  /** At or beyond it on the good side it has ended. */
  recovery: number;
}

/** `recovery` null: 10 % of the threshold on its good side; of a percentage, never more than can be reached. */
export function boundOf(
  { direction, threshold }: Pick<Bound, 'direction' | 'threshold'>,
  recovery: number | null,
  unit: string | null = null,
): Bound {
  if (recovery !== null) return { direction, threshold, recovery };
  const band = Math.abs(threshold) * BAND;
  if (direction === 'above') return { direction, threshold, recovery: threshold - band };
  // 95 % and a tenth of it is more than there can be.
  const most = unit === 'percent' ? (threshold + 100) / 2 : Infinity;
  return { direction, threshold, recovery: Math.min(threshold + band, Math.max(threshold, most)) };
}

export type Side = 'bad' | 'good' | 'between';

export function sideOf(value: number, { direction, threshold, recovery }: Bound): Side {
  if (direction === 'above')
    return value > threshold ? 'bad' : value <= recovery ? 'good' : 'between';
  return value < threshold ? 'bad' : value >= recovery ? 'good' : 'between';
}
