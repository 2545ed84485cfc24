/** The roll-ups: how wide their buckets are, how long they are kept, and how much time one file of theirs spans. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Points further ahead of the clock are refused. */
export const MAX_AHEAD_MS = 24 * HOUR;

export interface Tier {
  /** Names its files. */
  name: string;
  /** Milliseconds of a bucket. Each tier's is a multiple of the one before. */
  width: number;
  /** Milliseconds that one file spans. */
  window: number;
  /** Milliseconds that buckets are kept. */
  retention: number;
}

/** When the stretch of a file ends, in epoch milliseconds. */
export function windowEnd(tier: Tier, window: number): number {
  return (window + 1) * tier.window;
}

export interface SeriesRetention {
  /** Hours at 10 seconds a bucket. */
  system_hours: number;
  /** Days at one minute a bucket, at most 7; then a label set that is not used any more may make room for a new one. */
  series_days: number;
}

/** 10 s, 1 min, 1 h and 1 day; none is kept for a shorter time than the one before. */
export function makeTiers({ system_hours, series_days }: SeriesRetention): readonly Tier[] {
  const fine = system_hours * HOUR;
  const minutes = Math.max(fine, Math.min(7, series_days) * DAY);
  const hours = Math.max(minutes, 90 * DAY, series_days * DAY);
  return [
    { name: '10s', width: 10 * SECOND, window: HOUR, retention: fine },
    { name: '1m', width: MINUTE, window: 6 * HOUR, retention: minutes },
    { name: '1h', width: HOUR, window: 30 * DAY, retention: hours },
    { name: '1d', width: DAY, window: 365 * DAY, retention: Math.max(hours, 730 * DAY) },
  ];
}
