/** When something that runs will end, and how many times its usual time it has taken: words for rows. */
import { t } from '@vscode/l10n';
import { formatDate, numeral } from './intl.ts';
import type { PhaseRecord } from './record.ts';

type Expects = Pick<
  PhaseRecord,
  | 'status'
  | 'started_at'
  | 'ended_at'
  | 'eta_at'
  | 'eta_low_at'
  | 'eta_high_at'
  | 'eta_basis'
  | 'expected_ms'
  | 'times_usual'
>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Below it, a run is like others: nobody needs to be told. */
const NOTICED = 1.2;

/** "about 3 min left (2 to 5)"; empty where it does not run, no end is expected, or the expected one has passed. */
export function timeLeftWords(of: Expects, now: number): string {
  const left = leftMs(of, of.eta_at, now);
  if (left === null || left <= 0) return '';
  const low = leftMs(of, of.eta_low_at, now);
  const high = leftMs(of, of.eta_high_at, now);
  const [one, ms] = unitOf(left);
  if (low === null || high === null || !(high > low))
    return t('about {0} left', inUnit(left, ms, one));
  const [least, most] = [Math.max(0, low) / ms, high / ms];
  const digits = one === 'h' ? 1 : 0;
  const range = [Math.min(least, left / ms), most].map((value) => numeral(value, { most: digits }));
  return t('about {0} left ({1} to {2})', inUnit(left, ms, one), range[0] ?? '', range[1] ?? '');
}

/** "3 min left" for small places; empty as above. */
export function shortTimeLeft(of: Expects, now: number): string {
  const left = leftMs(of, of.eta_at, now);
  if (left === null || left <= 0) return '';
  const [one, ms] = unitOf(left);
  return t('about {0} left', inUnit(left, ms, one));
}

/** "1.6x usual"; empty up to 1.2 times, and where nothing is known. */
export function timesUsualWords(of: Expects, now: number): string {
  const times = timesUsual(of, now);
  return times === null || times < NOTICED ? '' : t('{0}x usual', numeral(times, { most: 1 }));
}

/** What it has taken against what is usual; null where one is not known, and of what runs before it is beyond that. */
function timesUsual(of: Expects, now: number): number | null {
  if (of.ended_at !== null) return of.times_usual;
  if (of.status !== 'RUNNING') return null;
  if (of.started_at === null || of.expected_ms === null || !(of.expected_ms > 0)) return null;
  const ms = now - Date.parse(of.started_at);
  return ms > of.expected_ms ? ms / of.expected_ms : null;
}

/** "10:44, between 10:42 and 10:49, from runs before": for tooltips; empty where no end is expected. */
export function expectedEnd(of: Expects): string {
  const { status, eta_at, eta_low_at, eta_high_at } = of;
  if (status !== 'RUNNING' || eta_at === null) return '';
  const clock = timeOfDay(eta_at);
  const parts = [
    eta_low_at === null || eta_high_at === null
      ? clock
      : t('{0}, between {1} and {2}', clock, timeOfDay(eta_low_at), timeOfDay(eta_high_at)),
  ];
  const basis = basisWords(of);
  if (basis !== '') parts.push(basis);
  return parts.join(' · ');
}

function timeOfDay(time: string): string {
  return formatDate(Date.parse(time), { timeStyle: 'medium' });
}

function basisWords({ eta_basis }: Expects): string {
  if (eta_basis === 'history') return t('from runs before');
  if (eta_basis === 'progress') return t('from its progress alone');
  return eta_basis === 'both' ? t('from runs before and its progress') : '';
}

function leftMs({ status }: Expects, time: string | null, now: number): number | null {
  if (status !== 'RUNNING' || time === null) return null;
  const ms = Date.parse(time) - now;
  return Number.isFinite(ms) ? ms : null;
}

type Unit = 's' | 'min' | 'h';

/** The unit that the time is told in, and its milliseconds. */
function unitOf(ms: number): [Unit, number] {
  if (ms < 90_000) return ['s', 1000];
  return ms < 2 * HOUR_MS ? ['min', MINUTE_MS] : ['h', HOUR_MS];
}

function inUnit(ms: number, unit: number, one: Unit): string {
  if (one === 's') return t('{0} s', Math.ceil(ms / unit));
  if (one === 'min') return t('{0} min', Math.round(ms / unit));
  return t('{0} h', numeral(ms / unit, { most: 1 }));
}
