/** Jobs and phases as the rules see them: cheap to make, because it is done for every changed phase. */
import { phaseLabel } from '../protocol/describe.ts';
import { type Derived, deriveJob, derivePhase } from '../core/derive.ts';
import type { JobState, PhaseState } from '../core/model.ts';
import { readText } from '../core/registers.ts';
import { type Samples, summarize } from '../core/samples.ts';
import { phaseName } from '../core/view.ts';
import type { Subject } from './rules/rule.ts';

const RECENT_MS = 30_000;
const ENOUGH_SAMPLES = 3;

export function pipelineOf(job: JobState): string {
  return readText(job.fields, 'pipeline') ?? readText(job.fields, 'name') ?? job.job_id;
}

/** Milliseconds from one epoch time to another, without those that the clock only jumped over. */
export type Passed = (from: number, to: number) => number;

interface Instant {
  /** Epoch milliseconds. */
  now: number;
  passed: Passed;
}

/** `of` is the job's own state: the same for all of its phases. */
export function phaseSubject(
  job: JobState,
  phase: PhaseState,
  instant: Instant & { of: Derived },
): Subject {
  const derived = derivePhase(phase, job, instant.of);
  const name = phaseName(phase);
  return {
    component: 'phase',
    speaks: true,
    phase_id: phase.phase_id,
    label: phaseLabel({ phase_id: phase.phase_id, name }),
    error_count: phase.error_count,
    ...common(job, derived, phase.samples ?? job.samples, instant),
  };
}

/** The job itself; where its phases speak for it, only to end what was said of it before. */
export function jobSubject(job: JobState, instant: Instant): Subject {
  const derived = deriveJob(job);
  const failedBelow = [...job.phases.values()].some(
    (phase) => phase.marks.at(-1)?.kind === 'FAILED',
  );
  return {
    component: 'job',
    speaks: job.phases.size === 0 || (derived.status === 'FAILED' && !failedBelow),
    phase_id: null,
    label: readText(job.fields, 'name') ?? job.job_id,
    error_count: job.log_counts.error,
    ...common(job, derived, job.samples, instant),
  };
}

function common(job: JobState, derived: Derived, samples: Samples, { now, passed }: Instant) {
  const { started_at, ended_at } = derived;
  return {
    job_id: job.job_id,
    job_name: readText(job.fields, 'name') ?? job.job_id,
    status: derived.status,
    run: String(started_at ?? ended_at ?? derived.attempt),
    end: String(ended_at ?? ''),
    elapsed_ms: started_at === null ? null : passed(started_at, ended_at ?? now),
    error: derived.error,
    recent: (field: 'cpu_percent' | 'memory_mb') => {
      const from = Math.max(now - RECENT_MS, started_at ?? 0);
      const summary = summarize(samples, field, from, now);
      return summary !== null && summary.count >= ENOUGH_SAMPLES ? summary.avg : null;
    },
  };
}
