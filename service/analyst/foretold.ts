/** What was foretold of jobs that run, and how well that of ended ones of the same pipeline turned out. Bounded. */
import { MOST_SCORES, scoreOf } from '../analysis/expected/calibration.ts';
import type { Rest } from '../analysis/expected/forecast.ts';
import type { ForecastState } from '../core/domain/forecast.ts';
import type { Table } from '../core/domain/table.ts';

/** Forecasts are held against the end after these shares of the expected time. */
const SHARES = [0.25, 0.5, 0.75];
/** Reports of progress of one job: beyond that every other one goes. */
const MOST_REPORTS = 64;
/** More digits say nothing, and are stored. */
const GRAIN = 1000;

interface Running {
  pipeline: string | null;
  forecasts: { at: number; rest: Rest }[];
  reports: { time: number; progress: number }[];
}

interface Subject {
  job_id: string;
  pipeline: string;
  /** Epoch milliseconds. */
  started_at: number;
}

export class Foretold {
  readonly #running = new Map<string, Running>();
  /** Kept with the domain: ranges are as wide after a start as before. */
  readonly #scores: Table<ForecastState>;

  constructor(scores: Table<ForecastState>) {
    this.#scores = scores;
  }

  /** Takes note of what a job said of its progress. */
  progress(job_id: string, time: number, progress: number): void {
    const { reports } = this.#of(job_id);
    const last = reports.at(-1);
    if (last?.progress === progress) return;
    // It began anew.
    if (last && progress < last.progress) reports.length = 0;
    reports.push({ time, progress });
    if (reports.length > MOST_REPORTS)
      reports.splice(0, reports.length, ...reports.filter((_, at) => at % 2 === 1));
  }

  /** The newest report up to a time. */
  earlier(job_id: string, time: number): { time: number; progress: number } | null {
    return this.#running.get(job_id)?.reports.findLast((report) => report.time <= time) ?? null;
  }

  /** Keeps the forecast where the next share of its time has come. */
  note({ job_id, pipeline, started_at }: Subject, at: number, rest: Rest): void {
    const running = this.#of(job_id);
    running.pipeline = pipeline;
    const next = SHARES[running.forecasts.length];
    const elapsed = at - started_at;
    if (next !== undefined && elapsed / (elapsed + rest.ms) >= next)
      running.forecasts.push({ at, rest });
  }

  /** Holds the forecasts of a job against its end; null where it did not end as it should. */
  ended(job_id: string, ended_at: number | null): void {
    const running = this.#running.get(job_id);
    this.#running.delete(job_id);
    if (!running || running.pipeline === null || ended_at === null) return;
    const turned = running.forecasts.flatMap(({ at, rest }) =>
      ended_at > at ? [Math.round(GRAIN * scoreOf(rest, ended_at - at)) / GRAIN] : [],
    );
    if (turned.length > 0) this.#keep(running.pipeline, turned);
  }

  /** The row comes last in the order: the one that was first is the one that nobody ran for longest. */
  #keep(pipeline: string, turned: readonly number[]): void {
    const scores = [...this.scores(pipeline), ...turned].slice(-MOST_SCORES);
    const { rows, limit } = this.#scores;
    const [oldest] = rows.keys();
    if (rows.has(pipeline)) this.#scores.delete(pipeline);
    else if (rows.size >= limit && oldest !== undefined) this.#scores.delete(oldest);
    const row = this.#scores.change(pipeline);
    if (row !== null) row.scores = scores;
  }

  scores(pipeline: string): readonly number[] {
    return this.#scores.get(pipeline)?.scores ?? [];
  }

  #of(job_id: string): Running {
    const held = this.#running.get(job_id);
    if (held) return held;
    const made: Running = { pipeline: null, forecasts: [], reports: [] };
    this.#running.set(job_id, made);
    return made;
  }
}
