/**
 * The Prometheus text format 0.0.4, and OpenMetrics 1.0 as far as it is the same: a scrape as `metric.recorded` events.
 * Values that are no numbers (NaN, +Inf, stale markers) have no place on a chart and are left out.
 */
import { ProductError } from '../protocol/errors.ts';

type RawEvent = Record<string, unknown> & { type: string };

const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]*\{(.*)\}[ \t]*|[ \t]+)([^ \t]+)(?:[ \t]+(-?\d+(?:\.\d+)?))?(?:[ \t]+#.*)?[ \t]*$/;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;
/** OpenMetrics counts seconds, the older format milliseconds: no scrape is older than 2001 or younger than 5138. */
const SECONDS_BELOW = 1e11;

/** `now` (epoch ms) is the time of samples that carry none. Throws IMPORT_INVALID naming the line. */
export function prometheusToEvents(text: string, now: number): RawEvent[] {
  const kinds = new Map<string, string>();
  const units = new Map<string, string>();
  const events: RawEvent[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('#')) {
      const [, word, name, rest] = /^#\s+(TYPE|UNIT)\s+(\S+)\s+(\S+)/.exec(line) ?? [];
      if (name !== undefined && rest !== undefined)
        (word === 'TYPE' ? kinds : units).set(name, rest);
      continue;
    }
    const sample = sampleOf(line);
    if (sample === null) throw unreadable(index + 1);
    const { name, labels, value, time } = sample;
    if (!Number.isFinite(value)) continue;
    const unit = lookUp(units, name);
    events.push({
      type: 'metric.recorded',
      name,
      value,
      kind: kindOf(lookUp(kinds, name), name),
      time: time ?? now,
      labels,
      source: 'prometheus',
      ...(unit !== undefined && { unit }),
    });
  }
  return events;
}

function unreadable(line: number): ProductError {
  const detail = `Line ${line} is not in the Prometheus text format: it should read name{label="value"} 1.`;
  return new ProductError('IMPORT_INVALID', {
    detail,
    errors: [{ path: `/${line}`, message: detail }],
  });
}

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
  /** Epoch milliseconds. */
  time: number | null;
}

function sampleOf(line: string): Sample | null {
  const [, name, inner = '', text, stamp] = SAMPLE.exec(line) ?? [];
  if (name === undefined || text === undefined) return null;
  const labels = labelsOf(inner);
  const value = numberOf(text);
  if (labels === null || value === null) return null;
  return { name, labels, value, time: stamp === undefined ? null : epochMs(Number(stamp)) };
}

function epochMs(stamp: number): number {
  return Math.round(Math.abs(stamp) < SECONDS_BELOW ? stamp * 1000 : stamp);
}

function labelsOf(text: string): Record<string, string> | null {
  const labels: [string, string][] = [];
  let at = 0;
  while (at < text.trimEnd().length) {
    LABEL.lastIndex = at;
    const [whole, name, value] = LABEL.exec(text) ?? [];
    if (whole === undefined || name === undefined || value === undefined) return null;
    labels.push([name, value.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : String(char)))]);
    at += whole.length;
  }
  return Object.fromEntries(labels);
}

function numberOf(text: string): number | null {
  if (/^[+-]?inf(inity)?$/i.test(text)) return Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

/** What was said of the family: histograms, summaries and OpenMetrics counters have samples with endings of their own. */
function lookUp(table: ReadonlyMap<string, string>, name: string): string | undefined {
  return table.get(name) ?? table.get(name.replace(/_(bucket|sum|count|total|created)$/, ''));
}

function kindOf(type: string | undefined, name: string): 'counter' | 'gauge' {
  const grows =
    type === 'histogram' || type === 'summary' ? /_(bucket|sum|count)$/.test(name) : false;
  return type === 'counter' || grows ? 'counter' : 'gauge';
}
