/** Hours in which people are not told. Wall-clock times of a time zone, so they move with its daylight saving. */
import type { QuietHours } from '../../protocol/alerting.ts';
import { type Severity, severityRank } from '../../protocol/states.ts';

const DAY_MINUTES = 1440;
const formats = new Map<string, Intl.DateTimeFormat | null>();
/** More time zones are looked up anew each time. */
const MAX_FORMATS = 50;

/** True where alerts of this severity are not told at that time, in epoch milliseconds. */
export function isQuiet(hours: readonly QuietHours[], now: number, severity: Severity): boolean {
  return hours.some((one) => {
    const loud = one.except !== undefined && severityRank(severity) >= severityRank(one.except);
    return !loud && isWithin(one, now);
  });
}

/** `days` are those on which the hours begin: those over midnight reach into the day after. */
function isWithin({ days, from, to, timezone }: QuietHours, now: number): boolean {
  const wall = wallClock(now, timezone);
  if (wall === null) return false;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const { day, minute } = wall;
  const yesterday = day === 1 ? 7 : day - 1;
  if (begin < end) return days.includes(day) && minute >= begin && minute < end;
  return (days.includes(day) && minute >= begin) || (days.includes(yesterday) && minute < end);
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** 1 is Monday. Null for a time zone that this machine does not know: then no hours are quiet. */
function wallClock(now: number, timezone: string | undefined) {
  const format = formatOf(timezone ?? '');
  if (format === null) return null;
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const day = DAYS.indexOf(parts.get('weekday') ?? '') + 1;
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return { day, minute: minute % DAY_MINUTES };
}

function formatOf(timezone: string): Intl.DateTimeFormat | null {
  const held = formats.get(timezone);
  if (held !== undefined) return held;
  const made = makeFormat(timezone);
  if (formats.size < MAX_FORMATS) formats.set(timezone, made);
  return made;
}

function makeFormat(timezone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      ...(timezone !== '' && { timeZone: timezone }),
    });
  } catch {
    // A RangeError: there is no such zone here. To be told too often is better than not at all.
    return null;
  }
}
