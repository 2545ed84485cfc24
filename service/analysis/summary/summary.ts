/** One sentence of a run: how it compares with those before it, and which phase that comes from. */
import type { JobRecord, PhaseRecord } from '../../protocol/record.ts';
import { isEnded } from '../../protocol/states.ts';
import type { Explanation, RunSummary } from '../../protocol/summary.ts';
import { type AskedRun, LEAST_RUNS, type PastTimes, timesBefore } from '../expected/before.ts';
import { METRICS } from '../performanceRuns.ts';
import { type Usual, usualOfRun } from '../usual.ts';
import { type TimedPhase, decisiveChain, timedPhases } from './decisive.ts';
import { failedSentence, heldSentence, nothingEndedSentence, unknownSentence } from './words.ts';

/** Closer to the median, a run is as usual. */
const AS_USUAL_PERCENT = 5;
/** A smaller part of the difference is no explanation. */
const LEAST_SHARE = 0.05;
const MOST_EXPLANATIONS = 5;

export interface RunAndPast {
  job: JobRecord;
  phases: readonly PhaseRecord[];
  /** What runs of its pipeline took; this one may be among them. */
  past: PastTimes;
  /** Epoch milliseconds. */
  now: number;
}

/** What is held against what was usual, and the phases it is made of. */
interface Compared {
  time: number;
  usual: Usual;
  phases: readonly TimedPhase[];
}

export function runSummary(of: RunAndPast): RunSummary {
  const { job, past } = of;
  const running = !isEnded(job.status);
  const usuals = phaseUsuals(of);
  const whole = usualOfRun(job.duration_ms, past.totals, askedOf(job));
  const timed = timedPhases(of.phases);
  const chain = running ? [] : decisiveChain(of.phases);
  const counted = running ? countedSoFar(of, timed, usuals) : chain;
  const compared = running ? soFar(of, { counted, usuals, whole }) : wholeRun(job, whole, chain);
  const evidence = {
    time_ms: compared?.time ?? (running ? null : job.duration_ms),
    decisive_phases: counted.map(({ phase_id }) => phase_id),
    runs_before: timesBefore(past.totals, askedOf(job)).length,
    runs_needed: LEAST_RUNS,
  };
  const base = { job_id: job.job_id, running, evidence };
  if (job.status === 'FAILED' || job.status === 'CANCELLED') {
    const state = job.status === 'FAILED' ? 'failed' : 'cancelled';
    return { ...base, ...NOTHING, state, sentence: failedSentence(job, of.phases) };
  }
  if (compared !== null) return { ...base, ...comparison(compared, running, usuals) };
  if (running && whole !== null)
    return {
      ...{ ...base, ...NOTHING, state: 'nothing_ended', usual: usualRecord(whole) },
      sentence: nothingEndedSentence(whole),
    };
  const sentence = unknownSentence(job, evidence);
  return { ...base, ...NOTHING, state: 'not_enough_data', sentence };
}

const NOTHING = { slower_percent: null, usual: null, explained_by: [] };

function comparison(
  { time, usual, phases }: Compared,
  running: boolean,
  usuals: ReadonlyMap<string, Usual>,
): Pick<RunSummary, 'state' | 'sentence' | 'slower_percent' | 'usual' | 'explained_by'> {
  const difference = time - usual.median;
  const isUsual =
    Math.abs(difference) * 100 < AS_USUAL_PERCENT * usual.median ||
    Math.abs(difference) < METRICS.execution_time.noise;
  const slower_percent = usual.median > 0 ? (100 * difference) / usual.median : 0;
  const explained_by = isUsual ? [] : explanations(phases, usuals, difference);
  const held = { time, usual, slower_percent, isUsual, running, explained_by };
  const state = isUsual ? 'as_usual' : 'known';
  const sentence = heldSentence(held);
  return { state, sentence, slower_percent, explained_by, usual: usualRecord(usual) };
}

function usualRecord({ median, low, high, runs }: Usual): RunSummary['usual'] {
  return { median_ms: median, low_ms: low, high_ms: high, runs };
}

function askedOf(job: JobRecord): AskedRun {
  const { job_id, labels, items_total: size, started_at } = job;
  return { job_id, labels, size, before: started_at === null ? Infinity : Date.parse(started_at) };
}

function wholeRun(
  { duration_ms: time }: JobRecord,
  usual: Usual | null,
  phases: readonly TimedPhase[],
): Compared | null {
  return time === null || usual === null ? null : { time, usual, phases };
}

/** What was usual of each phase before it began. */
function phaseUsuals({ job, phases, past }: RunAndPast): Map<string, Usual> {
  const { job_id, labels } = job;
  return new Map(
    phases.flatMap(({ phase_id, started_at, items_done, items_total }) => {
      if (started_at === null) return [];
      const run = { job_id, labels, before: Date.parse(started_at) };
      const size = items_done ?? items_total;
      const usual = usualOfRun(null, past.phases.get(phase_id) ?? [], { ...run, size });
      return usual === null ? [] : [[phase_id, usual] as const];
    }),
  );
}

/** Phases with a usual time that have ended, and those that run for longer than it: what is left of others is not known. */
function countedSoFar(
  { phases, now }: RunAndPast,
  ended: readonly TimedPhase[],
  usuals: ReadonlyMap<string, Usual>,
): TimedPhase[] {
  const overdue = phases.flatMap(({ phase_id, status, started_at }): TimedPhase[] => {
    const begin = status === 'RUNNING' && started_at !== null ? Date.parse(started_at) : now;
    return now - begin > (usuals.get(phase_id)?.median ?? Infinity)
      ? [{ phase_id, begin, end: now }]
      : [];
  });
  return [...ended, ...overdue].filter(({ phase_id }) => usuals.has(phase_id));
}

/** The counted phases together, against the same phases before; where there is none, a run that takes longer than whole ones. */
function soFar(
  { job, now }: RunAndPast,
  {
    counted,
    usuals,
    whole,
  }: { counted: TimedPhase[]; usuals: ReadonlyMap<string, Usual>; whole: Usual | null },
): Compared | null {
  if (counted.length === 0) {
    const time = job.started_at === null ? 0 : now - Date.parse(job.started_at);
    return whole !== null && time > whole.median ? { time, usual: whole, phases: [] } : null;
  }
  let time = 0;
  const usual: Usual = { median: 0, low: 0, high: 0, runs: Infinity, side: null };
  for (const { phase_id, begin, end } of counted) {
    const { median = 0, low = 0, high = 0, runs = 0 } = usuals.get(phase_id) ?? {};
    time += end - begin;
    usual.median += median;
    usual.low += low;
    usual.high += high;
    usual.runs = Math.min(usual.runs, runs);
  }
  return { time, usual, phases: counted };
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
