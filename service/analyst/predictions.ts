/** Watches the series that have a limit, and says when they will be there. */
import { totalmem } from 'node:os';
import { amount } from '../alerts/rules/words.ts';
import { RunningMean } from '../analysis/anomalies/runningMean.ts';
import type { Findings } from '../analysis/findings.ts';
import { type Ending, type Forecast, Forecaster } from '../analysis/predictions/forecast.ts';
import type { Approach } from '../analysis/predictions/outlook.ts';
import type { Model } from '../core/fold.ts';
import { duration } from '../protocol/describe.ts';
import type { Finding } from '../protocol/finding.ts';
import type { Rule } from '../protocol/rule.ts';
import type { Series } from '../series/series.ts';
import { aboutOf, keyOf, titleOf, unitOf } from './about.ts';
import { type NamedLimit, limitsOf } from './limits.ts';

/** Most series of which the future is looked at. */
const MOST_SERIES = 500;
/** Between two looks at the same series. */
const JUDGE_MS = 2000;
const MEAN_POINTS = 100;
const MB = 1024 * 1024;

export interface PredictionSources {
  findings: Findings;
  model: Pick<Model, 'jobs'>;
  /** The rules in effect, and a number that changes with them. */
  rules: { readonly rules: readonly Rule[]; readonly version: number };
}

interface Watched {
  series: Series;
  forecaster: Forecaster;
  limits: NamedLimit[];
  /** Of the rules that the limits are of. */
  version: number;
  value: number;
  /** The mean of its newest values: on which side of it the value lies says where it goes. */
  mean: RunningMean;
  judgedAt: number;
  said: { id: string; limit: NamedLimit } | null;
}

export class PredictionWatch {
  readonly #sources: PredictionSources;
  readonly #watched = new Map<number, Watched>();
  /** Series without a limit, of the rules of this version. */
  #free = new Set<number>();
  #version = -1;
  /** Series with a limit that found no room. */
  leftOut = 0;

  constructor(sources: PredictionSources) {
    this.#sources = sources;
  }

  get watched(): number {
    return this.#watched.size;
  }

  take(series: Series, { time, value }: { time: number; value: number }): void {
    const { version } = this.#sources.rules;
    if (version !== this.#version) {
      [this.#version, this.#free, this.leftOut] = [version, new Set(), 0];
    }
    if (this.#free.has(series.id)) return;
    const watched = this.#watched.get(series.id) ?? this.#watch(series);
    if (watched === null) return;
    watched.forecaster.add(time, value);
    watched.value = value;
    watched.mean.add(value);
  }

  tick(now: number): void {
    for (const [id, watched] of this.#watched) {
      if (now - watched.judgedAt < JUDGE_MS) continue;
      watched.judgedAt = now;
      if (watched.version !== this.#version) this.#renew(id, watched);
      this.#judge(watched, now);
    }
  }

  /** The series is gone. */
  forget(series_id: number, now: number): void {
    const watched = this.#watched.get(series_id);
    if (watched !== undefined) this.#end(watched, now, 'silent');
    this.#watched.delete(series_id);
    this.#free.delete(series_id);
  }

  #watch(series: Series): Watched | null {
    const limits = this.#limitsOf(series);
    if (limits.length === 0 || this.#watched.size >= MOST_SERIES) {
      if (limits.length > 0) this.leftOut++;
      this.#free.add(series.id);
      return null;
    }
    const watched: Watched = {
      ...{ series, limits, forecaster: new Forecaster(), version: this.#version },
      ...{ value: Number.NaN, mean: new RunningMean(MEAN_POINTS), judgedAt: -Infinity, said: null },
    };
    this.#watched.set(series.id, watched);
    return watched;
  }

  /** Rules changed. */
  #renew(id: number, watched: Watched): void {
    watched.version = this.#version;
    watched.limits = this.#limitsOf(watched.series);
    if (watched.limits.length === 0 && watched.said === null) this.#watched.delete(id);
  }

  #limitsOf(series: Series): NamedLimit[] {
    const { rules } = this.#sources.rules;
    return limitsOf(series, { rules, memory_mb: totalmem() / MB });
  }

  #judge(watched: Watched, now: number): void {
    const { said, forecaster } = watched;
    const limit = nextLimit(watched);
    const isOther = limit?.value !== said?.limit.value || limit?.rule_id !== said?.limit.rule_id;
    if (said !== null && isOther)
      this.#end(watched, now, passed(watched.value, said.limit) ? 'reached' : 'broken');
    if (limit === null) return;
    const forecast = forecaster.judge(limit, now);
    if (forecast.is === 'open') this.#say(watched, limit, forecast, now);
    else if (forecast.why !== null) this.#end(watched, now, forecast.why);
  }

