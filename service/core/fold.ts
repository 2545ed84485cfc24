/** The fold: one entry changes the model, and says which records it touched. Pure: time and ids are in the entry. */
import type { Entry, Event } from '../protocol/event.ts';
import { isEnded } from '../protocol/states.ts';
import { deriveJob } from './derive.ts';
import { Domain } from './domain/domain.ts';
import type { DomainLimits } from './domain/tables.ts';
import { alertIdOf, foldAlert, newAlert } from './fold/alert.ts';
import { foldArtifact } from './fold/artifact.ts';
import type { Context } from './fold/context.ts';
import { foldImported } from './fold/imported.ts';
import { foldJobEnded, foldJobProgress, foldJobStalled, foldJobStarted } from './fold/job.ts';
import { foldLog } from './fold/log.ts';
import {
  foldPhaseCancelled,
  foldPhaseCompleted,
  foldPhaseFailed,
  foldPhaseProgress,
  foldPhaseSkipped,
  foldPhaseStarted,
} from './fold/phase.ts';
import { foldResource } from './fold/resource.ts';
import { foldSignal } from './fold/signal.ts';
import { foldSubPhase } from './fold/subPhase.ts';
import { MAX_ALERTS, leastNeeded } from './alertRoom.ts';
import { type AlertState, type FinishedJob, type JobState, newJob } from './model.ts';
import { setAll } from './registers.ts';
import type { Touched } from './touched.ts';

/** Room is made for a fortieth of the alerts at once, because finding them looks through all. */
const ROOM_SHARE = 40;

export interface ModelLimits extends DomainLimits {
  /** Alerts, active ones and all others: they are all held in memory, and written with each checkpoint. */
  alerts: number;
}

export class Model {
  /** Jobs in memory: running ones, and ended ones until they are stored. */
  readonly jobs = new Map<string, JobState>();
  /** Rows of the jobs that are only stored. */
  readonly finished = new Map<string, FinishedJob>();
  readonly alerts = new Map<string, AlertState>();
  /** job id -> ids of its alerts. */
  readonly alertsOfJob = new Map<string, Set<string>>();
  readonly alertLimit: number;
  /** Alerts that had to go because there were too many, since the model is there. */
  alertsDropped = 0;
  /** What is known beyond jobs. */
  readonly domain: Domain;

  constructor({ alerts = MAX_ALERTS, ...limits }: Partial<ModelLimits> = {}) {
    this.alertLimit = alerts;
    this.domain = new Domain(limits);
  }

  /** Folds one entry. The entry's job must be in `jobs`, or new: stored ones are brought back first. */
  apply(entry: Entry, touched: Touched): void {
    const { event } = entry;
    switch (event.type) {
      case 'alert.raised':
      case 'alert.acknowledged':
      case 'alert.resolved':
      case 'alert.cleared':
      case 'alert.unacknowledged':
      case 'alert.reopened':
      case 'alert.routed':
      case 'alert.imported':
        this.#applyAlert(entry, event, touched);
        break;
      case 'job.removed':
        if (!this.#beganAfter(event.job_id, entry.seq)) this.forgetJob(event.job_id, touched);
        break;
      default:
        if ('job_id' in event) this.#applyToJob(event.job_id, entry, touched);
    }
    this.domain.apply(entry, touched);
  }

  /** How many of each kind were refused or had to go because there were too many; only kinds with some. */
  dropped(): Record<string, number> {
    const alerts = this.alertsDropped;
    return { ...this.domain.dropped(), ...(alerts > 0 && { alerts }) };
  }

  /** How many alerts of the job are active. */
  activeAlerts(job_id: string): number {
    let active = 0;
    for (const id of this.alertsOfJob.get(job_id) ?? []) {
      const alert = this.alerts.get(id);
      if (alert?.raised && !alert.resolved && !alert.cleared) active++;
    }
    return active;
  }

  #applyToJob(job_id: string, entry: Entry, touched: Touched): void {
    let job = this.jobs.get(job_id);
    if (!job) {
      job = newJob(job_id);
      this.jobs.set(job_id, job);
    }
    // Entries come in the order of their numbers: what is not newer is a replay of what the document already holds.
    if (entry.seq <= job.folded_seq) return;
    job.first_seq ||= entry.seq;
    job.folded_seq = entry.seq;
    job.seq = entry.seq;
    touched.jobs.add(job_id);
    if (entry.event.type === 'job.imported') {
      // Its signs of life are those of the document.
      job.imported ||= job.first_seq === entry.seq;
    } else if (entry.event.type !== 'job.stalled') {
      job.imported = false;
      job.first_seen = Math.min(job.first_seen, entry.received_at);
      job.last_seen = Math.max(job.last_seen, entry.received_at);
    }
    if (entry.event.type.startsWith('job.')) setAll(job.labels, entry.event.labels, entry.event);
    foldIntoJob({ job, entry, touched }, entry.event);
  }

