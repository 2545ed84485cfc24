/** Lists of jobs and alerts for answers and frames: filters first, then order. */
import type { AlertRecord, JobRecord } from '../protocol/record.ts';
import { type JobOrder, type Severity, isEnded, severityRank } from '../protocol/states.ts';
import { deriveJob } from './derive.ts';
import type { Model } from './fold.ts';
import { alertRecord } from './alertView.ts';
import { type JobFilter, inJobOrder, jobMatcher, startOf } from './jobFilter.ts';
import { jobRecord, pipelineOf } from './view.ts';

/** The record of a job, wherever it is; null for an unknown one. */
export function findJob(model: Model, job_id: string): JobRecord | null {
  const job = model.jobs.get(job_id);
  if (job) return jobRecord(job, model.activeAlerts(job_id));
  return model.finished.get(job_id) ?? null;
}

/** Running jobs first, then the newest; or in another order. */
export function listJobs(model: Model, filter: JobFilter = {}, order?: JobOrder): JobRecord[] {
  const matches = jobMatcher(filter);
  // Stored rows are kept in the order in which they ended.
  const stored = [...model.finished.values()].reverse();
  const found = [...liveJobs(model), ...stored].filter(matches);
  return order === undefined ? found : inJobOrder(found, order);
}

/** The newest `limit` jobs: what a window starts with. */
export function newestJobs(model: Model, limit: number): JobRecord[] {
  const stored = [...model.finished.values()].slice(-limit).reverse();
  return [...liveJobs(model), ...stored].slice(0, limit);
}

/** Each pipeline's job that started last, newest pipeline first. */
export function newestOfPipelines(model: Model): Map<string, string> {
  const newest = new Map<string, Started>();
  const see = (pipeline: string, one: Started) => {
    const held = newest.get(pipeline);
    if (held === undefined || newestFirst(one, held) < 0) newest.set(pipeline, one);
  };
  for (const row of model.finished.values())
    see(row.pipeline, { job_id: row.job_id, started: startOf(row) });
  for (const job of model.jobs.values())
    see(pipelineOf(job), {
      job_id: job.job_id,
      started: deriveJob(job).started_at ?? job.last_seen,
    });
  const sorted = [...newest].sort(([, a], [, b]) => newestFirst(a, b));
  return new Map(sorted.map(([pipeline, { job_id }]) => [pipeline, job_id]));
}

interface Started {
  job_id: string;
  started: number;
}

function newestFirst(a: Started, b: Started): number {
  return b.started - a.started || (a.job_id < b.job_id ? -1 : 1);
}

/** Jobs in memory: running ones first, then the newest. */
function liveJobs(model: Model): JobRecord[] {
  const live = [...model.jobs.values()].map((job) => {
    const record = jobRecord(job, model.activeAlerts(job.job_id));
    const { job_id, status } = record;
    return { record, job_id, started: startOf(record), ended: Number(isEnded(status)) };
  });
  // Jobs of the same instant have an order as well, so that a restart changes none.
  live.sort((a, b) => a.ended - b.ended || newestFirst(a, b));
  return live.map(({ record }) => record);
}

/** How far an alert has come; what is pending is no alert yet: its rule counts it. */
export const ALERT_STAGES = ['active', 'acknowledged', 'resolved'] as const;
export type AlertStage = (typeof ALERT_STAGES)[number];

function stageOf({ active, acknowledged }: AlertRecord): AlertStage {
  if (!active) return 'resolved';
  return acknowledged ? 'acknowledged' : 'active';
}

export interface AlertFilter {
  job_id?: string | undefined;
  severity?: Severity | readonly Severity[] | undefined;
  acknowledged?: boolean | undefined;
  active?: boolean | undefined;
  /** Any of these. */
  state?: readonly AlertStage[] | undefined;
  /** `external`: those that no rule raised. */
  rule?: string | undefined;
  component?: string | undefined;
  /** Anywhere in title, description, component or job, whatever the case. */
  text?: string | undefined;
  /** Epoch milliseconds: alerts raised in between. */
  from?: number | undefined;
  to?: number | undefined;
}

/** Active ones first, worst first, newest first. */
export function listAlerts(model: Model, filter: AlertFilter = {}): AlertRecord[] {
  const alerts = [...model.alerts.values()].flatMap((alert) => alertRecord(alert) ?? []);
  return inAlertOrder(alerts.filter(alertMatcher(filter)));
}

/** Those raised last first. */
export function newestAlerts(model: Model, filter: AlertFilter = {}): AlertRecord[] {
  const key = ({ raised_at, alert_id }: AlertRecord) => `${raised_at}\n${alert_id}`;
  return listAlerts(model, filter).sort((a, b) => (key(a) > key(b) ? -1 : 1));
}

/** Those acknowledged longest ago first; the others follow, as `listAlerts` has them. */
export function acknowledgedAlerts(model: Model, filter: AlertFilter = {}): AlertRecord[] {
  const since = ({ acknowledged_at }: AlertRecord) =>
    acknowledged_at === null ? Infinity : Date.parse(acknowledged_at);
  return listAlerts(model, filter).sort((a, b) =>
    since(a) === since(b) ? 0 : since(a) - since(b),
  );
}

function alertMatcher(filter: AlertFilter): (alert: AlertRecord) => boolean {
  const { job_id, severity, acknowledged, active, from = -Infinity, to = Infinity } = filter;
  const severities = severity === undefined ? undefined : [severity].flat();
  const wanted = filter.text?.toLowerCase();
  const isIn = (alert: AlertRecord) => {
    const raised = Date.parse(alert.raised_at);
    return raised >= from && raised <= to;
  };
  return (alert) =>
    (job_id === undefined || alert.job_id === job_id) &&
    (severities?.includes(alert.severity) ?? true) &&
    (acknowledged === undefined || alert.acknowledged === acknowledged) &&
    (active === undefined || alert.active === active) &&
    (filter.state?.includes(stageOf(alert)) ?? true) &&
    (filter.rule === undefined || (alert.rule ?? 'external') === filter.rule) &&
    (filter.component === undefined || alert.component === filter.component) &&
    (wanted === undefined || searchable(alert).includes(wanted)) &&
    isIn(alert);
}

function searchable({ title, description, component, component_id, job_id }: AlertRecord): string {
  return [title, description, component, component_id, job_id].join('\n').toLowerCase();
}

/** A sorted copy: active ones first, worst first, newest first. */
export function inAlertOrder(alerts: readonly AlertRecord[]): AlertRecord[] {
  const ranked = alerts.map((alert) => ({
    alert,
    active: Number(alert.active),
    severity: severityRank(alert.severity),
    raised: Date.parse(alert.raised_at),
  }));
  ranked.sort((a, b) => b.active - a.active || b.severity - a.severity || b.raised - a.raised);
  return ranked.map(({ alert }) => alert);
}
