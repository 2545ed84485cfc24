/** Lets go, once a minute, of what is older or more than the configuration keeps, and counts it. */
import type { Clock } from './clock.ts';
import { retainTasks, retainWorkers } from './core/domain/retention.ts';
import type { Model } from './core/fold.ts';
import { retain } from './core/retention.ts';
import type { Touched } from './core/touched.ts';
import type { Settings } from './settings.ts';
import type { Keeper } from './storage/keeper.ts';

export interface HousekeepingParts {
  model: Model;
  keeper: Keeper;
  settings: Settings;
  clock: Clock;
}

const EVERY_MS = 60_000;

export class Housekeeping {
  readonly #parts: HousekeepingParts;
  #at = 0;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
  }

  /** To be called every second, with the time in epoch milliseconds. */
  tick(now: number, touched: Touched): void {
    const elapsed = this.#parts.clock.elapsed();
    if (elapsed - this.#at <= EVERY_MS) return;
    this.#at = elapsed;
    this.#clean(now, touched);
  }

  #clean(now: number, touched: Touched): void {
    const { model, keeper, settings } = this.#parts;
    const { retention: limits } = settings.config;
    const gone = retain(model, { limits, now }, touched);
    keeper.countDropped('jobs', gone.jobs.length);
    keeper.countDropped('alerts', gone.alerts.length);
    keeper.removed(gone.jobs);
    keeper.countDropped('tasks', retainTasks(model.domain, limits, now, touched));
    keeper.countDropped('workers', retainWorkers(model.domain, limits.job_days, now, touched));
  }
}
