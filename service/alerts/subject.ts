/** Jobs and phases as the rules see them: cheap to make, because it is done for every changed phase. */
import { phaseLabel } from '../protocol/describe.ts';
import { type Derived, deriveJob, derivePhase } from '../core/derive.ts';
import type { WithHistory } from '../core/history.ts';
import type { HistoryRow } from '../core/historyRow.ts';
import type { JobState, PhaseState } from '../core/model.ts';
import { readNumber, readText } from '../core/registers.ts';
import { type Samples, summarize } from '../core/samples.ts';
import { phaseName, pipelineOf } from '../core/view.ts';
import { type PastTime, usualTime } from '../analysis/expected/usualTime.ts';
import type { RunSubject } from './rules/kind.ts';

const RECENT_MS = 30_000;
const ENOUGH_SAMPLES = 3;
/** Runs from which on it is known what is usual. */
const ENOUGH_RUNS = 5;

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
    usual: () => usualOfPhase(instant.domain, job, phase),
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
    usual: () => null,
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

/** What is usual for the phase, from its completed runs in other jobs. */
function usualOfPhase({ history }: WithHistory, job: JobState, phase: PhaseState) {
  const row = history.table.get(JSON.stringify([pipelineOf(job), phase.phase_id]));
  const size = readNumber(phase.fields, 'items_total');
  return row === undefined ? null : usualOfRow(row, { job_id: job.job_id, size });
}

/** The same of a row of the history, as records have it: of a run of so many items, from what had ended before a time. */
export function usualOfRow(
  { executions }: Pick<HistoryRow, 'executions'>,
  { job_id, size, before = Infinity }: { job_id: string; size: number | null; before?: number },
): { median_ms: number; runs: number } | null {
  const times = executions.flatMap((one): PastTime[] => {
    const { status, started_at, ended_at } = one;
    if (status !== 'COMPLETED' || started_at === null) return [];
    if (one.job_id === job_id || ended_at >= before) return [];
    return [
      { ms: Math.max(0, ended_at - started_at), size: one.items_done, likeness: 1, ended_at },
    ];
  });
  if (times.length < ENOUGH_RUNS) return null;
  const usual = usualTime(times, size);
  return usual && { median_ms: usual.ms, runs: usual.runs };
}