  /** A replay may tell again of the removal of a job that has begun anew since. */
  #beganAfter(job_id: string, seq: number): boolean {
    const job = this.jobs.get(job_id);
    return job ? job.first_seq > seq : (this.finished.get(job_id)?.seq ?? 0) > seq;
  }

  #applyAlert(entry: Entry, event: Parameters<typeof foldAlert>[1], touched: Touched): void {
    const id = alertIdOf(event);
    let alert = this.alerts.get(id);
    if (!alert) {
      if (!this.#hasRoomFor(entry, touched)) return;
      alert = newAlert(id);
      this.alerts.set(id, alert);
    }
    // A replay of what the checkpoint holds already.
    else if (entry.seq <= alert.seq) return;
    foldAlert(alert, event, entry);
    const job_id = alert.raised?.job_id;
    // Who is told of it changes nothing of its job.
    if (job_id !== undefined && event.type !== 'alert.routed')
      this.#linkAlert(id, job_id, entry.seq, touched);
    if (alert.cleared) touched.removedAlerts.add(id);
    else touched.alerts.add(id);
  }

  /** Makes room where there are too many; what is said of an alert that is not known makes none. */
  #hasRoomFor({ event: { type }, seq }: Entry, touched: Touched): boolean {
    if (this.alerts.size < this.alertLimit) return true;
    if (type !== 'alert.raised' && type !== 'alert.imported') return false;
    const gone = leastNeeded(this.alerts.values(), Math.ceil(this.alertLimit / ROOM_SHARE));
    for (const { alert_id, raised } of gone) {
      this.forgetAlert(alert_id, touched);
      if (raised?.job_id !== undefined) this.#recount(raised.job_id, seq, touched);
    }
    this.alertsDropped += gone.length;
    return true;
  }

  #linkAlert(id: string, job_id: string, seq: number, touched: Touched): void {
    const ids = this.alertsOfJob.get(job_id);
    if (ids) ids.add(id);
    else this.alertsOfJob.set(job_id, new Set([id]));
    this.#recount(job_id, seq, touched);
  }

  /** The job's record says how many of its alerts are active. */
  #recount(job_id: string, seq: number, touched: Touched): void {
    const job = this.jobs.get(job_id);
    // A replay from before the stored state must not make it look older.
    if (job) job.seq = Math.max(job.seq, seq);
    const row = this.finished.get(job_id);
    if (row) {
      const alert_count = this.activeAlerts(job_id);
      this.finished.set(job_id, { ...row, alert_count, seq: Math.max(row.seq, seq) });
    }
    if (job || row) touched.jobs.add(job_id);
  }

  /** Takes a job out of the model with all it holds, as its removal and retention do. */
  forgetJob(job_id: string, touched: Touched): void {
    this.jobs.delete(job_id);
    this.finished.delete(job_id);
    for (const id of this.alertsOfJob.get(job_id) ?? []) this.forgetAlert(id, touched);
    this.alertsOfJob.delete(job_id);
    touched.jobs.delete(job_id);
    touched.phases.delete(job_id);
    touched.removedJobs.add(job_id);
  }

  /** Takes an alert out of the model, as retention and the removal of its job do. */
  forgetAlert(id: string, touched: Touched): void {
    const job_id = this.alerts.get(id)?.raised?.job_id;
    this.alerts.delete(id);
    touched.alerts.delete(id);
    touched.removedAlerts.add(id);
    const ids = job_id === undefined ? undefined : this.alertsOfJob.get(job_id);
    if (ids?.delete(id) && ids.size === 0 && job_id !== undefined) this.alertsOfJob.delete(job_id);
  }
}

/** True when the job needs no memory any more: it ended, or nobody has heard of it for long. */
export function isSettled(job: JobState): boolean {
  const { status } = deriveJob(job);
  return isEnded(status) || status === 'STALE';
}

function foldIntoJob(context: Context, event: Event): void {
  switch (event.type) {
    case 'job.started':
      return foldJobStarted(context, event);
    case 'job.progress':
      return foldJobProgress(context, event);
    case 'job.completed':
    case 'job.failed':
    case 'job.cancelled':
      return foldJobEnded(context, event);
    case 'job.stalled':
      return foldJobStalled(context, event);
    case 'job.imported':
      return foldImported(context, event);
    case 'phase.started':
      return foldPhaseStarted(context, event);
    case 'phase.progress':
      return foldPhaseProgress(context, event);
    case 'phase.completed':
      return foldPhaseCompleted(context, event);
    case 'phase.failed':
      return foldPhaseFailed(context, event);
    case 'phase.skipped':
      return foldPhaseSkipped(context, event);
    case 'phase.cancelled':
      return foldPhaseCancelled(context, event);
    case 'subphase.recorded':
      return foldSubPhase(context, event);
    case 'artifact.produced':
      return foldArtifact(context, event);
    case 'log.recorded':
      return foldLog(context, event);
    case 'signal.counted':
      return foldSignal(context, event);
    case 'resource.sampled':
      return foldResource(context, event);
    default:
    // Workers, tasks, queues, models, endpoints and caches: kept in the journal, a sign of life of their job.
  }
}
