/**
 * How well ends of the runs of a pipeline were foretold: what the width of its ranges follows from. It follows from what was
 * said at the time, so no event tells of it; where the tables are made anew, it begins anew.
 */
import { Table } from './table.ts';

export interface ForecastState {
  /** Scores of forecasts by analysis/expected/calibration.ts, the newest last; 60 at most. */
  scores: number[];
}

/** Pipelines with scores: a row is some 400 bytes. */
const MOST_PIPELINES = 500;

export function forecastsTable(): Table<ForecastState> {
  const make = () => ({ scores: [] });
  return new Table<ForecastState>({ name: 'forecasts', limit: MOST_PIPELINES, pageRows: 20, make });
}
