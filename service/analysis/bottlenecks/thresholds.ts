/**
 * Bottlenecks as a plain look at the series: a resource whose values have all been at or above a threshold for five
 * seconds or longer, up to now. The thresholds of CPU (85 %), memory (90 %) and IPC (10 ms) are those of the reference
 * document 003.
 */
import { unitSign } from '../protocol/describe.ts';
import type { Bottleneck, BottleneckKind } from '../protocol/bottleneck.ts';
import type { SeriesLine } from '../protocol/series.ts';

export interface WatchedMetric {
  kind: BottleneckKind;
  metric: string;
  unit: string;
  /** Where it comes from, as the label `source`; any source when absent. */
  sources?: readonly string[];
  threshold: number;
  /** From here on the impact is 1. */
  worst: number;
  /** In a sentence: "CPU use of the host". */
  title: string;
}

export const WATCHED: readonly WatchedMetric[] = [
  {
    ...{ kind: 'CPU', metric: 'cpu_percent', unit: 'percent', title: 'CPU use' },
    sources: ['host', 'worker'],
    ...{ threshold: 85, worst: 100 },
  },
  {
    ...{ kind: 'MEMORY', metric: 'host_memory_percent', unit: 'percent', title: 'Memory use' },
    ...{ threshold: 90, worst: 100 },
  },
  {
    ...{
      kind: 'IO',
      metric: 'host_cpu_iowait_percent',
      unit: 'percent',
      title: 'Waiting for disks',
    },
    ...{ threshold: 25, worst: 75 },
  },
  {
    ...{ kind: 'IPC', metric: 'ipc_latency_ms', unit: 'ms', title: 'IPC latency' },
    ...{ threshold: 10, worst: 50 },
  },
];

/** How far back is looked, and how fine: what `points` below are expected to be. */
export const LOOK_BACK_MS = 300_000;
export const LOOK_STEP_MS = 1000;

const SUSTAINED_MS = 5000;
const LEAST_POINTS = 3;
/** A worker's heartbeat may be this old; what is older says nothing of now. */
const FRESH_MS = 30_000;

export interface WatchedLine extends SeriesLine {
  watched: WatchedMetric;
}

/** What holds up now, the greatest impact first. Points are in order of time; `now` is epoch milliseconds. */
export function findBottlenecks(lines: readonly WatchedLine[], now: number): Bottleneck[] {
  return lines
    .flatMap((line) => bottleneckOf(line, now) ?? [])
    .sort((a, b) => b.impact - a.impact || (a.bottleneck_id < b.bottleneck_id ? -1 : 1));
}

function bottleneckOf({ watched, labels, points }: WatchedLine, now: number): Bottleneck | null {
  const { kind, metric, unit, threshold, worst, sources } = watched;
  if (sources && !sources.includes(labels['source'] ?? '')) return null;
  const run = lastRun(points, threshold);
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last || run.length < LEAST_POINTS || now - last[0] > FRESH_MS) return null;
  if (last[0] + LOOK_STEP_MS - first[0] < SUSTAINED_MS) return null;
  const values = run.map(([, value]) => value);
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    bottleneck_id: [kind, metric, ...Object.entries(labels).map((pair) => pair.join('='))].join(
      ':',
    ),
    ...{ kind, metric, labels, title: watched.title, pattern: null },
    ...{ job_id: null, pipeline: labels['pipeline'] ?? null, phase_id: null },
    worker_id: labels['worker_id'] ?? null,
    impact_basis: 'use',
    impact: Math.min(1, (average - threshold) / (worst - threshold)),
    // Laplace's rule of succession: after n values above the threshold and none below it.
    confidence: (run.length + 1) / (run.length + 2),
    since: new Date(first[0]).toISOString(),
    sentence: sentenceOf(watched, labels, { average, since_ms: now - first[0] }),
    evidence: {
      ...{ unit, average, threshold },
      max: Math.max(...values),
      last: last[1],
      points: run.length,
      last_at: new Date(last[0]).toISOString(),
    },
    evidence_series: [{ metric, labels, unit, title: watched.title }],
  };
}

type Points = SeriesLine['points'];

/** The values at the end that are all at or above the threshold. */
function lastRun(points: Points, threshold: number): Points {
  let begin = points.length;
  while (begin > 0 && (points[begin - 1]?.[1] ?? -Infinity) >= threshold) begin--;
  return points.slice(begin);
}

function sentenceOf(
  { title, unit, threshold }: WatchedMetric,
  labels: Readonly<Record<string, string>>,
  { average, since_ms }: { average: number; since_ms: number },
): string {
  const { source, worker_id, pipeline } = labels;
  const where =
    source === 'worker' && worker_id !== undefined
      ? `of worker ${worker_id}`
      : source === 'job' && pipeline !== undefined
        ? `of ${pipeline}`
        : 'of this machine';
  const seconds = Math.round(since_ms / 1000);
  const sign = unitSign(unit);
  return `${title} ${where} has been ${average.toFixed(1)} ${sign} on average for ${seconds} s, at or above ${threshold} ${sign} all the time.`;
}
