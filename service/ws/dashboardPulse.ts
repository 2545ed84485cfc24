/** When the message DashboardUpdate goes out, and what it says: at most once a second, only after something changed. */
import { activeSeverity } from '../core/alertView.ts';
import { deriveJob } from '../core/derive.ts';
import { systemMetrics } from '../core/domain/system.ts';
import type { Model } from '../core/fold.ts';
import type { DashboardState } from '../protocol/message.ts';

const EVERY_MS = 1000;

export class DashboardPulse {
  readonly #send: () => void;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = -Infinity;

  constructor(send: () => void) {
    this.#send = send;
  }

  changed(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#sentAt + EVERY_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sentAt = performance.now();
      this.#send();
    }, wait);
  }

  /** Until the next change. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** `now` is in epoch milliseconds. */
export function dashboardState(model: Model, now: number): DashboardState {
  const { queue_sizes: _, ...system } = systemMetrics(model.domain, now);
  const jobs = [...model.jobs.values()].map((job) => deriveJob(job).status);
  for (const { status } of model.finished.values()) jobs.push(status);
  const alerts = [...model.alerts.values()].flatMap((alert) => activeSeverity(alert) ?? []);
  return {
    ...system,
    total_jobs: jobs.length,
    jobs: counted(jobs),
    active_alerts: alerts.length,
    alerts: counted(alerts),
  };
}

function counted<T extends string>(values: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
