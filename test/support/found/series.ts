/** Anomalies and predictions of every sort, and changes of every class, each as the analysis itself finds it. */
import { parseRule } from '../../../service/alerts/parseRule.ts';
import { changeFinding } from '../../../service/analysis/changes/changeFinding.ts';
import { runChanges } from '../../../service/analysis/changes/runChanges.ts';
import { keyOf } from '../../../service/analyst/about.ts';
import { anomalyFinding } from '../../../service/analyst/anomalyWords.ts';
import { courseOf, rateCourseOf } from '../../../service/analyst/courses.ts';
import { limitsOf } from '../../../service/analyst/limits.ts';
import { predictionFinding } from '../../../service/analyst/predictionWords.ts';
import { Runs } from '../../../service/analyst/runs.ts';
import { Model } from '../../../service/core/fold.ts';
import type { SeriesKind } from '../../../service/protocol/aggregation.ts';
import { TREND_METRICS } from '../../../service/protocol/domain.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { Series } from '../../../service/series/series.ts';
import { SeriesStore } from '../../../service/series/store.ts';
import type { Point } from '../../../service/series/types.ts';
import { wobble } from '../pipelineRuns.ts';

const START = Date.UTC(2026, 0, 15);
const LIMITS = { max_series: 5000, max_per_metric: 5000, system_hours: 24, series_days: 30 };

type About = Pick<Point, 'metric' | 'labels'> & { unit: string };

const NIGHTLY = { pipeline: 'nightly', phase_id: 'P06' };

function about(metric: string, unit: string, labels: Record<string, string>): About {
  return { metric, unit, labels };
}

/** The series itself, as the store makes it. */
function seriesOf({ metric, labels, unit }: About, kind: SeriesKind): Series {
  const store = new SeriesStore({ ...LIMITS, clock: () => START });
  let made: Series | undefined;
  store.follow((series) => (made = series));
  store.append({ metric, labels, unit, kind, time: START, value: 0 });
  if (made === undefined) throw new Error('The store follows nothing.');
  return made;
}

const RUNS = new Runs(new Model());

/** A series of each place, with values that differ in unit and size. */
const COURSES: readonly [about: About, kind: SeriesKind, value: number, usual: number][] = [
  [about('cpu_percent', 'percent', { source: 'worker', worker_id: 'w-1' }), 'gauge', 92.4, 50],
  [about('queue_pending', 'tasks', { queue: 'gpu' }), 'gauge', 5004, 12.25],
  [about('memory_mb', 'MB', { source: 'job', ...NIGHTLY }), 'gauge', 4999, 900],
  [about('host_memory_percent', 'percent', { source: 'host' }), 'gauge', 50, 40],
  [about('request_duration_ms', 'ms', { endpoint: '/search' }), 'histogram', 1234, 17],
  [about('tasks_failed', 'tasks', {}), 'histogram', 0.125, 12_345],
  [about('heat', '', { source: 'job' }), 'gauge', 4.9294, 5],
];
const REASONS = ['spike', 'level', 'variance', 'silence', 'pattern'] as const;

export function everyAnomaly(): Finding[] {
  return COURSES.flatMap(([about, kind, value, usual]) => {
    const series = seriesOf(about, kind);
    const courses = [courseOf(series), rateCourseOf(series)].filter((one) => one !== null);
    return courses.flatMap((course) =>
      REASONS.map((reason) => {
        const peak = { score: 0.95, reason, usual, value, isAnomaly: true };
        const times = { since: START, oddAt: START, heardAt: START };
        return anomalyFinding(
          course,
          { id: `${keyOf(course)}/${reason}`, ...times, peak },
          { now: START, runs: RUNS },
        );
      }),
    );
  });
}

const RULE = parseRule({
  ...{ rule_id: 'q', kind: 'threshold', name: 'Low "water"', enabled: true, scope: {} },
  ...{ severity: 'WARNING', for_ms: 0, recovery: null, cooldown_ms: null, channels: null },
  message: null,
  params: {
    ...{ metric: 'level', labels: {}, group_by: [], aggregation: 'avg', range_ms: 60_000 },
    ...{ direction: 'below', value: 1 },
  },
});

/** Of each limit that series have: near and far, with a range of times and without. */
export function everyPrediction(): Finding[] {
  const host = { source: 'host' };
  const all = [
    ...['host_memory_percent', 'disk_percent', 'host_gpu_memory_percent'].map((metric) =>
      about(metric, 'percent', host),
    ),
    about('worker_memory_percent', 'percent', { worker_id: 'w-1' }),
    about('memory_mb', 'MB', { source: 'job', pipeline: 'nightly' }),
    about('level', 'm', {}),
  ];
  return all.flatMap((one) => {
    const series = seriesOf(one, 'gauge');
    const [limit] = limitsOf(series, { rules: [RULE], memory_mb: 16_000 });
    if (limit === undefined) throw new Error(`${one.metric} has no limit.`);
    const up = limit.direction === 'above';
    return [90_500, 1_260_000, 90_000_000].map((left, number) => {
      const since = START + number;
      const at = START + left;
      const range = number === 0 ? 0 : left / 10;
      const approach = {
        is: 'approaching' as const,
        ...{ at, earliest: at - range, latest: at + range, level: 40, span: 80_000 },
        ...{ per_second: up ? 0.171 : -0.171, confidence: 0.9, points: 80 },
      };
      const id = `${one.metric}/${number}`;
      const foreseen = { id, course: courseOf(series), limit, approach, since, value: 40 };
      return predictionFinding(foreseen, { now: START, runs: RUNS });
    });
  });
}

const BEGIN = Date.parse('2026-11-01T00:00:00Z');

/** Each metric goes up and down, of a phase and of whole runs; one begins with nothing. */
export function everyChange(): Finding[] {
  const steps = [
    [1200, 1700],
    [17_000, 12_000],
    [0, 3],
  ] as const;
  return TREND_METRICS.flatMap((metric) =>
    steps.flatMap(([before, after], number) => {
      const points = Array.from({ length: 24 }, (_, i) => ({
        ...{ job_id: `j${i}`, name: `j${i}`, status: 'COMPLETED' as const },
        started: BEGIN + i * 60_000,
        value:
          (i < 12 ? before : after) * (metric === 'cpu_usage' ? 0.05 : 1) * (1 + 0.01 * wobble(i)),
      }));
      const phase_id = number === 1 ? null : 'P06';
      const series = {
        pipeline: 'nightly',
        phase_id,
        name: phase_id ?? 'nightly',
        metric,
        points,
        numbers: new Map(points.map(({ job_id }, i) => [job_id, 1406 + i])),
      };
      const told = (at: string) => ({
        finding_id: `${metric}/${number}`,
        since: at,
        noticed_at: at,
      });
      return runChanges(series).changes.map((one) => changeFinding(series, one, told(one.at)));
    }),
  );
}
