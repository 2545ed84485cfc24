/** Watches the series that have a limit, and says when they will be there. */
import { constrainedMemory } from 'node:process';
import { totalmem } from 'node:os';
import { RunningMean } from '../analysis/anomalies/runningMean.ts';
import type { Findings } from '../analysis/findings.ts';
import { Forecaster } from '../analysis/predictions/forecast.ts';
import { isReached } from '../analysis/predictions/outlook.ts';
import type { Rule } from '../protocol/rule.ts';
import type { Series } from '../series/series.ts';
import { keyOf } from './about.ts';
import type { Course } from './courses.ts';
import { type NamedLimit, limitsOf } from './limits.ts';
import { Places } from './places.ts';
import { ENDINGS, type Why, predictionFinding } from './predictionWords.ts';
import type { Run, Runs } from './runs.ts';

/** Most series of which the future is looked at. */
const MOST_SERIES = 500;
/** Between two looks at the same series. */
const JUDGE_MS = 2000;
const MEAN_POINTS = 100;
const SWEEP_MS = 60_000;
const MB = 1024 * 1024;

/** The rules, and a number that changes with them. */
export interface RulesInEffect {
  readonly rules: readonly Rule[];
  readonly version: number;
}

export interface PredictionSources {
  findings: Findings;
  runs: Runs;
  rules: RulesInEffect;
}

interface Watched {
  course: Course;
  series: Series;
  forecaster: Forecaster;
  limits: NamedLimit[];
  /** Of the rules that the limits are of. */
  version: number;
  value: number;
  /** The mean of its newest values: on which side of it the value lies says where it goes. */
  mean: RunningMean;
  heardAt: number;
  judgedAt: number;
  /** Whose values they are, of a series that runs of a pipeline share; null before it is known. */
  run: Run | 'several' | null;
  said: { id: string; limit: NamedLimit } | null;
}

export class PredictionWatch {
  readonly #sources: PredictionSources;
  readonly #watched = new Places<Watched>(MOST_SERIES, (watched, now) =>
    this.#end(watched, now, 'silent'),
  );
  /** Series without a limit, of the rules of this version. */
  #free = new Set<number>();
  #version = -1;
  #sweptAt = -Infinity;

  constructor(sources: PredictionSources) {
    this.#sources = sources;
  }

  /** Series with a limit that found no room among them. */
  get counts() {
    return { watched: this.#watched.size, left_out: this.#watched.leftOut };
  }

  take(course: Course, { time, value }: { time: number; value: number }, now: number): void {
    const { version } = this.#sources.rules;
    if (version !== this.#version) {
      [this.#version, this.#free] = [version, new Set()];
      this.#watched.forgetLeftOut();
    }
    if (this.#free.has(course.key)) return;
    const watched = this.#watched.get(course.key) ?? this.#watch(course, now);
    if (watched === null) return;
    watched.heardAt = now;
    watched.forecaster.add(time, value);
    watched.value = value;
    watched.mean.add(value);
  }

  tick(now: number): void {
    for (const [key, watched] of this.#watched.entries()) {
      if (now - watched.judgedAt < JUDGE_MS) continue;
      watched.judgedAt = now;
      if (watched.version !== this.#version) this.#renew(key, watched);
      if (this.#isOfOne(watched, now)) this.#judge(watched, now);
    }
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    this.#watched.sweep(now);
  }

  #watch(course: Course, now: number): Watched | null {
    const { key, series } = course;
    const limits = this.#limitsOf(series);
    if (limits.length === 0) {
      this.#free.add(key);
      return null;
    }
    const make = (): Watched => ({
      ...{ course, series, limits, forecaster: new Forecaster(), version: this.#version },
      ...{ value: Number.NaN, mean: new RunningMean(MEAN_POINTS), judgedAt: -Infinity },
      ...{ heardAt: now, run: null, said: null },
    });
    return this.#watched.add(key, series, { now, make });
  }

  /** Rules changed. */
  #renew(key: number, watched: Watched): void {
    watched.version = this.#version;
    watched.limits = this.#limitsOf(watched.series);
    if (watched.limits.length === 0 && watched.said === null) this.#watched.delete(key);
  }

  #limitsOf(series: Series): NamedLimit[] {
    const { rules } = this.#sources.rules;
    return limitsOf(series, { rules, memory_mb: memoryHere() });
  }

  /** What another run did says nothing of this one; false where there is nothing to say of any. */
  #isOfOne(watched: Watched, now: number): boolean {
    const { pipeline } = watched.series.labels;
    if (pipeline === undefined) return true;
    const before = watched.run;
    const run = this.#sources.runs.of(pipeline);
    if (run === null) {
      this.#end(watched, now, 'run_over');
      return before === null;
    }
    watched.run = run;
    if (run === 'several') {
      this.#end(watched, now, 'mixed');
      return false;
    }
    if (before !== null && (before === 'several' || before.job_id !== run.job_id)) {
      this.#end(watched, now, 'run_over');
      [watched.forecaster, watched.mean] = [new Forecaster(), new RunningMean(MEAN_POINTS)];
    }
    return true;
  }

  #judge(watched: Watched, now: number): void {
    const { said, forecaster } = watched;
    const limit = nextLimit(watched);
    const isOther = limit?.value !== said?.limit.value || limit?.rule_id !== said?.limit.rule_id;
    if (said !== null && isOther)
      this.#end(watched, now, isReached(said.limit, watched.value) ? 'reached' : 'broken');
    if (limit === null) return;
    const forecast = forecaster.judge(limit, now);
    if (forecast.is === 'closed') {
      if (forecast.why !== null) this.#end(watched, now, forecast.why);
      return;
    }
    const { approach, since } = forecast;
    const { course, value } = watched;
    const place = `${limit.direction}/${limit.value}/${new Date(since).toISOString()}`;
    const id = `prediction/${keyOf(course)}/${place}`;
    watched.said = { id, limit };
    const { findings, runs } = this.#sources;
    const foreseen = { id, course, limit, approach, since, value };
    findings.set(predictionFinding(foreseen, { now, runs }));
  }

  #end(watched: Watched, now: number, why: Why): void {
    if (watched.said !== null)
      this.#sources.findings.end(watched.said.id, new Date(now).toISOString(), ENDINGS[why]);
    watched.said = null;
  }
}

/** MB that processes of this machine, or of this container where it may have less, can have together. */
function memoryHere(): number {
  const most = constrainedMemory();
  return (most > 0 ? Math.min(most, totalmem()) : totalmem()) / MB;
}

/** The nearest limit ahead on the side to which the values go; on the other where this one has none. */
function nextLimit({ limits, value, mean, run }: Watched): NamedLimit | null {
  const side = value >= mean.mean ? 'above' : 'below';
  const isHere = run !== null && run !== 'several' && run.isHere;
  const ahead = limits
    .filter((limit) => !isReached(limit, value) && (isHere || !limit.onlyHere))
    .sort((a, b) => Math.abs(a.value - value) - Math.abs(b.value - value));
  return ahead.find(({ direction }) => direction === side) ?? ahead[0] ?? null;
}