  #say(
    watched: Watched,
    limit: NamedLimit,
    { approach, since }: Extract<Forecast, { is: 'open' }>,
    now: number,
  ): void {
    const { series, value } = watched;
    const at = new Date(since).toISOString();
    const id = `prediction/${keyOf(series)}/${limit.direction}/${limit.value}/${at}`;
    watched.said = { id, limit };
    const left = Math.max(0, approach.at - now);
    const finding: Finding = {
      ...{ finding_id: id, kind: 'prediction', class: series.metric, impact: null },
      title: `${titleOf(series)} on its way to ${amount(limit.value, unitOf(series))}`,
      sentence: sentenceOf({ series, limit, approach, now }),
      ...{ since: at, noticed_at: at, until: null, ended_why: null },
      ...aboutOf(series, this.#sources.model.jobs.values()),
      ...{ value, threshold: limit.value, measure: left, confidence: approach.confidence },
      evidence: evidenceOf(approach, limit),
    };
    this.#sources.findings.set(finding);
  }

  #end(watched: Watched, now: number, why: Ending): void {
    if (watched.said !== null)
      this.#sources.findings.end(watched.said.id, new Date(now).toISOString(), ENDINGS[why]);
    watched.said = null;
  }
}

const ENDINGS: Record<Ending, string> = {
  broken: 'The trend does not go on.',
  reached: 'The limit is reached.',
  silent: 'No values came any more.',
};

function passed(value: number, { value: limit, direction }: NamedLimit): boolean {
  return direction === 'above' ? value >= limit : value <= limit;
}

/** The nearest limit ahead on the side to which the values go; on the other where this one has none. */
function nextLimit({ limits, value, mean }: Watched): NamedLimit | null {
  const side = value >= mean.mean ? 'above' : 'below';
  const ahead = limits
    .filter((limit) => !passed(value, limit))
    .sort((a, b) => Math.abs(a.value - value) - Math.abs(b.value - value));
  return ahead.find(({ direction }) => direction === side) ?? ahead[0] ?? null;
}

function sentenceOf({
  series,
  limit,
  approach: { at, earliest, latest, per_second, span },
  now,
}: {
  series: Series;
  limit: NamedLimit;
  approach: Approach;
  now: number;
}): string {
  const unit = unitOf(series);
  const [first, last] = [earliest, latest].map((time) => duration(roughly(time - now)));
  const about = duration(roughly(at - now));
  const range = first === last ? '' : ` (${first} to ${last})`;
  const pace = `${amount(Math.abs(per_second) * 60, unit)} a minute`;
  const way = per_second > 0 ? 'grew' : 'fell';
  return `${titleOf(series)} reaches ${amount(limit.value, unit)}, ${limit.name}, in about ${about}${range} if it goes on: it ${way} by ${pace} over the last ${duration(span)}.`;
}

/** To whole seconds below a minute, to whole minutes beyond: more would not be true. */
function roughly(ms: number): number {
  const step = ms < 60_000 ? 1000 : 60_000;
  return Math.max(1, Math.round(ms / step)) * step;
}

function evidenceOf(approach: Approach, limit: NamedLimit): Finding['evidence'] {
  const { at, earliest, latest, per_second, level, span, points } = approach;
  const time = (ms: number) => new Date(Math.min(ms, 8.64e15)).toISOString();
  return {
    ...{ limit: limit.value, limit_name: limit.name, rule_id: limit.rule_id },
    ...{ at: time(at), earliest: time(earliest), latest: time(latest) },
    ...{ per_second, level, span_ms: span, points },
  };
}
