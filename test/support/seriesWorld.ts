import assert from 'node:assert/strict';
import { SeriesWatch } from '../../service/analyst/seriesWatch.ts';
import { Findings } from '../../service/analysis/findings.ts';
import { Model } from '../../service/core/fold.ts';
import { newTouched } from '../../service/core/touched.ts';
import type { Event } from '../../service/protocol/event.ts';
import type { Rule } from '../../service/protocol/rule.ts';
import { SeriesStore } from '../../service/series/store.ts';
import type { Point } from '../../service/series/types.ts';

export const START = Date.UTC(2026, 0, 15);
export const LIMITS = { max_series: 5000, max_per_metric: 5000, system_hours: 24, series_days: 30 };

export type Value = Pick<Point, 'metric' | 'value'> & Partial<Point>;

type Told = { type: Event['type'] } & Record<string, unknown>;

/** A watch over a store, and a clock that goes on by a second at a time. */
export class World {
  now: number;
  readonly findings = new Findings();
  readonly rules = { rules: [] as Rule[], version: 1 };
  readonly model = new Model();
  readonly store: SeriesStore;
  readonly watch: SeriesWatch;
  #seq = 0;

  /** `begin` is the time of a start; `store` makes one that has a past, given a clock. */
  constructor(
    begin = START,
    store = (clock: () => number) => new SeriesStore({ ...LIMITS, clock }),
  ) {
    this.now = begin;
    this.store = store(() => this.now);
    this.watch = new SeriesWatch({
      ...{ series: this.store, findings: this.findings, rules: this.rules, model: this.model },
      now: () => this.now,
      logger: { warn: (sentence: string) => assert.fail(sentence) },
    });
  }

  seconds(count: number, values: (second: number) => Value[]): void {
    for (let i = 0; i < count; i++) {
      this.now += 1000;
      for (const value of values((this.now - START) / 1000))
        this.store.append({ labels: {}, kind: 'gauge', time: this.now, ...value });
      this.watch.tick(this.now);
    }
  }

  /** What pipelines say, now where it says no time. */
  tell(...events: Told[]): void {
    const touched = newTouched();
    for (const told of events) {
      const event = { id: String(++this.#seq), time: this.now, ...told } as Event;
      this.model.apply({ seq: this.#seq, received_at: this.now, event }, touched);
    }
    this.watch.changed(touched);
  }

  all(kind: string) {
    return [...this.findings.open(), ...this.findings.ended()].filter((one) => one.kind === kind);
  }
}
