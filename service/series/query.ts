/** A query string of the series, checked: of `GET /api/v1/series` and of the WebSocket topic `series:<query>`. */
import { ProductError } from '../protocol/errors.ts';
import { AGGREGATIONS, type Aggregation } from '../protocol/aggregation.ts';
import { checkStep } from './plan.ts';
import { DAY, HOUR, MAX_AHEAD_MS, MINUTE, SECOND } from './tiers.ts';
import type { SeriesQuery } from './types.ts';

/**
 * What may be asked. Times are RFC 3339 or epoch milliseconds, `range` and `step` are lengths such as "15m" (ms, s, m,
 * h, d) or milliseconds. `labels` is "name=value,name=value"; `label.<name>` takes any value.
 */
export type SeriesInput = Readonly<Record<string, unknown>>;

const KNOWN = ['metric', 'labels', 'from', 'to', 'range', 'step', 'aggregation', 'group_by'];
const LABEL = 'label.';
const MIN_RANGE = 5 * MINUTE;
const MAX_RANGE = 30 * DAY;
/** Two times of one's own may lie closer (a short job) and further apart (all that is kept). */
const MIN_SPAN = SECOND;
const MAX_SPAN = 731 * DAY;
const USUAL_RANGE = HOUR;
/** Steps a chart is glad of; where no step is given the smallest that makes at most this many points. */
const USUAL_POINTS = 500;
const USUAL_STEPS = [
  ...[1, 2, 5, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2].map((days) => days * DAY),
];
const UNITS: Record<string, number> = { '': 1, ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/;

/** The checked query of a WebSocket topic's or an address's text, without "?". Throws as `parseSeriesQuery` does. */
export function parseSeriesText(text: string, now: number): SeriesQuery {
  const input: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(text)) {
    if (input[name] !== undefined) throw twice(name);
    input[name] = value;
  }
  return parseSeriesQuery(input, now);
}

/**
 * Throws QUERY_INVALID that names the field and what would be right. Whether the metric exists is for
 * `SeriesReader.query` to say.
 */
export function parseSeriesQuery(input: SeriesInput, now: number): SeriesQuery {
  const fields = textsOf(input);
  const metric = fields.get('metric');
  if (!metric) throw invalid('metric', 'Name a "metric". GET /api/v1/series/metrics lists them.');
  const { from, to } = parseRange(fields, now);
  const step = fields.get('step');
  const step_ms = step === undefined ? usualStep(to - from) : parseLength('step', step);
  checkStep(to - from, step_ms);
  return {
    metric,
    labels: parseLabels(fields),
    from,
    to,
    step_ms,
    aggregation: parseAggregation(fields.get('aggregation')),
    group_by: parseNames(fields.get('group_by')),
  };
}

/** Every field that is given, as text: a JSON body may hold numbers. */
function textsOf(input: SeriesInput): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) throw twice(name);
    if (!KNOWN.includes(name) && !name.startsWith(LABEL)) {
      throw invalid(name, `There is no "${name}" here. Use ${KNOWN.join(', ')} or ${LABEL}<name>.`);
    }
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw invalid(name, `Give "${name}" as text.`);
    }
    // The value of a label is any text, spaces at its ends too.
    fields.set(name, name.startsWith(LABEL) ? String(value) : String(value).trim());
  }
  return fields;
}

function parseRange(
  fields: ReadonlyMap<string, string>,
  now: number,
): { from: number; to: number } {
  const [from, to] = [parseTime('from', fields, now), parseTime('to', fields, now)];
  const range = parseRangeLength(fields.get('range'));
  if (from !== null && to !== null) {
    if (range !== null)
      throw invalid('range', 'Give "range" or both "from" and "to", not all three.');
    return checkSpan(from, to);
  }
  if (from !== null) return checkSpan(from, range === null ? now : from + range);
  const end = to ?? now;
  return { from: end - (range ?? USUAL_RANGE), to: end };
}

