/** Counts of one minute, hour or day, by the times of the events; or of all time. */
import type { PeriodStatistics } from '../../protocol/domain.ts';
import { type Quantiles, countValue, newQuantiles, quantilesOf } from './quantiles.ts';
import type { Table } from './table.ts';
import { timeText } from '../view.ts';
import { meanOf, round, roundOrNull } from './values.ts';

interface Times {
  /** Milliseconds. */
  sum: number;
  values: Quantiles;
}

export interface Bucket {
  /** Epoch milliseconds. */
  begin: number;
  submitted: number;
  completed: number;
  failed: number;
  retried: number;
  timed_out: number;
  processing: Times;
  wait: Times;
}

export function newBucket(begin: number): Bucket {
  return {
    begin,
    submitted: 0,
    completed: 0,
    failed: 0,
    retried: 0,
    timed_out: 0,
    processing: { sum: 0, values: newQuantiles() },
    wait: { sum: 0, values: newQuantiles() },
  };
}

/** True for a bucket whose events turned out to belong to another. */
export function isEmpty({ submitted, completed, failed, retried, wait }: Bucket): boolean {
  return submitted + completed + failed + retried + wait.values.count === 0;
}

export function countTime(times: Times, milliseconds: number, amount: 1 | -1): void {
  times.sum += milliseconds * amount;
  countValue(times.values, milliseconds, amount);
}

/** Buckets of one width: rows of a table, named by the RFC 3339 time of their begin. */
export class Buckets {
  readonly table: Table<Bucket>;
  readonly #width_ms: number;
  #last = { begin: Number.NaN, id: '' };

  constructor(table: Table<Bucket>, width_ms: number) {
    this.table = table;
    this.#width_ms = width_ms;
  }

  /**
   * The bucket of `time`, to be changed; null when it is not kept. The table keeps its latest buckets: one that had to
   * leave never comes back, so nothing is taken out of a bucket that it was not put into.
   */
  at(time: number): Bucket | null {
    const begin = Math.floor(time / this.#width_ms) * this.#width_ms;
    const id = this.#idOf(begin);
    const { table } = this;
    if (table.get(id) === undefined && table.rows.size >= table.limit) {
      const oldest = oldestOf(table);
      if (oldest === null || begin < oldest.begin) return null;
      table.delete(timeText(oldest.begin));
    }
    return table.change(id);
  }

  /** Most events are of the bucket of the one before. */
  #idOf(begin: number): string {
    if (this.#last.begin !== begin) this.#last = { begin, id: timeText(begin) };
    return this.#last.id;
  }
}

function oldestOf(table: Table<Bucket>): Bucket | null {
  let oldest: Bucket | null = null;
  for (const bucket of table.rows.values())
    if (oldest === null || bucket.begin < oldest.begin) oldest = bucket;
  return oldest;
}

const HOUR_MS = 3_600_000;

/** What the counts say of the time from `from` to `to` (epoch milliseconds). */
export function bucketRecord(bucket: Bucket, from: number, to: number): PeriodStatistics {
  const { submitted, completed, failed, retried, timed_out, processing, wait } = bucket;
  const [p50 = null, p95 = null, p99 = null] = quantilesOf(processing.values, 0.5, 0.95, 0.99);
  const ended = completed + failed;
  return {
    from: timeText(from),
    to: timeText(to),
    tasks_submitted: submitted,
    tasks_completed: completed,
    tasks_failed: failed,
    tasks_retried: retried,
    tasks_timed_out: timed_out,
    average_task_duration_ms: roundOrNull(meanOf(processing.sum, processing.values.count)),
    p50_task_duration_ms: roundOrNull(p50),
    p95_task_duration_ms: roundOrNull(p95),
    p99_task_duration_ms: roundOrNull(p99),
    average_queue_wait_ms: roundOrNull(meanOf(wait.sum, wait.values.count)),
    p95_queue_wait_ms: roundOrNull(quantilesOf(wait.values, 0.95)[0] ?? null),
    throughput_per_hour: to > from ? round((completed * HOUR_MS) / (to - from)) : 0,
    error_rate: roundOrNull(meanOf(failed, ended)),
    timeout_rate: roundOrNull(meanOf(timed_out, ended)),
    retry_rate: roundOrNull(meanOf(retried, submitted)),
  };
}
