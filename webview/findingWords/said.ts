/** What the words of a finding are made from, and values as its sentences say them. */
import { t } from '@vscode/l10n';
import { duration, memory, percent, unitSign } from '../../service/protocol/describe.ts';
import type { Finding } from '../../service/protocol/finding.ts';
import { type Digits, numeral } from '../../service/protocol/intl.ts';

export type Said = Pick<
  Finding,
  | ('kind' | 'class' | 'title' | 'sentence' | 'since' | 'metric' | 'unit' | 'labels')
  | ('job_id' | 'pipeline' | 'phase_id' | 'worker_id' | 'measure' | 'evidence')
>;

type Numbers<N extends readonly string[]> = { [I in keyof N]: number };

/** The words for these numbers; null where one of them is missing. */
export function withNumbers<const N extends readonly string[]>(
  from: unknown,
  names: N,
  words: (...values: Numbers<N>) => string | null,
): string | null {
  const values = names.map((name) => numberOf(from, name));
  if (values.some((value) => value === null)) return null;
  return words(...(values as unknown as Numbers<N>));
}

export function numberOf(from: unknown, name: string): number | null {
  const value = fieldOf(from, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function textOf(from: unknown, name: string): string | null {
  const value = fieldOf(from, name);
  return typeof value === 'string' ? value : null;
}

export function fieldOf(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  return Object.hasOwn(from, name) ? (from as Record<string, unknown>)[name] : undefined;
}

/** `12345`: as the service writes whole numbers. */
export function whole(value: number): string {
  return plain(Math.round(value), { most: 0 });
}

/** `1234.5`: without separators between thousands. */
export function plain(value: number, digits: Digits): string {
  return numeral(value, { ...digits, grouped: false });
}

export function wholePercent(value: number): string {
  return `${whole(value)} %`;
}

/** A value with its unit. */
export function amount(value: number, unit: string | null): string {
  if (unit === 'percent') return percent(value);
  if (unit === 'ms') return duration(value);
  if (unit === 'MB') return memory(value);
  const text = numeral(value, { significant: 4 });
  return unit === null || unit === '' ? text : `${text} ${unitWord(unit)}`;
}

const UNITS: Readonly<Record<string, () => string>> = {
  tasks: () => t('tasks'),
  workers: () => t('workers'),
  cores: () => t('cores'),
  errors: () => t('errors'),
  items: () => t('items'),
  requests: () => t('requests'),
  'tasks/s': () => t('tasks/s'),
  'requests/s': () => t('requests/s'),
  'items/s': () => t('items/s'),
};

/** A unit in words of the page, where it is a word. */
export function unitWord(unit: string): string {
  return Object.hasOwn(UNITS, unit) ? (UNITS[unit]?.() ?? unit) : unitSign(unit);
}
