/**
 * Words and numbers as people read them. Every surface says a thing the same way, because it says it from here: in the
 * language of the window or page, and in English in the service, where no language is set.
 */
import { t } from '@vscode/l10n';
import { timeLeftWords, timesUsualWords } from './describeEta.ts';
import { formatDate, numeral, tenths } from './intl.ts';
import type { AlertRecord, JobRecord, PhaseRecord } from './record.ts';
import type { Severity, Status } from './states.ts';

/** What stands where a number is not known. */
export const UNKNOWN = '-';

/** `840 ms`, `12.4 s`, `3m 05s`, `2h 14m`, `3d 04h`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  const value = Math.max(0, ms);
  if (value < 999.5) return `${Math.round(value)} ms`;
  if (value < 59_950) return `${tenths(value / 1000)} s`;
  const seconds = Math.round(value / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** A unit as it stands in sentences. */
export function unitSign(unit: string): string {
  return unit === 'percent' ? '%' : unit;
}

/** `512 MB`, `3.2 GB`. */
export function memory(mb: number | null | undefined): string {
  if (mb === null || mb === undefined) return UNKNOWN;
  if (mb < 1) return `${Math.round(mb * 1024)} KB`;
  if (mb < 1024) return `${mb < 10 ? tenths(mb) : numeral(Math.round(mb))} MB`;
  return `${tenths(mb / 1024)} GB`;
}

/** `512 B`, `3.4 KB`, `12 MB`. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (value < 1024) return `${Math.round(value)} B`;
  if (value < 1024 * 1024) return `${tenths(value / 1024)} KB`;
  return memory(value / (1024 * 1024));
}

/** `62 %`, `4.2 %`: of a value from 0 to 100. */
export function percent(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  return `${value > 0 && value < 9.95 ? tenths(value) : numeral(Math.round(value))} %`;
}

/** Progress never says 100 % before the end, nor more. */
export function progress(fraction: number | null | undefined): string {
  if (fraction === null || fraction === undefined) return UNKNOWN;
  // 0.57 * 100 is 56.99999999999999.
  const whole = Math.floor(fraction * 100 + 1e-9);
  return `${Math.min(fraction >= 1 ? 100 : 99, whole)} %`;
}

/** `1,234 items/s`. */
export function rate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return UNKNOWN;
  const digits = perSecond < 10 ? 1 : 0;
  return t('{0} items/s', numeral(perSecond, { most: digits }));
}

/**
 * The form of a text that goes with a number: `count(3, t('{0} job'), t('{0} jobs'))` is `3 jobs`. `{0}` is the number as
 * people read it, `{1}` and on are `more`.
 */
export function count(n: number, one: string, many: string, ...more: string[]): string {
  const values = [numeral(n), ...more];
  const text = n === 1 ? one : many;
  return text.replace(/\{(\d)\}/g, (place, index: string) => values[Number(index)] ?? place);
}

/** `5 of 10 phases done`. */
export function phasesDone(job: Pick<JobRecord, 'phases_done' | 'phases_total'>): string {
  const done = numeral(job.phases_done);
  const { phases_total: total } = job;
  return count(total, t('{1} of {0} phase done'), t('{1} of {0} phases done'), done);
}

/** `just now`, `4 min ago`, `3 h ago`; beyond a day, date and time. */
export function relativeTime(time: string | number, now: number, locale?: string): string {
  const at = typeof time === 'number' ? time : Date.parse(time);
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 10) return t('just now');
  if (seconds < 60) return t('{0} s ago', seconds);
  if (seconds < 3600) return t('{0} min ago', Math.floor(seconds / 60));
  if (seconds < 86_400) return t('{0} h ago', Math.floor(seconds / 3600));
  return formatDate(at, { dateStyle: 'medium', timeStyle: 'short' }, locale);
}

/** The exact time with the local zone's name, for hovers. */
export function exactTime(time: string | number, locale?: string): string {
  const at = typeof time === 'number' ? time : Date.parse(time);
  return formatDate(at, { dateStyle: 'full', timeStyle: 'long' }, locale);
}

/** Functions, because the language is not set yet when this is read. */
const STATUS_WORDS: Record<Status, () => string> = {
  PENDING: () => t('pending'),
  RUNNING: () => t('running'),
  COMPLETED: () => t('completed'),
  FAILED: () => t('failed'),
  SKIPPED: () => t('skipped'),
  CANCELLED: () => t('cancelled'),
  STALE: () => t('no sign of life'),
};

export function statusWord(status: Status): string {
  return STATUS_WORDS[status]();
}

const SEVERITY_WORDS: Record<Severity, () => string> = {
  INFO: () => t('info'),
  WARNING: () => t('warning'),
  ERROR: () => t('error'),
  CRITICAL: () => t('critical'),
};

export function severityWord(severity: Severity): string {
  return SEVERITY_WORDS[severity]();
}

