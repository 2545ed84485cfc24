/** The newest state of every record this window asked for. It folds nothing: the newest record of an id replaces the last. */
import type { RecordsFrame } from '../service/protocol/frame.ts';
import type {
  AlertRecord,
  ArtifactRecord,
  JobRecord,
  LogRecord,
  PhaseRecord,
  SubPhaseRecord,
} from '../service/protocol/record.ts';
import { Emitter } from './emitter.ts';
import { newer } from './newer.ts';
import { type WorkChange, WorkMirror } from './workMirror.ts';

/** What a topic `job:<id>` brings, kept while somebody wants it. */
export interface JobDetails {
  phases: Map<string, PhaseRecord>;
  /** By phase, then by name. */
  subPhases: Map<string, Map<string, SubPhaseRecord>>;
  /** By log id, oldest first, at most `MOST_LOGS`. */
  logs: Map<string, LogRecord>;
  artifacts: Map<string, ArtifactRecord>;
}

/** The ids that changed. `reset`: everything was forgotten first. */
export interface Change {
  reset: boolean;
  jobs: ReadonlySet<string>;
  /** Jobs of which phases, logs or artifacts changed, and which phases those are. */
  details: ReadonlyMap<string, ReadonlySet<string>>;
  alerts: ReadonlySet<string>;
  removedJobs: ReadonlySet<string>;
  work: Readonly<WorkChange>;
}

/** A job's log lines kept in a window; the service has them all. */
const MOST_LOGS = 2000;
const MOST_ARTIFACTS = 2000;

export class Mirror {
  readonly jobs = new Map<string, JobRecord>();
  readonly alerts = new Map<string, AlertRecord>();
  /** Workers, queues and tasks. */
  readonly work = new WorkMirror();
  /** How many jobs the service holds: more than are here when the list was cut. */
  jobsTotal = 0;
  private readonly detailsOf = new Map<string, JobDetails>();
  private readonly changed = new Emitter<Change>();
  readonly onDidChange = this.changed.event;

  /** How many listen: none are left when the extension ends. */
  get listeners(): number {
    return this.changed.size;
  }

  details(jobId: string): JobDetails | undefined {
    return this.detailsOf.get(jobId);
  }

  /** The phases of a job in their order. */
  phases(jobId: string): PhaseRecord[] {
    const phases = [...(this.detailsOf.get(jobId)?.phases.values() ?? [])];
    return phases.sort((a, b) => a.index - b.index || (a.phase_id < b.phase_id ? -1 : 1));
  }

  apply(frame: RecordsFrame): void {
    const reset = frame.reset === true;
    if (reset) this.clear();
    const change = {
      reset,
      jobs: new Set<string>(),
      details: this.applyDetails(frame),
      alerts: new Set<string>(),
      removedJobs: new Set<string>(),
      work: this.work.apply(frame),
    };
    for (const job of frame.jobs)
      if (newer(this.jobs, job.job_id, job)) change.jobs.add(job.job_id);
    for (const alert of frame.alerts)
      if (newer(this.alerts, alert.alert_id, alert)) change.alerts.add(alert.alert_id);
    for (const removed of frame.removed) {
      if (removed.kind === 'alert' && this.alerts.delete(removed.alert_id))
        change.alerts.add(removed.alert_id);
      if (removed.kind === 'job') {
        this.jobs.delete(removed.job_id);
        this.detailsOf.delete(removed.job_id);
        change.removedJobs.add(removed.job_id);
      }
    }
    this.jobsTotal = frame.jobs_total ?? Math.max(this.jobsTotal, this.jobs.size);
    this.changed.fire(change);
  }

  /** Forgets the details of jobs that nobody asks for any more: without their topic they would only grow old. */
  keepDetails(jobIds: ReadonlySet<string>): void {
    for (const jobId of this.detailsOf.keys()) if (!jobIds.has(jobId)) this.detailsOf.delete(jobId);
  }

  private clear(): void {
    this.jobs.clear();
    this.alerts.clear();
    this.work.clear();
    this.detailsOf.clear();
    this.jobsTotal = 0;
  }

  private applyDetails(frame: RecordsFrame): Map<string, Set<string>> {
    const touched = new Map<string, Set<string>>();
    const of = (record: { job_id: string; phase_id: string | null }): JobDetails => {
      const phases = touched.get(record.job_id) ?? new Set<string>();
      if (record.phase_id !== null) phases.add(record.phase_id);
      touched.set(record.job_id, phases);
      return this.detailsMade(record.job_id);
    };
    for (const phase of frame.phases) newer(of(phase).phases, phase.phase_id, phase);
    for (const sub of frame.sub_phases ?? []) {
      const { subPhases } = of(sub);
      const names = subPhases.get(sub.phase_id) ?? new Map<string, SubPhaseRecord>();
      subPhases.set(sub.phase_id, names);
      newer(names, sub.name, sub);
    }
    for (const log of frame.logs ?? []) newer(of(log).logs, log.log_id, log);
    for (const artifact of frame.artifacts ?? [])
      newer(of(artifact).artifacts, artifact.path, artifact);
    for (const jobId of touched.keys()) {
      const { logs, artifacts } = this.detailsMade(jobId);
      dropOldest(logs, MOST_LOGS);
      dropOldest(artifacts, MOST_ARTIFACTS);
    }
    return touched;
  }

  private detailsMade(jobId: string): JobDetails {
    const known = this.detailsOf.get(jobId);
    if (known) return known;
    const made = { phases: new Map(), subPhases: new Map(), logs: new Map(), artifacts: new Map() };
    this.detailsOf.set(jobId, made);
    return made;
  }
}

function dropOldest(records: Map<string, unknown>, most: number): void {
  for (const id of records.keys()) {
    if (records.size <= most) return;
    records.delete(id);
  }
}
