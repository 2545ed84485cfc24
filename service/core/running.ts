/** What runs now. */
import { isEnded } from '../protocol/states.ts';
import { deriveJob, derivePhase } from './derive.ts';
import type { JobState, PhaseState } from './model.ts';
import { pipelineOf } from './view.ts';

export interface RunningPhase {
  job: JobState;
  pipeline: string;
  phase: PhaseState;
}

/** Phases that run, of jobs that have not ended. Only jobs in memory can have any. */
export function runningPhases(model: {
  readonly jobs: ReadonlyMap<string, JobState>;
}): RunningPhase[] {
  const running: RunningPhase[] = [];
  for (const job of model.jobs.values()) {
    const derived = deriveJob(job);
    if (isEnded(derived.status)) continue;
    const pipeline = pipelineOf(job);
    for (const phase of job.phases.values())
      if (derivePhase(phase, job, derived).status === 'RUNNING')
        running.push({ job, pipeline, phase });
  }
  return running;
}
