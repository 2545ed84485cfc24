/** What may go: finished jobs beyond age and number, alerts that have been resolved for long. */
import type { Model } from './fold.ts';
import type { AlertState } from './model.ts';
import type { Touched } from './touched.ts';

export interface RetentionLimits {
  jobs: number;
  job_days: number;
  alert_days: number;
}

const DAY_MS = 86_400_000;
/** At most so many go at a time, so that no pass is long. */
const A_PASS = 500;
/** Resolved alerts beyond so many of all are removed whatever their age: they are all written with every checkpoint. */
const MANY_ALERTS = 2000;

/** Takes what has expired out of the model; the ids of what went. */
export function retain(
  model: Model,
  { limits, now }: { limits: RetentionLimits; now: number },
  touched: Touched,
): { jobs: string[]; alerts: string[] } {
  const jobs = expiredJobs(model, limits, now);
  for (const id of jobs) model.forgetJob(id, touched);
  const alerts = expiredAlerts(model, limits, now);
  for (const id of alerts) model.forgetAlert(id, touched);
  return { jobs, alerts };
}

/** Ids of stored jobs to remove, the ones that ended first. */
function expiredJobs(model: Model, limits: RetentionLimits, now: number): string[] {
  const surplus = model.finished.size - limits.jobs;
  const oldest = now - limits.job_days * DAY_MS;
  const expired: string[] = [];
  // Rows are in the order in which jobs were stored: near enough to the order of their ends.
  for (const row of model.finished.values()) {
    if (expired.length >= A_PASS) break;
    // A run of last year that was imported today is not of interest for a minute only.
    const last = Math.max(
      Date.parse(row.ended_at ?? row.last_seen_at),
      Date.parse(row.last_seen_at),
    );
    if (expired.length < surplus || last < oldest) expired.push(row.job_id);
    else if (last > oldest + DAY_MS) break;
  }
  return expired;
}

/** Ids of alerts to remove. */
function expiredAlerts(model: Model, limits: RetentionLimits, now: number): string[] {
  const oldest = now - limits.alert_days * DAY_MS;
  const over = model.alerts.size - MANY_ALERTS;
  const expired: string[] = [];
  for (const alert of model.alerts.values()) {
    const ended = endOf(alert);
    if (ended !== undefined && (ended < oldest || expired.length < over))
      expired.push(alert.alert_id);
  }
  return expired;
}

/** Of one that may go; what was said of an alert after it had gone is no alert. */
function endOf({ raised, cleared, resolved }: AlertState): number | undefined {
  return cleared || raised === null ? 0 : resolved?.time;
}
