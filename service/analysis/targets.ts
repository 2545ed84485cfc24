/**
 * Targets: what a value should be, and from where on it is critical. The defaults are the table of the reference
 * document 003 ("Performance Targets") and what the analysis sees; the configuration changes them and adds others.
 */
import { ProductError } from '../protocol/errors.ts';
import type {
  Direction,
  Reading,
  TargetRecord,
  TargetSetting,
  TargetStatus,
} from '../protocol/targets.ts';

export interface Target {
  target_id: string;
  title: string;
  /** A series, or one of `ERROR_RATE`, `OPEN_FINDINGS` and `HEALTH_SCORE`, which are computed. */
  metric: string;
  /** Only label sets that have all of these. */
  labels: Readonly<Record<string, string>>;
  unit: string;
  direction: Direction;
  target: number;
  critical: number;
  /** Its share of the health score; 0 is shown, not counted. */
  weight: number;
  read: Reading;
  window_ms: number;
}

/** Failed of ended tasks and requests together, in percent. */
export const ERROR_RATE = 'error_rate_percent';
export const HEALTH_SCORE = 'health_score';
/** What the analysis found that is so now and no good news, counted; the label `kind` names one kind of it. */
export const OPEN_FINDINGS = 'open_findings';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const base = { labels: {}, weight: 1, read: 'latest', window_ms: 5 * MINUTE_MS } as const;
const memory = (target_id: string, title: string, limits: { target: number; critical: number }) =>
  ({
    ...base,
    target_id,
    title,
    metric: `${target_id}_gb`,
    unit: 'GB',
    direction: 'at_most',
    ...limits,
  }) satisfies Target;

/** What the analysis sees now, of one kind. Four at once are critical; one costs a quarter of the points. */
const found = (target_id: string, title: string, kind: string) =>
  ({
    ...base,
    ...{ target_id, title, metric: OPEN_FINDINGS, labels: { kind }, unit: 'open' },
    ...{ direction: 'at_most', target: 0, critical: 4 },
  }) satisfies Target;

/** `documents_processed` and the memories by language come by `metric.recorded`; all others are measured anyway. */
export const DEFAULT_TARGETS: readonly Target[] = [
  {
    ...base,
    target_id: 'document_processing_rate',
    title: 'Document processing rate',
    metric: 'documents_processed',
    unit: 'docs/hour',
    direction: 'at_least',
    ...{ target: 20, critical: 10 },
    read: 'per_hour',
    window_ms: HOUR_MS,
  },
  memory('rust_memory', 'Rust memory', { target: 60, critical: 70 }),
  memory('python_memory', 'Python memory', { target: 45, critical: 55 }),
  memory('shared_memory', 'Shared memory', { target: 15, critical: 20 }),
  {
    ...base,
    target_id: 'ipc_latency_p99',
    title: 'IPC latency p99',
    metric: 'ipc_latency_ms',
    unit: 'ms',
    direction: 'at_most',
    ...{ target: 10, critical: 50 },
    read: 'p99',
  },
  {
    ...base,
    target_id: 'cpu_utilization',
    title: 'CPU utilization',
    metric: 'cpu_percent',
    labels: { source: 'host' },
    unit: 'percent',
    direction: 'at_most',
    ...{ target: 85, critical: 95 },
    read: 'average',
    window_ms: MINUTE_MS,
  },
  {
    ...base,
    target_id: 'error_rate',
    title: 'Error rate',
    metric: ERROR_RATE,
    unit: 'percent',
    direction: 'at_most',
    ...{ target: 1, critical: 5 },
    read: 'average',
    window_ms: HOUR_MS,
  },
  found('open_bottlenecks', 'Open bottlenecks', 'bottleneck'),
  found('predicted_limits', 'Limits that will be reached', 'prediction'),
  {
    ...base,
    target_id: 'system_health_score',
    title: 'System health score',
    metric: HEALTH_SCORE,
    unit: 'of 100',
    direction: 'at_least',
    ...{ target: 80, critical: 60 },
    weight: 0,
  },
];

/** The defaults with the settings over them. Throws CONFIG_INVALID with a sentence that names target and fix. */
export function targetsOf(settings: readonly TargetSetting[]): Target[] {
  const targets = new Map(DEFAULT_TARGETS.map((target) => [target.target_id, target]));
  const seen = new Set<string>();
  for (const setting of settings) {
    const { target_id } = setting;
    if (seen.has(target_id)) throw wrong(target_id, 'is there twice. Keep one of them.');
    seen.add(target_id);
    targets.set(target_id, checked(merged(targets.get(target_id), setting)));
  }
  return [...targets.values()];
}

function merged(held: Target | undefined, setting: TargetSetting): Target {
  if (held) return { ...held, ...setting };
  const { target_id, metric, direction, target, critical } = setting;
  if (
    metric === undefined ||
    direction === undefined ||
    target === undefined ||
    critical === undefined
  )
    throw wrong(target_id, 'is new: give it "metric", "direction", "target" and "critical".');
  return { ...base, unit: '', title: target_id, ...setting, metric, direction, target, critical };
}

function checked(target: Target): Target {
  const { target_id, direction } = target;
  if (!isAsGood(target.target, target.critical, direction)) {
    const words = direction === 'at_most' ? 'at or above' : 'at or below';
    throw wrong(target_id, `must be "${direction}": give it a "critical" ${words} its "target".`);
  }
  return target;
}

function wrong(target_id: string, what: string): ProductError {
  const detail = `The target "${target_id}" ${what}`;
  const errors = [{ path: '/targets', message: detail }];
  return new ProductError('CONFIG_INVALID', { detail, errors });
}

/** The target with its value of now. What is not a finite number is not known. */
export function targetRecord(target: Target, measured: number | null): TargetRecord {
  const value = measured !== null && Number.isFinite(measured) ? measured : null;
  const { target_id, title, metric, unit, direction, weight, read, window_ms } = target;
  return {
    ...{ target_id, title, metric, unit, direction },
    target: target.target,
    critical: target.critical,
    value,
    status: value === null ? 'UNKNOWN' : statusOf(target, value),
    score: value === null ? null : scoreOf(target, value),
    ...{ weight, read, window_ms },
  };
}

type Limits = Pick<Target, 'direction' | 'target' | 'critical'>;

function statusOf({ direction, target, critical }: Limits, value: number): TargetStatus {
  if (isAsGood(value, target, direction)) return 'OK';
  return isAsGood(value, critical, direction) ? 'WARNING' : 'CRITICAL';
}

/** A straight line from 1 at the target to 0 at the critical value; flat beyond both. */
export function scoreOf({ direction, target, critical }: Limits, value: number): number {
  if (isAsGood(value, target, direction)) return 1;
  if (isAsGood(critical, value, direction)) return 0;
  return (value - critical) / (target - critical);
}

function isAsGood(value: number, than: number, direction: Direction): boolean {
  return direction === 'at_least' ? value >= than : value <= than;
}

/** The worse one of two values. */
export function worse(a: number, b: number, direction: Direction): number {
  return isAsGood(a, b, direction) ? b : a;
}
