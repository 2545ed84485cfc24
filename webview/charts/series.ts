/** From a job's resource samples to the points of a line. Times are epoch milliseconds. */
import type { ResourceSample } from '../../service/protocol/record.ts';

/** `y` is null where nothing was measured: the line is interrupted there. */
export interface ChartPoint {
  x: number;
  y: number | null;
}
export type Metric = Exclude<
  keyof ResourceSample,
  'job_id' | 'phase_id' | 'time' | 'width_ms' | 'seq'
>;

/** After this many times the usual distance without a sample there is a gap. */
const GAP = 3;

/** Samples of one metric in order of time, one a moment, with gaps where the distance says that some are missing. */
export function pointsOf(samples: readonly ResourceSample[], metric: Metric): ChartPoint[] {
  const width = samples.reduce((widest, sample) => Math.max(widest, sample.width_ms), 0);
  return withGaps(merge(samples, metric), width);
}

/** A gap wherever points are much farther apart than they usually are, and than `least` milliseconds. */
export function withGaps(points: readonly { x: number; y: number }[], least: number): ChartPoint[] {
  const usual = usualDistance(points, least);
  const result: ChartPoint[] = [];
  for (const point of points) {
    const last = result.at(-1);
    if (last !== undefined && point.x - last.x > usual * GAP)
      result.push({ x: last.x + usual, y: null });
    result.push(point);
  }
  return result;
}

/** Of one moment the sample of the whole job counts; without one the phases' samples are added up. */
function merge(samples: readonly ResourceSample[], metric: Metric): { x: number; y: number }[] {
  const moments = new Map<number, { y: number; whole: boolean }>();
  for (const sample of samples) {
    const value = sample[metric];
    if (value === undefined) continue;
    const x = Date.parse(sample.time);
    const known = moments.get(x);
    const whole = sample.phase_id === null;
    if (known === undefined || (whole && !known.whole)) moments.set(x, { y: value, whole });
    else if (!known.whole) moments.set(x, { y: known.y + value, whole });
  }
  return [...moments].map(([x, { y }]) => ({ x, y })).sort((a, b) => a.x - b.x);
}

/** The median distance, at least `least`. */
function usualDistance(points: readonly { x: number }[], least: number): number {
  const distances = points.slice(1).map((point, index) => point.x - (points[index]?.x ?? 0));
  distances.sort((a, b) => a - b);
  return Math.max(distances[distances.length >> 1] ?? 0, least, 1);
}

/** The point nearest to a time that has a value; undefined when none is nearer than `within`. */
export function nearest(
  points: readonly ChartPoint[],
  time: number,
  within = Infinity,
): ChartPoint | undefined {
  let best: ChartPoint | undefined;
  let distance = within;
  for (const point of points) {
    const apart = Math.abs(point.x - time);
    if (point.y === null || !Number.isFinite(point.y) || apart > distance) continue;
    best = point;
    distance = apart;
  }
  return best;
}

export interface Summary {
  last: number | null;
  average: number | null;
  highest: number | null;
}

export function summarise(points: readonly ChartPoint[]): Summary {
  const values = points.map((point) => point.y).filter((y) => y !== null);
  if (values.length === 0) return { last: null, average: null, highest: null };
  return {
    last: values.at(-1) ?? null,
    average: values.reduce((a, b) => a + b, 0) / values.length,
    highest: values.reduce((a, b) => Math.max(a, b)),
  };
}

/** The end of an axis for this many MB: 256 MB, 384 MB, 512 MB, 768 MB, 1 GB... so that its half is round too. */
export function roundMemory(highest: number): number {
  let top = 16;
  while (top < highest) top *= 2;
  return top * 0.75 >= highest && top > 16 ? top * 0.75 : top;
}
