/** The moments of several lines put together, and what each line says then. */
import type { Line } from './spec.ts';

type Points = Line['points'];

export const isValue = (y: number | null | undefined): y is number =>
  y !== null && y !== undefined && Number.isFinite(y);

/** All times at which a line has a value, in order, each once. */
export function momentsOf(lines: readonly Line[]): number[] {
  const times = new Set<number>();
  for (const { points } of lines) for (const { x, y } of points) if (isValue(y)) times.add(x);
  return [...times].sort((a, b) => a - b);
}

/** Index of the first time at or after `time`. */
export function firstFrom(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the time nearest to `time`; -1 without any. */
export function nearestIndex(times: readonly number[], time: number): number {
  const after = firstFrom(times, time);
  const before = after - 1;
  if (after >= times.length) return before;
  if (before < 0) return after;
  const earlier = time - (times[before] as number);
  return earlier <= (times[after] as number) - time ? before : after;
}

/** The value of a line at exactly this time; null where it has none. */
export function valueAt(points: Points, time: number): number | null {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as Points[number]).x < time) low = middle + 1;
    else high = middle;
  }
  const point = points[low];
  return point !== undefined && point.x === time && isValue(point.y) ? point.y : null;
}

/** The lines on top of each other: where a line has nothing it adds nothing, and where none has anything there is a gap. */
export function stack(lines: readonly Line[]): { x: number; y: number | null }[][] {
  const all = new Set<number>();
  for (const { points } of lines) for (const { x } of points) all.add(x);
  const times = [...all].sort((a, b) => a - b);
  const values = lines.map(({ points }) => times.map((time) => valueAt(points, time)));
  const gaps = times.map((_, at) => values.every((line) => line[at] === null));
  const below = times.map(() => 0);
  return values.map((line) =>
    times.map((x, at) => {
      const sum = (below[at] ?? 0) + (line[at] ?? 0);
      below[at] = sum;
      return { x, y: gaps[at] === true ? null : sum };
    }),
  );
}