function parseRangeLength(text: string | undefined): number | null {
  if (text === undefined) return null;
  const range = parseLength('range', text);
  if (range < MIN_RANGE || range > MAX_RANGE) {
    throw invalid('range', `Give "range" as 5m to 30d; "${text}" is not in between.`);
  }
  return range;
}

function checkSpan(from: number, to: number): { from: number; to: number } {
  if (from > to) throw invalid('from', '"from" is after "to". Swap them.');
  if (from === to) {
    throw invalid('from', 'The range is empty: "from" and "to" are the same. Move them apart.');
  }
  if (to - from < MIN_SPAN) throw invalid('from', 'Give "from" and "to" at least 1 s apart.');
  if (to - from > MAX_SPAN) throw invalid('from', 'Give "from" and "to" at most 731 d apart.');
  return { from, to };
}

function parseTime(name: string, fields: ReadonlyMap<string, string>, now: number): number | null {
  const text = fields.get(name);
  if (text === undefined) return null;
  // A "+" of an offset that was not escaped arrives as a space.
  const time = /^\d{1,15}$/.test(text)
    ? Number(text)
    : parseDate(text.replace(/ (\d\d:\d\d)$/, '+$1'));
  if (Number.isNaN(time)) {
    throw invalid(
      name,
      `Give "${name}" as a time such as 2026-01-31T12:00:00Z or as epoch milliseconds.`,
    );
  }
  if (time < now - MAX_SPAN || time > now + MAX_AHEAD_MS) {
    throw invalid(name, `"${name}" is not within the last 731 days or the next one.`);
  }
  return time;
}

function parseDate(text: string): number {
  return RFC_3339.test(text) ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN;
}

/** Milliseconds of "500", "10s", "15m", "1.5h". */
function parseLength(name: string, text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s?(ms|s|m|h|d|)$/.exec(text);
  const length = Math.round(Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN));
  if (length > 0) return length;
  throw invalid(name, `Give "${name}" as a length such as 10s, 15m, 4h or 7d.`);
}

function usualStep(range: number): number {
  const least = range / USUAL_POINTS;
  return USUAL_STEPS.find((step) => step >= least) ?? 2 * DAY;
}

function parseAggregation(text: string | undefined): Aggregation | null {
  if (text === undefined || text === '') return null;
  const found = AGGREGATIONS.find((name) => name === text);
  if (found !== undefined) return found;
  throw invalid('aggregation', `Give "aggregation" as one of ${AGGREGATIONS.join(', ')}.`);
}

function parseNames(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) {
    throw invalid('group_by', 'Give "group_by" as label names with commas: worker_id,queue.');
  }
  return [...new Set(names)];
}

function parseLabels(fields: ReadonlyMap<string, string>): Record<string, string> {
  const labels = new Map<string, string>();
  for (const pair of (fields.get('labels') ?? '').split(',')) {
    if (pair.trim() === '') continue;
    const at = pair.indexOf('=');
    if (at <= 0) {
      throw invalid(
        'labels',
        `"${pair}" is no label filter. Give "labels" as name=value,name=value.`,
      );
    }
    put(labels, pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  for (const [field, value] of fields) {
    if (!field.startsWith(LABEL)) continue;
    if (field === LABEL) throw invalid(LABEL, `Name the label: ${LABEL}worker_id=...`);
    put(labels, field.slice(LABEL.length), value);
  }
  return Object.fromEntries(labels);
}

function put(labels: Map<string, string>, name: string, value: string): void {
  const held = labels.get(name);
  if (held !== undefined && held !== value) {
    throw invalid('labels', `The label "${name}" is given twice. A series has one value of it.`);
  }
  labels.set(name, value);
}

function twice(name: string): ProductError {
  return invalid(name, `"${name}" is given more than once. Give it once.`);
}

function invalid(field: string, detail: string): ProductError {
  return new ProductError('QUERY_INVALID', {
    detail,
    errors: [{ path: `/${field}`, message: detail }],
  });
}
