/** Values of an alert with their unit, which stands in the name of the metric. Pure. */
import { bytes, duration, memory, percent } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';

/** Endings of names, and how a value of such a metric is written. */
const UNITS: readonly [ending: RegExp, write: (value: number) => string][] = [
  [/(_|^)(percent|pct)$/, percent],
  [/(_|^)(ms|milliseconds|millis)$/, duration],
  [/(_|^)(seconds|secs?)$/, (value) => duration(value * 1000)],
  [/(_|^)mb$/, memory],
  [/(_|^)bytes$/, bytes],
  [/(_|^)per_second$/, (value) => `${number(value)}/s`],
  [/^error_count$/, (value) => `${number(value)} ${value === 1 ? 'error' : 'errors'}`],
  [/^queue_size$/, (value) => `${number(value)} ${value === 1 ? 'task' : 'tasks'}`],
];

/** `97 %`, `3.2 GB`, `12 errors`; the bare number where the name says no unit. */
export function quantity(metric: string | null, value: number): string {
  const written = UNITS.find(([ending]) => ending.test(metric ?? ''))?.[1];
  // Words for times and sizes are made for what is not negative.
  return written && value >= 0 ? written(value) : number(value);
}

function number(value: number): string {
  return Number.isFinite(value) ? numeral(value, { most: 3 }) : String(value);
}
