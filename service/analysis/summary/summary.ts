/** One sentence of a run: how it compares with those before it, and which phase that comes from. */
import type { HistoryRow } from '../../core/historyRow.ts';
import type { JobRecord, PhaseRecord } from '../../protocol/record.ts';
import { isEnded } from '../../protocol/states.ts';
import type { Explanation, RunSummary } from '../../protocol/summary.ts';
import { METRICS, type RunPoint, phaseRuns } from '../performanceRuns.ts';
import { known } from '../quantile.ts';
import { MOST_BEFORE, type Usual, usualOf } from '../usual.ts';
import { type TimedPhase, decisiveChain, timedPhases } from './decisive.ts';
import { failedSentence, heldSentence, unknownSentence } from './words.ts';

const RUNS_NEEDED = 3;
/** Closer to the median, a run is as usual. */
const AS_USUAL_PERCENT = 5;
/** A smaller part of the difference is no explanation. */
const LEAST_SHARE = 0.05;
const MOST_EXPLANATIONS = 5;

export interface RunAndPast {
  job: JobRecord;
  phases: readonly PhaseRecord[];
  /** Whole runs of the pipeline by their time, oldest first; this one may be among them. */
  runs: readonly RunPoint[];
  /** History of the pipeline's phases. */
  rows: readonly HistoryRow[];
}

export function runSummary(past: RunAndPast): RunSummary {
  const { job } = past;
  const running = !isEnded(job.status);
  const timed = timedPhases(past.phases);
  const decisive = running ? timed : decisiveChain(past.phases);
  const usualTimes = phaseUsuals(past);
  const { time, usual } = running ? soFar(timed, usualTimes) : wholeRun(past);
  const runs_before = before(past.runs, job).length;
  const base = {
    ...{ job_id: job.job_id, running },
    evidence: {
      ...{ time_ms: time, runs_before, runs_needed: RUNS_NEEDED },
      decisive_phases: decisive.map(({ phase_id }) => phase_id),
    },
  };
  const nothing = { slower_percent: null, usual: null, explained_by: [] };
  if (job.status === 'FAILED' || job.status === 'CANCELLED') {
    const state = job.status === 'FAILED' ? 'failed' : 'cancelled';
    return { ...base, ...nothing, state, sentence: failedSentence(job, past.phases) };
  }
  if (time === null || usual === null || usual.median <= 0) {
    const sentence = unknownSentence(job, Math.min(runs_before, RUNS_NEEDED), RUNS_NEEDED);
    return { ...base, ...nothing, state: 'not_enough_data', sentence };
  }
  const difference = time - usual.median;
  const slower_percent = (100 * difference) / usual.median;
  const isUsual =
    Math.abs(slower_percent) < AS_USUAL_PERCENT ||
    Math.abs(difference) < METRICS.execution_time.noise;
  const explained_by = isUsual ? [] : explanations(decisive, usualTimes, difference);
  const held = { time, usual, slower_percent, isUsual, running, explained_by };
  return {
    ...{ ...base, state: 'known', sentence: heldSentence(held), slower_percent, explained_by },
    usual: {
      ...{ median_ms: usual.median, low_ms: usual.low, high_ms: usual.high, runs: usual.runs },
    },
  };
}

/** Completed runs with a known time that began before the job. */
function before(runs: readonly RunPoint[], { job_id, started_at }: JobRecord): number[] {
  const begin = started_at === null ? Infinity : Date.parse(started_at);
  const earlier = runs.filter(
    (run) => run.job_id !== job_id && run.status === 'COMPLETED' && run.started <= begin,
  );
  return known(earlier, ({ value }) => value);
}

function wholeRun({ job, runs }: RunAndPast): { time: number | null; usual: Usual | null } {
  const time = job.duration_ms;
  return { time, usual: usualOf(time, before(runs, job)) };
}

/** What was usual of each phase before this run. */
function phaseUsuals({ job, rows }: RunAndPast): Map<string, Usual> {
  return new Map(
    rows.flatMap((row) => {
      const times = before(phaseRuns(row, new Map(), 'execution_time'), job);
      const usual = usualOf(null, times.slice(-MOST_BEFORE));
      return usual === null ? [] : [[row.phase_id, usual] as const];
    }),
  );
}

/** The ended phases of a run together, against the same phases in those before it. */
function soFar(timed: readonly TimedPhase[], usuals: ReadonlyMap<string, Usual>) {
  let time = 0;
  const total = { median: 0, low: 0, high: 0, runs: Infinity };
  for (const { phase_id, begin, end } of timed) {
    const usual = usuals.get(phase_id);
    if (usual === undefined) continue;
    time += end - begin;
    total.median += usual.median;
    total.low += usual.low;
    total.high += usual.high;
    total.runs = Math.min(total.runs, usual.runs);
  }
  const none = total.runs === Infinity;
  return { time: none ? null : time, usual: none ? null : { ...total, side: null } };
}

/** Phases that differ in the direction of the whole, by their share of it. */
function explanations(
  decisive: readonly TimedPhase[],
  usuals: ReadonlyMap<string, Usual>,
  difference: number,
): Explanation[] {
  const all = decisive.map(({ phase_id, begin, end }): Explanation => {
    const time_ms = end - begin;
    const usual_ms = usuals.get(phase_id)?.median ?? null;
    const difference_ms = time_ms - (usual_ms ?? 0);
    const share = Math.min(1, Math.max(0, difference_ms / difference));
    return { phase_id, difference_ms, share, time_ms, usual_ms };
  });
  return all
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_EXPLANATIONS);
}
