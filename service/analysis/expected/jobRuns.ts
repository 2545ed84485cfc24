/** Jobs of the model as the forecast sees them. */
import { derivePhase, type Derived } from '../../core/derive.ts';
import { historyRows, type WithHistory } from '../../core/history.ts';
import type { JobState, PhaseState } from '../../core/model.ts';
import { readNumber, readTexts } from '../../core/registers.ts';
import { orderedPhases, phaseProgress, toldProgress } from '../../core/view.ts';
import type { JobRecord } from '../../protocol/record.ts';
import type { PastRun, PastSpan } from './pastRuns.ts';
import type { PhaseNow, RunNow } from './run.ts';

/** The newest runs of a pipeline that are looked at. */
export const MOST_RUNS = 60;

/** A job that runs; null where its begin is not known. `of`: its own derived state. */
export function runNow(
  job: JobState,
  { of, now, earlier }: { of: Derived; now: number; earlier: RunNow['earlier'] },
): RunNow | null {
  if (of.started_at === null) return null;
  const phases = orderedPhases(job);
  return {
    ...{ now, started_at: of.started_at, earlier },
    progress: toldProgress(job, of),
    size: readNumber(job.fields, 'items_total'),
    planned: phases.some(({ fields }) => fields.has('declared_index')),
    phases: phases.map((phase) => phaseNow(job, phase, of)),
  };
}

function phaseNow(job: JobState, phase: PhaseState, of: Derived): PhaseNow {
  const derived = derivePhase(phase, job, of);
  const { status, started_at, ended_at } = derived;
  const own = readTexts(phase.fields, 'depends_on');
  const state = stateOf(status);
  const total = readNumber(phase.fields, 'items_total');
  return {
    phase_id: phase.phase_id,
    state,
    ...{ started_at, ended_at },
    progress: phaseProgress(phase, derived),
    // As the history of phases keeps it: what was done counts, not what was planned.
    size: state === 'ended' ? (readNumber(phase.fields, 'items_done') ?? total) : total,
    depends_on: own.length > 0 ? own : readTexts(phase.fields, 'declared_depends_on'),
  };
}

function stateOf(status: Derived['status']): PhaseNow['state'] {
  if (status === 'PENDING') return 'open';
  if (status === 'COMPLETED' || status === 'FAILED') return 'ended';
  return status === 'SKIPPED' || status === 'CANCELLED' ? 'gone' : 'running';
}

/**
 * The runs of a pipeline in the order of their end, the newest last: out of the history of phases, which outlives jobs, and
 * of the records of jobs where they are still there. Of those that go on, the phases that have ended. O(executions kept of the pipeline + jobs).
 */
export function pastRunsOf(
  domain: WithHistory,
  jobs: Iterable<JobRecord>,
  pipeline: string,
): PastRun[] {
  const spans = new Map<string, Map<string, PastSpan>>();
  for (const { phase_id, executions } of historyRows(domain, { pipeline }))
    for (const one of executions) {
      const phases = spans.get(one.job_id) ?? new Map<string, PastSpan>();
      const { started_at, ended_at, items_done } = one;
      const completed = one.status === 'COMPLETED';
      phases.set(phase_id, { started_at, ended_at, completed, size: items_done });
      spans.set(one.job_id, phases);
    }
  const runs: { run: PastRun; end: number }[] = [];
  for (const job of jobs) {
    if (job.pipeline !== pipeline) continue;
    const phases = spans.get(job.job_id) ?? new Map<string, PastSpan>();
    spans.delete(job.job_id);
    const end = job.ended_at === null ? lastEnd(phases) : Date.parse(job.ended_at);
    if (job.ended_at !== null || phases.size > 0) runs.push({ run: pastRun(job, phases), end });
  }
  for (const [job_id, phases] of spans)
    runs.push({ run: { job_id, over: true, ...OF_PHASES, phases }, end: lastEnd(phases) });
  runs.sort((a, b) => a.end - b.end);
  return runs.slice(-MOST_RUNS).map(({ run }) => run);
}

const OF_PHASES = { total_ms: null, started_at: null, ended_at: null, size: null, labels: {} };

function pastRun(job: JobRecord, phases: ReadonlyMap<string, PastSpan>): PastRun {
  const completed = job.status === 'COMPLETED';
  return {
    ...{ job_id: job.job_id, over: job.ended_at !== null },
    total_ms: completed ? job.duration_ms : null,
    started_at: job.started_at === null ? null : Date.parse(job.started_at),
    // How a run ended that failed says nothing of what comes after the last phase.
    ended_at: completed && job.ended_at !== null ? Date.parse(job.ended_at) : null,
    ...{ size: job.items_total, labels: job.labels, phases },
  };
}

function lastEnd(phases: ReadonlyMap<string, PastSpan>): number {
  let last = -Infinity;
  for (const { ended_at } of phases.values()) last = Math.max(last, ended_at);
  return last;
}
