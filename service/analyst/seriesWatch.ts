/** What is found in series as their points come: anomalies, and limits ahead. Both see the same values. */
import type { SeriesStore } from '../series/store.ts';
import { AnomalyWatch } from './anomalies.ts';
import { type PredictionSources, PredictionWatch } from './predictions.ts';
import { Pulse } from './pulse.ts';

export interface SeriesWatchSources extends PredictionSources {
  series: Pick<SeriesStore, 'follow'>;
  /** Epoch milliseconds. */
  now: () => number;
}

export class SeriesWatch {
  readonly anomalies: AnomalyWatch;
  readonly predictions: PredictionWatch;
  readonly #pulse: Pulse;

  constructor(sources: SeriesWatchSources) {
    const { series, now } = sources;
    this.anomalies = new AnomalyWatch(sources);
    this.predictions = new PredictionWatch(sources);
    this.#pulse = new Pulse(series, {
      now,
      forget: (id) => {
        this.anomalies.forget(id, now());
        this.predictions.forget(id, now());
      },
    });
  }

  tick(now: number): void {
    this.#pulse.tick(now, (series, time, value) => {
      this.anomalies.take(series, { time, value, now });
      this.predictions.take(series, { time, value });
    });
    this.anomalies.tick(now);
    this.predictions.tick(now);
  }
}
