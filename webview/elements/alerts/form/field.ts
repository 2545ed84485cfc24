/** Fields of a form as data: what is written in them, and the value that is made of it. Pure. */
import { t } from '@vscode/l10n';

/** What stands in a field while somebody writes. Null in `checks`: all of them. */
export type Raw = string | boolean | readonly string[] | null;
export type Raws = Readonly<Record<string, Raw>>;
/** By the path of the field. */
export type Problems = Readonly<Record<string, string>>;
export type Options = readonly (readonly [value: string, text: string])[];

interface Common {
  /** A JSON pointer into what is edited: `/params/threshold_ms`. */
  path: string;
  label: string;
  help?: string | undefined;
  /** What no text stands for: null, nothing at all, or no text. Without it one is needed. */
  empty?: 'null' | 'absent' | 'blank';
  /** It can be set once only. */
  fixed?: boolean;
}
export type Field = Common &
  (
    | {
        as: 'text';
        offers?: readonly string[];
        rows?: number;
        type?: 'password' | 'datetime-local';
      }
    | { as: 'number'; unit?: string | undefined }
    /** Milliseconds, written as a number and a unit. */
    | { as: 'duration' }
    | { as: 'choice'; options: Options }
    | { as: 'check' }
    /** Some of them, or null for all; `all` says what that means. */
    | { as: 'checks'; options: Options; all: string }
    /** A text a line. */
    | { as: 'lines' }
    /** `name=value` a line. */
    | { as: 'labels' }
  );

const SECOND = 1000;
/** From the largest. */
export const TIME_UNITS: readonly (readonly [ms: number, word: () => string])[] = [
  [86_400 * SECOND, () => t('days')],
  [3600 * SECOND, () => t('hours')],
  [60 * SECOND, () => t('minutes')],
  [SECOND, () => t('seconds')],
  [1, () => t('milliseconds')],
];
/** What stands there where nothing does. */
const USUAL_UNIT = 60 * SECOND;

/** What is written for a value as it is now. */
export function rawOf(field: Field, value: unknown): Raw {
  switch (field.as) {
    case 'check':
      return value === true;
    case 'checks':
      return Array.isArray(value) ? value.map(String) : null;
    case 'lines':
      return Array.isArray(value) ? value.map(String).join('\n') : '';
    case 'labels':
      return Object.entries(isRecord(value) ? value : {})
        .map(([name, one]) => `${name}=${String(one)}`)
        .join('\n');
    case 'duration':
      return typeof value === 'number' ? writtenTime(value) : '';
    case 'text':
    case 'number':
    case 'choice':
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }
}

/** `5 60000` for five minutes: the number, and how long its unit is. */
function writtenTime(ms: number): string {
  const fits = TIME_UNITS.find(([unit]) => ms !== 0 && ms % unit === 0)?.[0];
  const unit = ms === 0 ? USUAL_UNIT : (fits ?? 1);
  return `${ms / unit} ${unit}`;
}

export function timeParts(raw: Raw): { number: string; unit: number } {
  const [number = '', unit = ''] = typeof raw === 'string' ? raw.split(' ') : [];
  return { number, unit: unit === '' ? USUAL_UNIT : Number(unit) };
}

export interface Read {
  /** What is no value stays as it was written: the service refuses it then, with all else that is wrong. */
  value: unknown;
  problem?: string;
}

/** The value of what is written; undefined where it is left out. */
export function readField(field: Field, raw: Raw = ''): Read {
  switch (field.as) {
    case 'check':
    case 'checks':
      return { value: raw };
    case 'lines':
      return { value: linesOf(raw) };
    case 'labels':
      return readLabels(raw);
    case 'duration': {
      const { number, unit } = timeParts(raw);
      return readNumber(field, number, unit);
    }
    case 'number':
      return readNumber(field, String(raw));
    case 'text':
    case 'choice':
      return readText(field, String(raw ?? ''));
  }
}

function readText({ empty }: Field, text: string): Read {
  if (text.trim() !== '') return { value: text };
  if (empty === 'null') return { value: null };
  if (empty === 'absent') return { value: undefined };
  return { value: '', ...(empty === 'blank' ? {} : { problem: t('Fill this in.') }) };
}

/** In some languages the decimal sign is a comma. */
function readNumber({ empty }: Field, text: string, factor = 1): Read {
  const plain = text.trim().replace(',', '.');
  if (plain === '' && empty !== undefined) return { value: empty === 'null' ? null : undefined };
  const number = plain === '' ? NaN : Number(plain);
  if (!Number.isFinite(number)) return { value: text, problem: t('Write a number.') };
  // 0.1 s is 100 ms, not 100.00000000000001.
  return { value: factor === 1 ? number : Math.round(number * factor) };
}

function readLabels(raw: Raw): Read {
  const lines = linesOf(raw);
  const wrong = lines.find((line) => line.indexOf('=') < 1);
  if (wrong !== undefined)
    return { value: raw, problem: t('Write name=value, one on each line; "{0}" is not.', wrong) };
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  return { value: Object.fromEntries(pairs) };
}

function linesOf(raw: Raw): string[] {
  const lines = typeof raw === 'string' ? raw.split('\n') : [];
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The part of a document that a path leads to. */
export function at(document: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), document);
}

export function rawsOf(fields: readonly Field[], document: unknown): Raws {
  return Object.fromEntries(fields.map((one) => [one.path, rawOf(one, at(document, one.path))]));
}

/** What all fields say together, over `base`; and what is wrong at sight. */
export function readForm(
  fields: readonly Field[],
  raws: Raws,
  base: object,
): { document: Record<string, unknown>; problems: Problems } {
  const document = structuredClone(base) as Record<string, unknown>;
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const { value, problem } = readField(field, raws[field.path]);
    put(document, field.path, value);
    if (problem !== undefined) problems[field.path] = problem;
  }
  return { document, problems };
}

function put(document: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('/').slice(1);
  const last = names.pop() ?? '';
  let part = document;
  for (const name of names) {
    const next = part[name];
    part = isRecord(next) ? next : (part[name] = {} as Record<string, unknown>);
  }
  if (value === undefined) Reflect.deleteProperty(part, last);
  else part[last] = value;
}

/**
 * What the service says, each at its field; of several at one field the first. What belongs to no field stands in
 * `rest`. A problem that was seen here already is said once, in the language of the page.
 */
export function placed(
  fields: readonly Field[],
  seen: Problems,
  errors: readonly { path: string; message: string }[],
): { problems: Problems; rest: string[] } {
  const problems: Record<string, string> = { ...seen };
  const rest: string[] = [];
  for (const { path, message } of errors) {
    const field = fields.find((one) => path === one.path || path.startsWith(`${one.path}/`));
    if (field === undefined) rest.push(message);
    else problems[field.path] ??= message;
  }
  return { problems, rest };
}

/** An id that is like the name. */
export function idFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-+|-+$/g, '').slice(0, 64);
}
