/** Frames out of the model: what changed, for a set of topics. */
import { findJob, newestJobs } from '../core/list.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import { outlookOf } from '../core/outlook.ts';
import {
  artifactRecords,
  logRecords,
  phaseRecords,
  resourceSamples,
  subPhaseRecords,
} from '../core/queries.ts';
import type { Touched } from '../core/touched.ts';
import { alertRecord } from '../core/alertView.ts';
import type { RecordsFrame, Removed } from '../protocol/frame.ts';
import type { JobRecord } from '../protocol/record.ts';
import { LEVELS } from '../protocol/states.ts';
import type { Gone } from './tombstones.ts';
import type { Topics } from './topics.ts';
import { addWorkerChange, addWorkerState, workerRemovals } from './workerFrames.ts';

/** How many jobs a window starts with; older ones are a question of REST. */
export const FIRST_JOBS = 500;

export function emptyFrame(seq: number): RecordsFrame {
  return { type: 'records', seq, jobs: [], phases: [], alerts: [], removed: [] };
}

export interface Change {
  touched: Touched;
  /** The model's last entry, and the one up to which the clients already know. */
  seq: number;
  before: number;
}

/** What the change means for these topics; null when nothing. */
export function changeFrame(
  model: Model,
  topics: Topics,
  { touched, seq, before }: Change,
): RecordsFrame | null {
  const frame = emptyFrame(seq);
  if (topics.jobs) {
    for (const id of touched.jobs) pushIf(frame.jobs, findJob(model, id));
    frame.jobs_total = model.jobs.size + model.finished.size;
  }
  if (topics.alerts) {
    for (const id of touched.alerts) pushIf(frame.alerts, findAlert(model, id));
    if (touched.definitions.size > 0) frame.definitions = true;
  }
  if (topics.workers) addWorkerChange(frame, model.domain, touched);
  for (const id of topics.jobIds) {
    const job = touched.jobs.has(id) ? model.jobs.get(id) : undefined;
    if (!topics.jobs && touched.jobs.has(id)) addJob(frame, model, id);
    if (job) addParts(frame, job, { before, phases: touched.phases.get(id) ?? new Set() });
  }
  frame.removed = removals(model, topics, touched);
  return isEmpty(frame) ? null : frame;
}

/** What went and has not come again: a job may begin anew under the id of one that was removed. */
export function removals(model: Model, topics: Topics, gone: Gone): Removed[] {
  const removed: Removed[] = [];
  if (topics.jobs || topics.jobIds.size > 0) {
    for (const job_id of gone.removedJobs) {
      if (!model.jobs.has(job_id) && !model.finished.has(job_id))
        removed.push({ kind: 'job', job_id });
    }
  }
  if (topics.alerts) {
    for (const alert_id of gone.removedAlerts)
      if (findAlert(model, alert_id) === null) removed.push({ kind: 'alert', alert_id });
  }
  if (topics.workers) removed.push(...workerRemovals(model.domain, gone));
  return removed;
}

/** The job itself, where the frame does not have it: it may be older than those a window starts with. */
export function addJob(frame: RecordsFrame, model: Model, jobId: string): void {
  if (!frame.jobs.some(({ job_id }) => job_id === jobId)) pushIf(frame.jobs, findJob(model, jobId));
}

interface PartChange {
  before: number;
  /** Changed phases; all of them when absent. */
  phases?: ReadonlySet<string>;
}

/** The parts of one job that changed after `before`. */
export function addParts(frame: RecordsFrame, job: JobState, { before, phases }: PartChange): void {
  frame.phases.push(...phaseRecords(job, phases));
  frame.sub_phases ??= [];
  for (const id of phases ?? job.phases.keys()) {
    const phase = job.phases.get(id);
    if (phase) frame.sub_phases.push(...subPhaseRecords(job, phase, before));
  }
  (frame.logs ??= []).push(...logRecords(job, { levels: LEVELS, since: before }));
  (frame.artifacts ??= []).push(...artifactRecords(job, { since: before }));
  (frame.resources ??= []).push(...resourceSamples(job, { since: before }));
}

/** Every job, alert, worker, queue and task that changed after `since`; when `since` is 0, what a window starts with. */
export function stateFrame(
  model: Model,
  topics: Topics,
  { since, seq }: { since: number; seq: number },
): RecordsFrame {
  const frame = emptyFrame(seq);
  if (topics.jobs) {
    frame.jobs = since === 0 ? newestJobs(model, FIRST_JOBS) : changedJobs(model, since);
    frame.jobs_total = model.jobs.size + model.finished.size;
  }
  if (topics.alerts) {
    for (const [id, alert] of model.alerts)
      if (alert.seq > since) pushIf(frame.alerts, findAlert(model, id));
  }
  if (topics.workers) addWorkerState(frame, model.domain, since);
  return frame;
}

/** True where something was heard of the job after that entry, or something else is expected of it since. */
export function changedAfter(job: JobState, since: number): boolean {
  return job.seq > since || (outlookOf(job)?.seq ?? -1) >= since;
}

function changedJobs(model: Model, since: number): JobRecord[] {
  const changed: JobRecord[] = [];
  for (const [id, job] of model.jobs)
    if (changedAfter(job, since)) pushIf(changed, findJob(model, id));
  for (const row of model.finished.values()) if (row.seq > since) changed.push(row);
  return changed;
}

export function findAlert(model: Model, id: string) {
  const alert = model.alerts.get(id);
  return alert ? alertRecord(alert) : null;
}

function pushIf<T>(list: T[], item: T | null): void {
  if (item !== null) list.push(item);
}

function isEmpty(frame: RecordsFrame): boolean {
  if (frame.definitions === true) return false;
  return Object.values(frame).every((value) => !Array.isArray(value) || value.length === 0);
}
