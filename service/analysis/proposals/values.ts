/** Values that a parameter may have: never one outside of what was offered. */
import type { ParameterRecord, ParameterValue } from '../../protocol/optimization.ts';

type Range = Pick<ParameterRecord, 'value' | 'minimum' | 'maximum' | 'step' | 'values'>;

/** The step of a number that says none: 1 where all of it is whole, else a hundredth of the range. */
function stepOf({ value, minimum, maximum, step }: Range): number {
  if (step !== null) return step;
  const numbers = [value, minimum, maximum].filter((one) => typeof one === 'number');
  if (numbers.every(Number.isInteger)) return 1;
  return ((maximum ?? 1) - (minimum ?? 0)) / 100 || 1;
}

/** The value nearest to `wanted` that the parameter may have; null where it may have none. */
export function fitted(parameter: Range, wanted: number): number | null {
  const { minimum, maximum, values } = parameter;
  if (!Number.isFinite(wanted)) return null;
  if (values.length > 0) return nearest(values, wanted);
  if (minimum === null || maximum === null || minimum > maximum) return null;
  const step = stepOf(parameter);
  const steps = Math.round((wanted - minimum) / step);
  const most = Math.floor((maximum - minimum) / step + 1e-9);
  const value = minimum + Math.min(Math.max(steps, 0), Math.max(most, 0)) * step;
  // 0.1 + 0.2: no value gets digits that its step does not have.
  return Number(Math.min(maximum, Math.max(minimum, value)).toPrecision(12));
}

function nearest(values: readonly ParameterValue[], wanted: number): number | null {
  let best: number | null = null;
  for (const value of values) {
    if (typeof value !== 'number') continue;
    if (best === null || Math.abs(value - wanted) < Math.abs(best - wanted)) best = value;
  }
  return best;
}

/** True for a value that was offered. */
export function isOffered(parameter: Range, value: ParameterValue): boolean {
  const { values } = parameter;
  if (values.length > 0) return values.includes(value);
  if (typeof value === 'boolean') return typeof parameter.value === 'boolean';
  return typeof value === 'number' && fitted(parameter, value) === value;
}

/** The choice after the present one; null for the last, and where there are no choices. */
export function nextChoice({ value, values }: Range): ParameterValue | null {
  const at = values.indexOf(value);
  return at < 0 ? null : (values[at + 1] ?? null);
}
