/** How much work was finished over the time that is shown, out of the counts of the series. */
import { t } from '@vscode/l10n';
import { UNKNOWN } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { type ChartSpec, METRIC_COLORS } from '../../charts/spec.ts';
import type { Span } from '../../timeScale.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** As many points as a line of a few pixels can show. */
const MOST_POINTS = 40;

export interface Point {
  x: number;
  y: number;
}

export interface Throughput {
  value: string;
  unit: string;
  /** The same unit, oldest first, each at the begin of its stretch (epoch milliseconds): what the small line shows. */
  points: readonly Point[];
}

/** The questions that the tile may ask: tasks where there are any, else phases. */
export const TASKS = 'metric=tasks_completed&aggregation=count&group_by=*';
export const PHASES = 'metric=phase_execution_time_ms&aggregation=count&group_by=*';

/** The average over the span, in the unit that gives a number people can hold. */
export function throughputOf(answer: SeriesAnswer, { from, to }: Span): Throughput {
  const counts = countsOf(answer, { from, to });
  const sum = counts.reduce((total, { count }) => total + count, 0);
  const perMs = sum / Math.max(SECOND, to - from);
  const per = perMs * MINUTE >= 100 ? SECOND : perMs * MINUTE >= 1 ? MINUTE : HOUR;
  const digits = perMs * per < 10 ? 1 : 0;
  return {
    value: numeral(perMs * per, { most: digits }),
    unit: unitOf(answer.metric, per),
    points: counts.map(({ at, count, ms }) => ({ x: Math.max(at, from), y: (count / ms) * per })),
  };
}

/** Steps without data are steps in which nothing was finished. */
function countsOf(
  { series, step_ms: step }: SeriesAnswer,
  { from, to }: Span,
): { at: number; count: number; ms: number }[] {
  const first = Math.floor(from / step);
  const steps = Math.max(1, Math.floor(to / step) - first + 1);
  const wide = Math.ceil(steps / MOST_POINTS);
  const counts = Array.from({ length: Math.ceil(steps / wide) }, (_, i) => ({
    at: (first + i * wide) * step,
    count: 0,
    ms: wide * step,
  }));
  for (const { points } of series)
    for (const [time, count] of points) {
      const at = counts[Math.floor((Math.floor(time / step) - first) / wide)];
      if (at !== undefined) at.count += count;
    }
  return counts;
}

/** What the small line says, as a chart that is read, zoomed and saved like all others. */
export function throughputChart({ points, unit }: Throughput, span: Span): ChartSpec {
  // An axis has no room for what is counted; the name of the chart says it.
  const per = unit.slice(unit.indexOf('/'));
  const say = (value: number | null): string =>
    value === null ? UNKNOWN : `${numeral(value, { most: 1 })} ${per}`;
  const lines = [{ name: t('Throughput'), color: METRIC_COLORS.cpu, points }];
  return { kind: 'time', lines, span, say, unit };
}

function unitOf(metric: string, per: number): string {
  const tasks = metric === 'tasks_completed';
  if (per === SECOND) return tasks ? t('tasks/s') : t('phases/s');
  if (per === MINUTE) return tasks ? t('tasks/min') : t('phases/min');
  return tasks ? t('tasks/h') : t('phases/h');
}
