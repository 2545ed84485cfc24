/** What the range of time is called. Pure: `now` is epoch milliseconds. */
import { t } from '@vscode/l10n';
import { duration } from '../../../service/protocol/describe.ts';
import { dateFormat } from '../../../service/protocol/intl.ts';
import type { Span } from '../../timeScale.ts';
import type { Range } from '../../view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `Last 15 min`, `This run`, `10:42 – 11:03`. */
export function rangeWords(range: Range, now: number, locale?: string): string {
  switch (range.kind) {
    case 'run':
      return t('This run');
    case 'last':
      return t('Last {0}', lengthWords(range.ms));
    case 'between':
      return betweenWords(range, now, locale);
  }
}

/** `15 min`, `4 h`, `7 days`; what is not round, as a duration. */
export function lengthWords(ms: number): string {
  if (ms % DAY === 0 && ms > DAY) return t('{0} days', ms / DAY);
  if (ms % HOUR === 0) return t('{0} h', ms / HOUR);
  return ms % MINUTE === 0 ? t('{0} min', ms / MINUTE) : duration(ms);
}

/** Both ends with as much of the date and the time of day as tells them apart. */
export function betweenWords({ from, to }: Span, now: number, locale?: string): string {
  const day = (time: number): string => new Date(time).toDateString();
  const today = day(from) === day(now) && day(to) === day(now);
  const close = to - from < 10 * MINUTE;
  const minutes = { hour: '2-digit', minute: '2-digit' } as const;
  const seconds = { ...minutes, second: '2-digit' } as const;
  const parts = { ...seconds, fractionalSecondDigits: 3 } as const;
  const time = to - from < 5_000 ? parts : close ? seconds : minutes;
  const date = { month: 'short', day: 'numeric' } as const;
  const format = dateFormat(today ? time : { ...date, ...time }, locale);
  return format.formatRange(from, to);
}

/** Both ends exactly, with the zone: for a tooltip. */
export function exactSpan({ from, to }: Span, locale?: string): string {
  const format = dateFormat({ dateStyle: 'medium', timeStyle: 'long' }, locale);
  return format.formatRange(from, to);
}

/** Says so where less is shown than the run has; empty where all of it is. */
export function partOfRun(shown: Span, run: Span | null): string {
  if (run === null) return '';
  const seen = Math.min(shown.to, run.to) - Math.max(shown.from, run.from);
  const whole = run.to - run.from;
  if (seen >= whole - 1_000 || whole <= 0) return '';
  if (seen <= 0) return t('This run is outside of it.');
  return t('It shows {0} of the {1} of this run.', duration(seen), duration(whole));
}

/** The value of a datetime-local field, in local time. */
export function fieldOf(time: number): string {
  const at = new Date(time - new Date(time).getTimezoneOffset() * MINUTE);
  return at.toISOString().slice(0, 19);
}

export interface SpanProblem {
  field: 'from' | 'to';
  message: string;
}

const LONGEST = 731 * DAY;

/** The span of two datetime-local fields, or what is wrong with which. */
export function spanOf(from: string, to: string, now: number): Span | SpanProblem {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(begin)) return { field: 'from', message: t('Give a date and a time.') };
  if (Number.isNaN(end)) return { field: 'to', message: t('Give a date and a time.') };
  if (begin < now - LONGEST)
    return { field: 'from', message: t('Nothing is kept for longer than two years.') };
  if (end - begin < 1_000) return { field: 'to', message: t('Give a time after the begin.') };
  if (end > now + DAY) return { field: 'to', message: t('Give a time that is not in the future.') };
  return { from: begin, to: end };
}
