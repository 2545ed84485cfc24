/** Single numbers out of the series: the values of targets, and what an answer says of the last minutes. */
import { taskSums } from '../core/domain/system.ts';
import type { Tables } from '../core/domain/tables.ts';
import type { Aggregation } from '../protocol/aggregation.ts';
import type { Finding } from '../protocol/finding.ts';
import type { SeriesReader } from '../series/types.ts';
import { ERROR_RATE, HEALTH_SCORE, OPEN_FINDINGS, type Target, worse } from './targets.ts';

export interface Span {
  /** Epoch milliseconds. */
  from: number;
  to: number;
}

export interface MeasureQuery extends Span {
  metric: string;
  aggregation: Exclude<Aggregation, 'rate' | 'raw'>;
  labels?: Readonly<Record<string, string>>;
  /** All label sets become one when absent. */
  group_by?: readonly string[];
}

export interface Measure {
  labels: Record<string, string>;
  value: number;
}

const HOUR_SECONDS = 3600;
/** A rate of an hour is looked at in so many steps. */
const STEPS = 60;
/** As many label sets as a metric usually may have. */
const MAX_GROUPS = 1000;
/** No series has this label: grouped by it, all of them become one. */
export const ALL_AS_ONE = ['*'];

/** One number for each group over the whole span; no entry where there is no value, none for an unknown metric. */
export async function measures(
  reader: SeriesReader,
  { metric, aggregation, labels = {}, group_by = ALL_AS_ONE, from, to }: MeasureQuery,
): Promise<Measure[]> {
  if (!reader.has(metric)) return [];
  const whole = { from, to, step_ms: to - from, whole: true, limit: MAX_GROUPS };
  const answer = await reader.query({ metric, labels, aggregation, group_by, ...whole });
  return answer.series.flatMap(({ labels: own, points }) =>
    points.map(([, value]) => ({ labels: own, value })),
  );
}

/** One number of all label sets together; null when there is none. */
export async function measure(reader: SeriesReader, query: MeasureQuery): Promise<number | null> {
  return (await measures(reader, query))[0]?.value ?? null;
}

export interface TargetSources {
  series: SeriesReader;
  domain: Tables;
  /** What the analysis found, where there is one. */
  findings?: { open(): readonly Finding[] };
}

/** The values of all targets at `now`, by their ids; null where nothing is known. The health score is none of them. */
export async function targetValues(
  sources: TargetSources,
  targets: readonly Target[],
  now: number,
): Promise<Map<string, number | null>> {
  const values = targets.map(async (target) => {
    const value = await targetValue(sources, target, { from: now - target.window_ms, to: now });
    return [target.target_id, value] as const;
  });
  return new Map(await Promise.all(values));
}

async function targetValue(
  sources: TargetSources,
  target: Target,
  span: Span,
): Promise<number | null> {
  const { metric, labels, read, direction } = target;
  const { series } = sources;
  if (metric === HEALTH_SCORE) return null;
  if (metric === ERROR_RATE) return errorRatePercent(sources, span);
  if (metric === OPEN_FINDINGS) return openFindings(sources, labels['kind']);
  if (read === 'per_hour') return perHour(series, target, span);
  const aggregation = ({ latest: 'last', average: 'avg', p99: 'p99' } as const)[read];
  const found = await measures(series, { metric, labels, aggregation, group_by: [], ...span });
  const values = found.map(({ value }) => value);
  return values.length === 0 ? null : values.reduce((a, b) => worse(a, b, direction));
}

/** What got better is none of them. Null where nothing was heard that something could be found in. */
function openFindings(
  { findings, series }: TargetSources,
  kind: string | undefined,
): number | null {
  if (findings === undefined) return null;
  const counts = (one: Finding) => one.kind !== 'change' || one.measure > 0;
  const open = findings.open().filter((one) => counts(one) && (kind ?? one.kind) === one.kind);
  return open.length > 0 || series.counts.series > 0 ? open.length : null;
}

/**
 * Counted from the first point on: something that began ten minutes ago is not taken for slow because of the fifty
 * minutes before.
 */
async function perHour(
  reader: SeriesReader,
  { metric, labels, window_ms }: Target,
  span: Span,
): Promise<number | null> {
  if (!reader.has(metric)) return null;
  const query = { metric, labels, aggregation: 'rate' as const, group_by: ALL_AS_ONE };
  const step = Math.max(1000, Math.round(window_ms / STEPS));
  const { series, step_ms } = await reader.query({ ...query, ...span, step_ms: step });
  const points = series[0]?.points ?? [];
  const first = points[0];
  if (first === undefined) return null;
  // As the series count them: a step that has just begun is half a step long at least.
  const seconds = (begin: number) =>
    Math.max(Math.min(step_ms, span.to - begin), step_ms / 2) / 1000;
  const total = points.reduce((sum, [begin, perSecond]) => sum + perSecond * seconds(begin), 0);
  return (total / Math.max(step_ms / 1000, (span.to - first[0]) / 1000)) * HOUR_SECONDS;
}

/** Failed of ended tasks and requests together, 0-100; null when there were none. */
export async function errorRatePercent(
  { series, domain }: TargetSources,
  span: Span,
): Promise<number | null> {
  const query = { metric: 'request_errors', ...span };
  const [errors, requests] = await Promise.all([
    measure(series, { ...query, aggregation: 'sum' }),
    measure(series, { ...query, aggregation: 'count' }),
  ]);
  const { failed, completed } = taskSums(domain, { from: span.from, to: span.to + 1 });
  const all = failed + completed + (requests ?? 0);
  return all === 0 ? null : ((failed + (errors ?? 0)) / all) * 100;
}
