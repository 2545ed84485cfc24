/** Jobs and phases as the rules see them: cheap to make, because it is done for every changed phase. */
import { phaseLabel } from '../protocol/describe.ts';
import { type Derived, deriveJob, derivePhase } from '../core/derive.ts';
import type { WithHistory } from '../core/history.ts';
import type { JobState, PhaseState } from '../core/model.ts';
import { type Expected, outlookOf } from '../core/outlook.ts';
import { readNumber, readText } from '../core/registers.ts';
import { type Samples, summarize } from '../core/samples.ts';
import { phaseName, pipelineOf } from '../core/view.ts';
import { type AskedRun, type PastOne, phaseTimes, usualFor } from '../analysis/expected/before.ts';
import type { RunSubject } from './rules/kind.ts';

const RECENT_MS = 30_000;
const ENOUGH_SAMPLES = 3;
/** Runs from which on what is usual is known well enough to call somebody. */
const ENOUGH_RUNS = 5;
/** With more phases a job does not look whether one of them is the reason. */
const MOST_PARTS = 300;

/** Milliseconds from one epoch time to another, without those that the clock only jumped over. */
export type Passed = (from: number, to: number) => number;

export interface Instant {
  /** Epoch milliseconds. */
  now: number;
  passed: Passed;
  domain: WithHistory;
}

/** `of` is the job's own state: the same for all of its phases. */
export function phaseSubject(
  job: JobState,
  phase: PhaseState,
  instant: Instant & { of: Derived },
): RunSubject {
  const derived = derivePhase(phase, job, instant.of);
  const { phase_id } = phase;
  return {
    component: 'phase',
    speaks: true,
    explained: false,
    phase_id,
    label: phaseLabel({ phase_id, name: phaseName(phase) }),
    error_count: phase.error_count,
    usual: () =>
      enough(outlookOf(job)?.phases.get(phase_id)?.expected) ??
      usualOfPhase(instant.domain, job, phase),
    parts: () => [],
    ...common(job, derived, phase.samples ?? job.samples, instant),
  };
}

/** The job itself; where its phases speak for it, only to end what was said of it before. */
export function jobSubject(job: JobState, instant: Instant): RunSubject {
  const derived = deriveJob(job);
  const failedBelow = [...job.phases.values()].some(
    (phase) => phase.marks.at(-1)?.kind === 'FAILED',
  );
  return {
    component: 'job',
    speaks: job.phases.size === 0,
    explained: failedBelow,
    phase_id: null,
    label: readText(job.fields, 'name') ?? job.job_id,
    error_count: job.log_counts.error,
    usual: () => enough(outlookOf(job)?.expected),
    parts: () =>
      job.phases.size > MOST_PARTS
        ? []
        : [...job.phases.values()].map((phase) =>
            phaseSubject(job, phase, { ...instant, of: derived }),
          ),
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
    silent_since: job.silent_since > 0 ? job.silent_since : null,
    recent: (field: 'cpu_percent' | 'memory_mb') => {
      const from = Math.max(now - RECENT_MS, started_at ?? 0);
      const summary = summarize(samples, field, from, now);
      return summary !== null && summary.count >= ENOUGH_SAMPLES ? summary.avg : null;
    },
  };
}

type UsualRun = { median_ms: number; runs: number } | null;

/** As the records say it. */
function enough(expected: Expected | null | undefined): UsualRun {
  if (!expected || expected.runs < ENOUGH_RUNS) return null;
  return { median_ms: expected.ms, runs: expected.runs };
}

/** What is usual for a phase of which nobody has said it yet: the same, but for labels. */
function usualOfPhase({ history }: WithHistory, job: JobState, phase: PhaseState): UsualRun {
  const row = history.table.get(JSON.stringify([pipelineOf(job), phase.phase_id]));
  if (row === undefined) return null;
  const size = readNumber(phase.fields, 'items_total');
  const run = { job_id: job.job_id, size, labels: {}, before: Infinity };
  return usualOf(phaseTimes(row, new Map()), run);
}

/** Null of fewer than 5 runs. */
export function usualOf(past: readonly PastOne[], run: AskedRun): UsualRun {
  return enough(usualFor(past, run));
}
