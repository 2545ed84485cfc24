/** What is found in series as their points come: anomalies, and limits ahead. Both see the same values. */
import type { Findings } from '../analysis/findings.ts';
import type { Model } from '../core/fold.ts';
import type { Touched } from '../core/touched.ts';
import type { Logger } from '../logger.ts';
import type { SeriesStore } from '../series/store.ts';
import { AnomalyWatch } from './anomalies.ts';
import { PredictionWatch, type RulesInEffect } from './predictions.ts';
import { Pulse } from './pulse.ts';
import { Remembering } from './remembering.ts';
import { Runs } from './runs.ts';

export interface SeriesWatchSources {
  findings: Findings;
  model: Pick<Model, 'jobs' | 'domain'>;
  rules: RulesInEffect;
  series: Pick<SeriesStore, 'follow' | 'archive' | 'tiers'>;
  logger: Pick<Logger, 'warn'>;
  /** Epoch milliseconds. */
  now: () => number;
}

export class SeriesWatch {
  readonly anomalies: AnomalyWatch;
  readonly predictions: PredictionWatch;
  readonly remembering: Remembering;
  readonly #pulse: Pulse;
  readonly #runs: Runs;

  constructor(sources: SeriesWatchSources) {
    const { series, now, model, findings, rules } = sources;
    const runs = new Runs(model);
    this.#runs = runs;
    this.remembering = new Remembering(sources);
    this.anomalies = new AnomalyWatch({ findings, runs, remembering: this.remembering });
    this.predictions = new PredictionWatch({ findings, runs, rules });
    this.#pulse = new Pulse(series, { now, expects: (one) => runs.expects(one) });
  }

  /** Points that were not looked at, because they were too old when they came. */
  get late(): number {
    return this.#pulse.late;
  }

  changed({ jobs, removedJobs }: Pick<Touched, 'jobs' | 'removedJobs'>): void {
    this.#runs.changed(jobs);
    this.#runs.changed(removedJobs);
  }

  tick(now: number): void {
    this.#pulse.tick(now, (course, beat) => {
      this.anomalies.take(course, beat, now);
      if (course.as === 'values') this.predictions.take(course, beat, now);
    });
    this.anomalies.tick(now);
    this.predictions.tick(now);
  }

  async close(): Promise<void> {
    await this.remembering.close();
  }
}
