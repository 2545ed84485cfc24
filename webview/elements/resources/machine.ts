/** The series of this machine, or of a worker's, as the region asks for them. */
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import type { Load } from '../../load.ts';
import { type ChartPoint, type Metric, withGaps } from '../../charts/series.ts';
import type { SeriesFeed } from '../../seriesFeed.ts';
import type { ResourcesOf } from '../../view.ts';
import { PANELS } from './panels.ts';

/** `GET /api/v1/series/metrics`. */
export interface Metrics {
  metrics: readonly { metric: string }[];
}

/** Asked first, because a metric that nobody has measured cannot be asked for. */
export const METRICS_PATH = '/api/v1/series/metrics?kind=gauge&limit=1000';
/** A step longer than any range: one point a worker. */
const ONE_STEP = '30d';
/** More could not be picked from. */
const MOST_WORKERS = 100;

/** The workers that told of their machine in this range. */
export function workersPath(range: string): string {
  const of = 'metric=cpu_percent&label.source=worker&group_by=worker_id&aggregation=last';
  return `/api/v1/series?${of}&limit=${MOST_WORKERS}&step=${ONE_STEP}&${range}`;
}

export function workersOf(answer: SeriesAnswer | undefined): string[] {
  const ids = (answer?.series ?? []).map(({ labels }) => labels['worker_id'] ?? '');
  return ids.filter((id) => id !== '').sort((a, b) => a.localeCompare(b));
}

export function questionOf(metric: Metric, of: ResourcesOf): string {
  return `metric=${metric}&${labelsOf(of)}&aggregation=avg`;
}

/** What a query picks the series of this machine or of a worker's by. */
export function labelsOf(of: ResourcesOf): string {
  const worker = workerOf(of);
  return worker === null
    ? 'label.source=host'
    : `label.source=worker&label.worker_id=${encodeURIComponent(worker)}`;
}

/** The id of the worker whose machine is shown; null for this machine or a run. */
export function workerOf(of: ResourcesOf): string | null {
  return of.startsWith('worker:') ? of.slice('worker:'.length) : null;
}

/** The metrics of all panels that were measured anywhere. */
export function measured(metrics: Metrics | undefined): Metric[] {
  const known = new Set((metrics?.metrics ?? []).map(({ metric }) => metric));
  return PANELS.flatMap(({ lines }) => lines.map(({ metric }) => metric)).filter((metric) =>
    known.has(metric),
  );
}

/** The points of a metric; undefined while they are being fetched, none where nothing was measured. */
export function machinePoints(
  metric: Metric,
  of: ResourcesOf,
  { metrics, feed }: { metrics: Load<Metrics>; feed: SeriesFeed },
): readonly ChartPoint[] | undefined {
  if (metrics.state.kind === 'loading') return undefined;
  if (!measured(metrics.value).includes(metric)) return [];
  const state = feed.get(questionOf(metric, of));
  if (state.kind !== 'ready') return state.kind === 'waiting' ? undefined : [];
  const points = state.answer.series[0]?.points ?? [];
  return withGaps(
    points.map(([x, y]) => ({ x, y })),
    state.answer.step_ms,
  );
}