/** Milliseconds a job or phase has taken: counted to `now` while it runs, null where it is not known. */
export function elapsedMs(
  record: { started_at: string | null; ended_at: string | null },
  now: number,
): number | null {
  if (record.started_at === null) return null;
  const end = record.ended_at === null ? now : Date.parse(record.ended_at);
  return Math.max(0, end - Date.parse(record.started_at));
}

/** `P06 Clustering`; the id alone where the name says no more. */
export function phaseLabel(phase: { phase_id: string; name: string }): string {
  return phase.name === phase.phase_id ? phase.phase_id : `${phase.phase_id} ${phase.name}`;
}

/** `ValueError: the message`, first line only. */
export function errorLine(error: { type?: string; message: string }): string {
  const first = error.message.split('\n', 1)[0] ?? '';
  return error.type !== undefined && !first.startsWith(error.type)
    ? `${error.type}: ${first}`
    : first;
}

/** The description of a job's row: what changes about it. */
export function jobDescription(job: JobRecord, now: number): string {
  const parts = [jobState(job)];
  const elapsed = elapsedMs(job, now);
  if (elapsed !== null) parts.push(duration(elapsed));
  parts.push(...expectations(job, now));
  if (job.status === 'STALE') parts.push(t('last seen {0}', relativeTime(job.last_seen_at, now)));
  else if (job.ended_at !== null) parts.push(relativeTime(job.ended_at, now));
  if (job.error_count > 0) parts.push(count(job.error_count, t('{0} error'), t('{0} errors')));
  else if (job.warning_count > 0)
    parts.push(count(job.warning_count, t('{0} warning'), t('{0} warnings')));
  return parts.join(' · ');
}

/** When it will end, and how slow it is. */
function expectations(of: JobRecord | PhaseRecord, now: number): string[] {
  return [timeLeftWords(of, now), timesUsualWords(of, now)].filter((words) => words !== '');
}

function jobState(job: JobRecord): string {
  if (job.status === 'RUNNING' && job.progress !== null)
    return t('running {0}', progress(job.progress));
  if (job.status === 'FAILED' && job.current_phase)
    return t('failed at {0}', job.current_phase.phase_id);
  return statusWord(job.status);
}

/** The description of a phase's row. */
export function phaseDescription(phase: PhaseRecord, now: number): string {
  const parts: string[] = [];
  if (phase.status === 'RUNNING' && phase.progress !== null) parts.push(progress(phase.progress));
  if (phase.status !== 'COMPLETED' && phase.status !== 'RUNNING')
    parts.push(statusWord(phase.status));
  const elapsed = elapsedMs(phase, now);
  if (elapsed !== null) parts.push(duration(elapsed));
  parts.push(...expectations(phase, now));
  if (phase.attempt > 1) parts.push(t('attempt {0}', phase.attempt));
  if (phase.error_count > 0) parts.push(count(phase.error_count, t('{0} error'), t('{0} errors')));
  if (phase.warning_count > 0)
    parts.push(count(phase.warning_count, t('{0} warning'), t('{0} warnings')));
  return parts.join(' · ');
}

/** "2m 05s (1m 50s to 2m 20s in 8 of 10 runs)"; undefined where no run before tells. */
export function usually({
  expected_ms,
  expected_low_ms,
  expected_high_ms,
}: PhaseRecord | JobRecord): string | undefined {
  if (expected_ms === null) return undefined;
  if (expected_low_ms === null || expected_high_ms === null) return duration(expected_ms);
  const [usual, low, high] = [expected_ms, expected_low_ms, expected_high_ms].map(duration);
  return t('{0} ({1} to {2} in 8 of 10 runs)', usual ?? '', low ?? '', high ?? '');
}

/** "Phase P06 Clustering of nightly failed: ValueError in cluster.ts:118: ..." for messages about a failed job. */
export function jobFailure(job: JobRecord, place?: { file: string; line: number }): string {
  const what = job.current_phase
    ? t('Phase {0} of {1} failed', phaseLabel(job.current_phase), job.name)
    : t('Job {0} failed', job.name);
  if (!job.error) return what;
  if (!place) return `${what}: ${errorLine(job.error)}`;
  const file = place.file.split(/[\\/]/).at(-1) ?? place.file;
  const type = job.error.type ?? t('error');
  // Before the text: that may be several sentences, and its end is far away.
  const line = errorLine({ message: job.error.message });
  const text = line.startsWith(`${type}: `) ? line.slice(type.length + 2) : line;
  return `${what}: ${t('{0} in {1}', type, `${file}:${place.line}`)}: ${text}`;
}

/** What to call the state of an alert. */
export function alertState(alert: AlertRecord): 'active' | 'acknowledged' | 'resolved' {
  if (!alert.active) return 'resolved';
  return alert.acknowledged ? 'acknowledged' : 'active';
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
