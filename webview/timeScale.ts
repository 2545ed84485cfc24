/** Time against pixels. All times are milliseconds since the job began. */

export interface Span {
  from: number;
  to: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12, 24].map((n) => n * HOUR),
];
/** Nothing shorter can be looked at. */
const CLOSEST_MS = 10;

export function toPixels(time: number, shown: Span, width: number): number {
  return ((time - shown.from) / (shown.to - shown.from)) * width;
}

export function toTime(pixel: number, shown: Span, width: number): number {
  return shown.from + (pixel / Math.max(1, width)) * (shown.to - shown.from);
}

/** Round times, at least `room` pixels apart. */
export function ticks(shown: Span, width: number, room = 90): number[] {
  const least = ((shown.to - shown.from) * room) / Math.max(room, width);
  const step =
    STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
  const first = Math.ceil(shown.from / step) * step;
  const result: number[] = [];
  for (let time = first; time <= shown.to; time += step) result.push(time);
  return result;
}

/** Zooms by `factor` (above 1: closer) around a time, within the whole. Null when all of it is shown. */
export function zoom(shown: Span, whole: Span, factor: number, around: number): Span | null {
  const length = Math.max(CLOSEST_MS, (shown.to - shown.from) / factor);
  if (length >= whole.to - whole.from) return null;
  const share = (around - shown.from) / (shown.to - shown.from);
  return within(around - share * length, length, whole);
}

/** Moves by a share of what is shown: 0.5 is half a screen to the right. */
export function pan(shown: Span, whole: Span, share: number): Span {
  const length = shown.to - shown.from;
  return within(shown.from + share * length, length, whole);
}

function within(from: number, length: number, whole: Span): Span {
  const start = Math.max(whole.from, Math.min(from, whole.to - length));
  return { from: start, to: start + length };
}
