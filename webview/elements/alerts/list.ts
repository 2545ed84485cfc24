import {
  alertState,
  bytes,
  duration,
  memory,
  percent,
  rate,
} from '../../../service/protocol/describe.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { severityRank } from '../../../service/protocol/states.ts';
import { number } from '../../format.ts';
import type { AlertTab } from '../../view.ts';

/** Those of a tab: open ones the worst first, then the newest; ended ones the newest first. */
export function alertsOf(alerts: Iterable<AlertRecord>, tab: AlertTab): AlertRecord[] {
  const mine = [...alerts].filter((alert) => alertState(alert) === tab);
  const newest = (a: AlertRecord, b: AlertRecord): number =>
    b.raised_at.localeCompare(a.raised_at) || b.seq - a.seq;
  if (tab === 'resolved')
    return mine.sort(
      (a, b) => (b.resolved_at ?? '').localeCompare(a.resolved_at ?? '') || newest(a, b),
    );
  return mine.sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || newest(a, b));
}

/** `CPU 96 %, limit 90 %`: the unit stands in the metric's name. Empty without a metric. */
export function measured({ metric, value, threshold }: AlertRecord): string {
  if (metric === null || value === null) return '';
  const limit = threshold === null ? '' : `, limit ${withUnit(metric, threshold)}`;
  return `${nameOf(metric)} ${withUnit(metric, value)}${limit}`;
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
