/** When something that runs will end, in words: how long it takes about, between what, and where that comes from. */
import { t } from '@vscode/l10n';
import { duration } from '../service/protocol/describe.ts';
import type { PhaseRecord } from '../service/protocol/record.ts';
import { clockTime, timeLeft } from './format.ts';

export type Eta = Pick<
  PhaseRecord,
  'status' | 'eta_at' | 'eta_low_at' | 'eta_high_at' | 'eta_basis'
>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `done in about 6 min, 4 to 9`; empty where it does not run, no end is expected or the expected one has passed. */
export function etaWords(of: Eta, now: number): string {
  if (of.status !== 'RUNNING') return '';
  const left = millisecondsTo(of.eta_at, now);
  if (left === null || left <= 0) return '';
  const low = millisecondsTo(of.eta_low_at, now);
  const high = millisecondsTo(of.eta_high_at, now);
  if (low === null || high === null || !(high > low)) return timeLeft(of.eta_at, now);
  return rangeWords(left, Math.max(0, low), high);
}

/** In the unit of the likely time, so that the three can be compared at a glance. */
function rangeWords(left: number, low: number, high: number): string {
  if (high >= HOUR_MS) return t('done in about {0}, {1} to {2}', ...[left, low, high].map(rounded));
  if (high < 2 * MINUTE_MS) {
    const [about, least, most] = [left, low, high].map((ms) => Math.ceil(ms / 1000));
    return t('done in about {0} s, {1} to {2}', about ?? 0, least ?? 0, most ?? 0);
  }
  const about = Math.max(1, Math.round(left / MINUTE_MS));
  const least = Math.min(about, Math.floor(low / MINUTE_MS));
  const most = Math.max(about, Math.ceil(high / MINUTE_MS));
  return t('done in about {0} min, {1} to {2}', about, least, most);
}

/** Hours are not known to the second. */
function rounded(ms: number): string {
  return duration(Math.round(ms / MINUTE_MS) * MINUTE_MS);
}

/** For the hover: the time of day, how sure it is, and what it is worked out from. Empty where no end is expected. */
export function etaDetail(of: Eta, now: number): string {
  if (of.status !== 'RUNNING' || of.eta_at === null) return '';
  const clock = (time: string): string => clockTime(time, now);
  const { eta_low_at: low, eta_high_at: high } = of;
  const between =
    low === null || high === null
      ? []
      : [t('In 8 of 10 cases it ends between {0} and {1}.', clock(low), clock(high))];
  const parts = [t('Expected to end at {0}.', clock(of.eta_at)), ...between, ...basisWords(of)];
  return parts.join(' ');
}

function basisWords({ eta_basis: basis }: Eta): string[] {
  switch (basis) {
    case 'history':
      return [t('Worked out from the runs before.')];
    case 'progress':
      return [t('Worked out from its progress alone: no run before tells.')];
    case 'both':
      return [t('Worked out from the runs before and its progress.')];
    case null:
      return [];
  }
}

/** Null where it is not known or no time. */
function millisecondsTo(time: string | null, now: number): number | null {
  const at = time === null ? NaN : Date.parse(time);
  return Number.isFinite(at) ? at - now : null;
}

type Usual = Pick<PhaseRecord, 'expected_ms' | 'expected_low_ms' | 'expected_high_ms'>;

/** `usually 12.1 s, 10.4 s to 14.0 s in 8 of 10 runs`; empty where no run before tells. */
export function usualWords({ expected_ms, expected_low_ms, expected_high_ms }: Usual): string {
  if (expected_ms === null) return '';
  if (expected_low_ms === null || expected_high_ms === null)
    return t('usually takes {0}', duration(expected_ms));
  const [usual, low, high] = [expected_ms, expected_low_ms, expected_high_ms].map(duration);
  return t('usually takes {0}, {1} to {2} in 8 of 10 runs', usual ?? '', low ?? '', high ?? '');
}
