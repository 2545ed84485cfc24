/** Where the axes of charts end and which of their places are said: few, and round. */
import { duration, memory, percent, rate, bytes } from '../../service/protocol/describe.ts';
import { formatDate } from '../../service/protocol/intl.ts';
import { ticks as offsets, type Span } from '../timeScale.ts';
import { roundMemory } from './series.ts';
import type { Say } from './spec.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Durations whose half is round too. */
const DURATIONS = [
  ...[1, 2, 3, 4, 6, 10, 20, 30, 40].map((n) => n * SECOND),
  ...[1, 2, 3, 4, 6, 10, 20, 30, 40].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 8, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 10, 20, 40].map((n) => n * DAY),
];

const UNITS = new Map<unknown, string>([
  [percent, '%'],
  [memory, 'MB'],
  [duration, 'ms'],
  [bytes, 'B'],
  [rate, 'items/s'],
]);

/** The unit of the bare numbers that are said this way; empty where it is not known. */
export function unitOf({ say, unit }: { say: Say; unit?: string }): string {
  return unit ?? UNITS.get(say) ?? '';
}

/** The end of an axis for values up to `highest`: a number that is round in its unit. */
export function topOf(highest: number, unit: string): number {
  if (!(highest > 0)) return unit === '%' ? 100 : 1;
  if (unit === '%') return Math.max(100, Math.ceil(highest / 100) * 100);
  if (unit === 'MB') return roundMemory(highest);
  if (unit === 'ms' && highest > SECOND) {
    const top = DURATIONS.find((candidate) => candidate >= highest);
    return top ?? roundUp(highest / DAY) * DAY;
  }
  return roundUp(highest);
}

/** 1, 2, 4, 6 or 10 times a power of ten: its half is round too. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = [1, 2, 4, 6, 10].find((candidate) => candidate * power >= value * (1 - 1e-9));
  return (digit ?? 10) * power;
}

/** The places on the axis of values: zero or the lowest, the middle, and the end. */
export function valueTicks(low: number, high: number): number[] {
  return low < 0 && high > 0 ? [low, 0, high] : [low, (low + high) / 2, high];
}

/** Round local clock times, at least `room` pixels apart. */
export function timeTicks(span: Span, width: number, room = 84): number[] {
  if (!(span.to > span.from)) return [];
  // Round in the clock of the reader: midnight is theirs, not Greenwich's.
  const shift = new Date(span.from).getTimezoneOffset() * MINUTE;
  const local = { from: span.from - shift, to: span.to - shift };
  return offsets(local, width, room).map((time) => time + shift);
}

const MINUTES = { hour: '2-digit', minute: '2-digit' } as const;
const SECONDS = { ...MINUTES, second: '2-digit' } as const;
const EXACT = { ...SECONDS, fractionalSecondDigits: 3 } as const;
const DAYS = { month: 'short', day: 'numeric' } as const;

/** A place on the time axis: dates where the range is longer than a day, fractions of seconds where it is short. */
export function timeLabel(time: number, span: Span, locale?: string): string {
  return formatDate(time, labelled(new Date(time), span.to - span.from), locale);
}

function labelled(at: Date, length: number): Intl.DateTimeFormatOptions {
  const midnight = at.getHours() === 0 && at.getMinutes() === 0;
  if (length > 2 * DAY && midnight) return DAYS;
  if (length > DAY) return { ...DAYS, ...MINUTES };
  if (length > 20 * MINUTE) return MINUTES;
  return length > 5 * SECOND ? SECONDS : EXACT;
}

/** The exact moment, with its date where the range has more than one. */
export function momentLabel(time: number, span: Span, locale?: string): string {
  const clock = span.to - span.from <= 10 * MINUTE ? EXACT : SECONDS;
  const today = new Date(span.from).toDateString() === new Date(span.to).toDateString();
  return formatDate(time, today ? clock : { year: 'numeric', ...DAYS, ...clock }, locale);
}
