import { t } from '@vscode/l10n';
import {
  alertState,
  bytes,
  duration,
  memory,
  percent,
  rate,
} from '../../../service/protocol/describe.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { type Severity, severityRank } from '../../../service/protocol/states.ts';
import { number } from '../../format.ts';
import type { AlertTab } from '../../view.ts';

/** The open ones of a tab, the worst first, then the newest. What is over stands in the history. */
export function alertsOf(
  alerts: Iterable<AlertRecord>,
  tab: Extract<AlertTab, 'active' | 'acknowledged'>,
): AlertRecord[] {
  const mine = [...alerts].filter((alert) => alertState(alert) === tab);
  return mine.sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      b.raised_at.localeCompare(a.raised_at) ||
      b.seq - a.seq,
  );
}

export interface AlertFilter {
  state: 'all' | 'active' | 'acknowledged' | 'resolved';
  severity: Severity | null;
  text: string;
  /** The last days up to now; null for all. */
  days: number | null;
}

export const EVERY_ALERT: AlertFilter = { state: 'all', severity: null, text: '', days: null };

const STATES: Readonly<Record<AlertFilter['state'], readonly (readonly [string, string])[]>> = {
  all: [],
  active: [
    ['active', 'true'],
    ['acknowledged', 'false'],
  ],
  acknowledged: [
    ['active', 'true'],
    ['acknowledged', 'true'],
  ],
  resolved: [['active', 'false']],
};

const DAY_MS = 86_400_000;

/** What the service is asked for: those raised up to `until` (epoch milliseconds), the newest first. */
export function alertsPath({ state, severity, text, days }: AlertFilter, until: number): string {
  const query = new URLSearchParams([['order', 'newest'], ...STATES[state].map((one) => [...one])]);
  if (severity !== null) query.set('severity', severity);
  if (text.trim() !== '') query.set('text', text.trim());
  if (days !== null) query.set('from', String(until - days * DAY_MS));
  query.set('to', String(until));
  return `/api/v1/alerts?${query.toString()}`;
}

/** `CPU 96 %, limit 90 %`: the unit stands in the metric's name. Empty without a metric. */
export function measured({ metric, value, threshold }: AlertRecord): string {
  if (metric === null || value === null) return '';
  const text = `${nameOf(metric)} ${withUnit(metric, value)}`;
  return threshold === null ? text : t('{0}, limit {1}', text, withUnit(metric, threshold));
}

const UNITS: readonly (readonly [string, (value: number) => string])[] = [
  ['_ms', duration],
  ['_mb', memory],
  ['_percent', percent],
  ['_bytes', bytes],
  ['throughput', rate],
];

function withUnit(metric: string, value: number): string {
  const unit = UNITS.find(([ending]) => metric.endsWith(ending));
  return unit === undefined ? number(value) : unit[1](value);
}

/** `execution_time_ms` is `execution time`. */
function nameOf(metric: string): string {
  const plain = metric.replace(/_(ms|mb|percent|bytes)$/, '').replaceAll('_', ' ');
  return plain.replace(/^(cpu|gpu|ipc)\b/, (word) => word.toUpperCase());
}
