import { SeriesStore, type SeriesStoreOptions } from '../../../service/series/store.ts';
import type { SeriesHandle } from '../../../service/series/series.ts';
import type { SeriesReader } from '../../../service/series/types.ts';
import type { Aggregation, SeriesKind } from '../../../service/protocol/aggregation.ts';

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** Begins a day, an hour, a minute. */
export const NOW = Date.UTC(2026, 5, 15);

export const LIMITS = { max_series: 100, max_per_metric: 50, system_hours: 24, series_days: 30 };

/** A clock that stands until a test moves it. */
export class TestClock {
  now = NOW;
  readonly read = (): number => this.now;
}

export function makeStore(
  clock: TestClock = new TestClock(),
  options: Partial<SeriesStoreOptions> = {},
): SeriesStore {
  return new SeriesStore({ ...LIMITS, clock: clock.read, ...options });
}

export function handleOf(
  store: SeriesStore,
  metric = 'm',
  { kind = 'gauge', labels = {} }: { kind?: SeriesKind; labels?: Record<string, string> } = {},
): SeriesHandle {
  const handle = store.seriesOf(metric, labels, kind);
  if (handle === null) throw new Error('There is no room.');
  return handle;
}

export interface Asked {
  metric?: string;
  from: number;
  to: number;
  step: number;
  aggregation?: Aggregation;
  labels?: Record<string, string>;
  group_by?: string[];
}

export function ask(store: SeriesReader, { metric = 'm', from, to, step, ...rest }: Asked) {
  const { aggregation = 'avg', labels = {}, group_by = [] } = rest;
  return store.query({ metric, from, to, step_ms: step, aggregation, labels, group_by });
}

/** The points of the only line. */
export async function lineOf(store: SeriesReader, asked: Asked): Promise<[number, number][]> {
  const { series } = await ask(store, asked);
  if (series.length > 1) throw new Error(`${series.length} lines, not one.`);
  return series[0]?.points ?? [];
}

/** Hyndman and Fan's type 7, as numpy has it. */
export function exactQuantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}
