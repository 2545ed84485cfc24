import { t } from '@vscode/l10n';
import type { ErrorDetails } from '../../service/protocol/event.ts';
import type { JobRecord, PhaseRecord } from '../../service/protocol/record.ts';

/** A failure that stands until the same phase of the same pipeline passes. `phaseId` is null for a job without phases. */
export interface Problem {
  key: string;
  jobId: string;
  jobName: string;
  pipeline: string;
  phaseId: string | null;
  phaseName: string;
  error: ErrorDetails;
  /** Epoch milliseconds. */
  at: number;
}

const MOST_PASSED = 2000;

/** Which failures stand, from records in any order. It holds one problem for each phase of each pipeline: the newest. */
export class ProblemBook {
  private readonly problems = new Map<string, Problem>();
  /** When each phase passed last: an older failure that is seen later is no news. */
  private readonly passed = new Map<string, number>();

  all(): Problem[] {
    return [...this.problems.values()];
  }

  /** Takes in a job as it is now; true when something changed. */
  observe(job: JobRecord, phases: readonly PhaseRecord[]): boolean {
    let changed = false;
    for (const phase of phases) changed = this.observePhase(job, phase) || changed;
    const failedPhases = phases.some((phase) => phase.status === 'FAILED');
    const key = keyOf(job.pipeline, null);
    if (job.status === 'COMPLETED') changed = this.pass(key, timeOf(job)) || changed;
    if (job.status === 'FAILED' && job.error && !failedPhases && job.phases_failed === 0)
      changed = this.fail(problemOf(job, null, job.error)) || changed;
    return changed;
  }

  /** Forgets what is known of jobs that are gone; true when something changed. */
  keepJobs(exists: (jobId: string) => boolean): boolean {
    let changed = false;
    for (const [key, { jobId }] of this.problems)
      if (!exists(jobId)) changed = this.problems.delete(key) || changed;
    return changed;
  }

  private observePhase(job: JobRecord, phase: PhaseRecord): boolean {
    if (phase.status === 'COMPLETED')
      return this.pass(keyOf(job.pipeline, phase.phase_id), timeOf(phase, job));
    if (phase.status !== 'FAILED') return false;
    const error = phase.error ?? job.error ?? { message: t('The phase failed without a message.') };
    return this.fail(problemOf(job, phase, error));
  }

  private fail(problem: Problem): boolean {
    const passed = this.passed.get(problem.key) ?? -Infinity;
    const known = this.problems.get(problem.key);
    if (problem.at < passed || (known && known.at > problem.at)) return false;
    if (known && JSON.stringify(known) === JSON.stringify(problem)) return false;
    this.problems.set(problem.key, problem);
    return true;
  }

  private pass(key: string, at: number): boolean {
    const known = this.passed.get(key) ?? -Infinity;
    this.passed.delete(key);
    this.passed.set(key, Math.max(known, at));
    for (const oldest of this.passed.keys()) {
      if (this.passed.size <= MOST_PASSED) break;
      this.passed.delete(oldest);
    }
    const problem = this.problems.get(key);
    return problem !== undefined && problem.at <= at && this.problems.delete(key);
  }
}

function keyOf(pipeline: string, phaseId: string | null): string {
  return JSON.stringify([pipeline, phaseId]);
}

function problemOf(job: JobRecord, phase: PhaseRecord | null, error: ErrorDetails): Problem {
  return {
    key: keyOf(job.pipeline, phase?.phase_id ?? null),
    jobId: job.job_id,
    jobName: job.name,
    pipeline: job.pipeline,
    phaseId: phase?.phase_id ?? null,
    phaseName: phase?.name ?? job.name,
    error,
    at: phase ? timeOf(phase, job) : timeOf(job),
  };
}

type Timed = Pick<JobRecord, 'started_at' | 'ended_at'>;

function timeOf(record: Timed, job?: JobRecord): number {
  const text = record.ended_at ?? record.started_at ?? job?.ended_at ?? job?.last_seen_at;
  return text ? Date.parse(text) : 0;
}
