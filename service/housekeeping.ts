/** Lets go, once a minute, of what is older or more than the configuration keeps, and counts it. */
import type { Clock } from './clock.ts';
import { retainDefinitions } from './core/domain/definitions.ts';
import { retainNotifications } from './core/domain/notification.ts';
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
    // Other limits count at once.
    parts.settings.onChange(() => (this.#at = -Infinity));
  }

  /** To be called every second, with the time in epoch milliseconds. */
  tick(now: number, touched: Touched): void {
    const elapsed = this.#parts.clock.elapsed();
    if (elapsed - this.#at <= EVERY_MS) return;
    // A pass takes a part of what has to go: the rest goes a second later, not a minute.
    this.#at = this.#clean(now, touched) > 0 ? -Infinity : elapsed;
  }

  /** How much it took out. */
  #clean(now: number, touched: Touched): number {
    const { model, keeper, settings } = this.#parts;
    const { retention: limits } = settings.config;
    const gone = retain(model, { limits, now }, touched);
    keeper.countDropped('jobs', gone.jobs.length);
    keeper.countDropped('alerts', gone.alerts.length);
    keeper.removed(gone.jobs);
    const tasks = retainTasks(model.domain, limits, now, touched);
    const workers = retainWorkers(model.domain, limits.job_days, now, touched);
    keeper.countDropped('tasks', tasks);
    keeper.countDropped('workers', workers);
    const notifications = retainNotifications(model.domain.notifications, now);
    keeper.countDropped('notifications', notifications);
    const definitions = retainDefinitions(model.domain.definitions, limits, now);
    for (const of of definitions) touched.definitions.add(of);
    keeper.countDropped('definitions', definitions.length);
    return gone.jobs.length + gone.alerts.length + tasks + workers + definitions.length;
  }
}
