/** What of a series is judged: its values, how fast they grow, or how many things happened a second. */
import type { Recall } from '../analysis/anomalies/recall.ts';
import type { Series } from '../series/series.ts';

export interface Course {
  /** A number of its own among all courses. */
  key: number;
  series: Series;
  as: Recall;
  /** As it stands in sentences. */
  name: string;
  unit: string | null;
}

/** Histograms whose points are counts of what happened. Their mean says nothing. */
const COUNTS: ReadonlySet<string> = new Set([
  ...['tasks_submitted', 'tasks_completed', 'tasks_failed', 'tasks_retried', 'tasks_timed_out'],
  'signals',
]);
/** Histograms with one point for each thing that happened, whose number is a rate: beside their values. */
const ONE_EACH: Readonly<Record<string, string>> = { request_duration_ms: 'requests' };

/** The course of its values. */
export function courseOf(series: Series): Course {
  const { id: key, info, metric: name } = series;
  const { kind, unit } = info;
  if (kind === 'counter')
    return { key, series, as: 'growth', name, unit: unit === null ? null : `${unit}/s` };
  if (kind === 'histogram' && COUNTS.has(name))
    return { key, series, as: 'events', name, unit: `${unit ?? name}/s` };
  return { key, series, as: 'values', name, unit };
}

/** The course of how many points it has, where that is one of its own. */
export function rateCourseOf(series: Series): Course | null {
  const name = ONE_EACH[series.metric];
  if (name === undefined || series.info.kind !== 'histogram') return null;
  return { key: -series.id, series, as: 'events', name, unit: `${name}/s` };
}
