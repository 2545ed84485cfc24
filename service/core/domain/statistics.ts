/** Questions to the statistics of tasks by minute, hour and day, and of all time. Pure. */
import type { PeriodStatistics } from '../../protocol/domain.ts';
import { bucketRecord, isEmpty, newBucket } from './bucket.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Tables } from './tables.ts';

export type Period = 'minute' | 'hour' | 'day';

const WIDTHS: Record<Period, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

/** Periods (UTC) that overlap from <= time < to (epoch milliseconds), oldest first; those without data are absent. */
export function periodStatistics(
  tables: Tables,
  period: Period,
  { from, to }: { from: number; to: number },
): PeriodStatistics[] {
  const width = WIDTHS[period];
  return [...tables[`${period}s`].rows.values()]
    .filter((bucket) => bucket.begin + width > from && bucket.begin < to && !isEmpty(bucket))
    .sort((a, b) => a.begin - b.begin)
    .map((bucket) => bucketRecord(bucket, bucket.begin, bucket.begin + width));
}

/** The same of all time: from the first day that is known to `now` (epoch milliseconds), or to the last of its days. */
export function totals(tables: Tables, now?: number): PeriodStatistics {
  const bucket = tables.totals.get('all') ?? newBucket(0);
  const known = [...tables.days.rows.values()].filter((day) => !isEmpty(day));
  const days = known.map(({ begin }) => begin);
  const from = days.length === 0 ? (now ?? 0) : Math.min(...days);
  const to = now ?? Math.max(from, ...days.map((begin) => begin + DAY_MS));
  return bucketRecord(bucket, from, Math.max(from, to));
}
