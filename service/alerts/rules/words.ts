/** Words that several kinds use. The service speaks English. */
import { duration, errorLine, memory, percent, unitSign } from '../../protocol/describe.ts';
import type { ErrorDetails } from '../../protocol/event.ts';
import type { RunSubject } from './kind.ts';

/** `: Oops: boom`, or the full stop where nobody said why. */
export function failure(error: ErrorDetails | null): string {
  if (!error) return '.';
  return `: ${errorLine({ message: error.message, ...(error.type && { type: error.type }) })}`;
}

/** `P06 Clustering of Nightly`; a job without phases has one name only. */
export function fullName({
  component,
  label,
  job_name,
}: Pick<RunSubject, 'component' | 'label' | 'job_name'>): string {
  return component === 'job' ? label : `${label} of ${job_name}`;
}

/** A value with its unit, as it stands in sentences. */
export function amount(value: number, unit: string | null): string {
  if (unit === 'percent') return percent(value);
  if (unit === 'ms') return duration(value);
  if (unit === 'MB') return memory(value);
  const text = value.toLocaleString('en', { maximumSignificantDigits: 4 });
  return unit ? `${text} ${unitSign(unit)}` : text;
}

/**
 * A value beyond its threshold, and the threshold, as they stand in sentences. Where rounding makes the two the same, it
 * says on which side it is: "just over 80 %".
 */
export function beyond(value: number, threshold: number, unit: string | null): [string, string] {
  const [text, limit] = [amount(value, unit), amount(threshold, unit)];
  if (text !== limit || value === threshold) return [text, limit];
  return [value > threshold ? `just over ${limit}` : `just under ${limit}`, limit];
}
