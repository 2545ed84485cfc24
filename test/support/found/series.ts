/** Anomalies and predictions of every sort, and changes of every class, each as the analysis itself finds it. */
import { totalmem } from 'node:os';
import { Findings } from '../../../service/analysis/findings.ts';
import { changeFinding } from '../../../service/analysis/changes/changeFinding.ts';
import { runChanges } from '../../../service/analysis/changes/runChanges.ts';
import { AnomalyWatch } from '../../../service/analyst/anomalies.ts';
import { SeriesWatch } from '../../../service/analyst/seriesWatch.ts';
import { parseRule } from '../../../service/alerts/parseRule.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { Rule } from '../../../service/protocol/rule.ts';
import type { Series } from '../../../service/series/series.ts';
import { SeriesStore } from '../../../service/series/store.ts';
import type { Point } from '../../../service/series/types.ts';
import { TREND_METRICS } from '../../../service/protocol/domain.ts';
import { wobble } from '../pipelineRuns.ts';
import { randomOf } from '../random.ts';

const START = Date.UTC(2026, 0, 15);
const LIMITS = { max_series: 5000, max_per_metric: 5000, system_hours: 24, series_days: 30 };
const MEMORY_MB = totalmem() / 1024 / 1024;
const MODEL = { jobs: new Map() };

type About = Pick<Point, 'metric' | 'labels'> & { unit: string };

function storeAt(clock: () => number): SeriesStore {
  return new SeriesStore({ ...LIMITS, clock });
}

/** The series itself, as the store makes it. */
function seriesOf({ metric, labels, unit }: About): Series {
  const store = storeAt(() => START);
  let made: Series | undefined;
  store.follow((series) => (made = series));
  store.append({ metric, labels, unit, kind: 'gauge', time: START, value: 0 });
  if (made === undefined) throw new Error('The store follows nothing.');
  return made;
}

/** Normal noise, from the same numbers in every run. */
function noiseOf(seed: number): () => number {
  const random = randomOf(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

interface Course {
  about: About;
  points: number;
  step_ms: number;
  value: (n: number, noise: number) => number;
}

const MINUTES_5 = 300_000;
const COURSES: readonly Course[] = [
  {
    about: {
      metric: 'cpu_percent',
      labels: { source: 'worker', worker_id: 'w-1' },
      unit: 'percent',
    },
    ...{ points: 950, step_ms: 1000, value: (n, noise) => 50 + noise + (n === 900 ? 40 : 0) },
  },
  {
    about: { metric: 'queue_pending', labels: { queue: 'gpu' }, unit: 'tasks' },
    ...{ points: 1200, step_ms: 1000, value: (n, noise) => 5000 + noise + (n >= 900 ? 4 : 0) },
  },
  {
    about: {
      metric: 'memory_mb',
      labels: { source: 'job', pipeline: 'nightly', phase_id: 'P06' },
      unit: 'MB',
    },
    ...{ points: 1500, step_ms: 1000, value: (n, noise) => 5000 + noise * (n >= 1000 ? 6 : 1) },
  },
  {
    about: { metric: 'host_memory_percent', labels: { source: 'host' }, unit: 'percent' },
    ...{ points: 1500, step_ms: 1000, value: (n, noise) => (n < 1000 ? 50 + noise : 50) },
  },
  {
    about: { metric: 'request_duration_ms', labels: { endpoint: '/search' }, unit: 'ms' },
    points: 13 * 288,
    step_ms: MINUTES_5,
    value: (n, noise) => {
      const hour = n / 12;
      const works = hour % 24 >= 9 && hour % 24 < 18 && Math.floor(hour / 24) !== 12;
      return (works ? 800 : 200) + noise;
    },
  },
  {
    about: { metric: 'heat', labels: { source: 'job' }, unit: '' },
    ...{ points: 950, step_ms: 1000, value: (n, noise) => 5 + noise / 10 + (n === 900 ? 4 : 0) },
  },
];

/** Each as it was told first, and again where it became another class. */
export function everyAnomaly(): Finding[] {
  return COURSES.flatMap(({ about, points, step_ms, value }, seed) => {
    const [noise, series, findings] = [noiseOf(seed + 1), seriesOf(about), new Findings()];
    const watch = new AnomalyWatch({ findings, model: MODEL });
    const told = new Map<string, Finding>();
    for (let n = 0; n < points; n++) {
      const time = START + n * step_ms;
      watch.take(series, { time, value: value(n, noise()), now: time });
      watch.tick(time);
      for (const id of findings.takeChanged()) {
        const one = findings.get(id);
        if (one !== undefined && !told.has(one.class)) told.set(one.class, one);
      }
    }
    return [...told.values()];
  });
}

/** What `value` makes of two minutes; the rules that are in effect. */
function predicted(about: About, value: (second: number) => number, rules: Rule[] = []): Finding[] {
  let now = START;
  const [findings, store] = [new Findings(), storeAt(() => now)];
  const sources = { series: store, findings, rules: { rules, version: 1 }, model: MODEL };
  const watch = new SeriesWatch({ ...sources, now: () => now });
  for (let second = 1; second <= 140; second++) {
    now += 1000;
    store.append({ ...about, kind: 'gauge', time: now, value: value(second) });
    watch.tick(now);
  }
  return findings.open().filter(({ kind }) => kind === 'prediction');
}

export function everyPrediction(): Finding[] {
  const percent = { unit: 'percent', labels: { source: 'host' } };
  const grows = (second: number): number => 40 + second / 6;
  const rule = parseRule({
    ...{ rule_id: 'q', kind: 'threshold', name: 'Low "water"', enabled: true, scope: {} },
    ...{ severity: 'WARNING', for_ms: 0, recovery: null, cooldown_ms: null, channels: null },
    message: null,
    params: {
      ...{ metric: 'level', labels: {}, group_by: [], aggregation: 'avg', range_ms: 60_000 },
      ...{ direction: 'below', value: 1 },
    },
  });
  const job = { source: 'job', pipeline: 'nightly' };
  const worker = { worker_id: 'w-1' };
  return [
    ...predicted({ ...percent, metric: 'host_memory_percent' }, grows),
    ...predicted({ ...percent, metric: 'disk_percent' }, grows),
    ...predicted({ ...percent, metric: 'host_gpu_memory_percent' }, grows),
    ...predicted({ ...percent, metric: 'worker_memory_percent', labels: worker }, grows),
    ...predicted(
      { metric: 'memory_mb', unit: 'MB', labels: job },
      (second) => MEMORY_MB * (0.3 + second / 250),
    ),
    ...predicted({ metric: 'level', unit: 'm', labels: {} }, (second) => 200 - second, [rule]),
  ];
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
