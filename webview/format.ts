/** Words of the dashboard only; everything that other surfaces say too comes from service/protocol/describe.ts. */
import { t } from '@vscode/l10n';
import { duration, elapsedMs, memory, percent, UNKNOWN } from '../service/protocol/describe.ts';
import { formatDate, numeral } from '../service/protocol/intl.ts';
import type { JobRecord, PhaseRecord } from '../service/protocol/record.ts';
import { isEnded } from '../service/protocol/states.ts';

/** `10:42`, with the date when it is not today's. */
export function clockTime(time: string | number, now: number, locale?: string): string {
  const at = new Date(time);
  const today = at.toDateString() === new Date(now).toDateString();
  const short = { hour: '2-digit', minute: '2-digit' } as const;
  if (today) return formatDate(at, short, locale);
  const year = at.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return formatDate(at, { month: 'short', day: 'numeric', ...year, ...short }, locale);
}

/** `10:42:07.310`: the exact time of day, for points close together. */
export function preciseTime(time: string | number, locale?: string): string {
  return formatDate(new Date(time), PRECISE, locale);
}

const PRECISE: Intl.DateTimeFormatOptions = {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  fractionalSecondDigits: 3,
};

/** `~2 min left`; empty where no end is expected or it has passed. */
export function timeLeft(eta: string | null, now: number): string {
  if (eta === null) return '';
  const ms = Date.parse(eta) - now;
  if (!(ms > 0)) return '';
  if (ms < 60_000) return t('~{0} s left', Math.ceil(ms / 5_000) * 5);
  if (ms < 3_600_000) return t('~{0} min left', Math.round(ms / 60_000));
  return t('~{0} left', duration(ms));
}

/** A span on an axis: like a duration, but 0 is `0 s`. */
export function offset(ms: number): string {
  return Math.abs(ms) < 0.5 ? '0 s' : duration(ms);
}

type Range = { avg: number; max: number } | null;

/** `41 % / 93 %`: average and highest. */
export function percentRange(range: Range): string {
  return range === null ? UNKNOWN : `${percent(range.avg)} / ${percent(range.max)}`;
}

export function memoryRange(range: Range): string {
  return range === null ? UNKNOWN : `${memory(range.avg)} / ${memory(range.max)}`;
}

/** `50 of 200`, `50`, `-`. */
export function items(done: number | null, total: number | null): string {
  if (done === null && total === null) return UNKNOWN;
  const known = done === null ? UNKNOWN : number(done);
  return total === null || total === done ? known : t('{0} of {1}', known, number(total));
}

export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  return numeral(value, { most: 2 });
}

/** A value somebody else named: text and numbers as they are, anything else as JSON; never longer than a line. */
export function freeValue(value: unknown): string {
  if (typeof value === 'number') return number(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return shorten(text, 120);
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Milliseconds a phase took, or has taken so far. */
export function phaseMs(phase: PhaseRecord, now: number): number | null {
  if (phase.execution_time_ms !== null) return phase.execution_time_ms;
  return phase.ended_at === null && isEnded(phase.status) ? null : elapsedMs(phase, now);
}

/** Milliseconds a job took, or has taken so far; for a silent one, until it was last heard of. */
export function jobMs(job: JobRecord, now: number): number | null {
  if (job.duration_ms !== null) return job.duration_ms;
  if (job.ended_at === null && isEnded(job.status)) return null;
  return elapsedMs(job, job.status === 'STALE' ? Date.parse(job.last_seen_at) : now);
}
