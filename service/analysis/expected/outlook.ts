/** What is usual for a job and its phases, and when they will end: what their records say of it. */
import type { Eta, Expected, JobOutlook, Outlook } from '../../core/outlook.ts';
import { type Rest, rangeOf, restOf, widened } from './forecast.ts';
import { restLikely } from './likely.ts';
import { paceOf, phaseTime, usualTimes } from './phaseTime.ts';
import type { PastRuns, PhaseNow, RunNow } from './run.ts';
import { type PastTime, type UsualTime, usualTime } from './usualTime.ts';

/** What is usual is said from so many runs on. */
export const LEAST_RUNS = 3;
/** Of a job with more phases only those that run are spoken of. */
const MOST_PHASES = 300;

export interface OutlookOptions {
  past: PastRuns;
  /** By what factor the ranges of its pipeline are wider than the default. */
  width: number;
}

/** Of a job that runs, without the number of the entry. `rest` is what was foretold with the factor 1. */
export function runningOutlook(
  run: RunNow,
  { past, width }: OutlookOptions,
): { outlook: Omit<JobOutlook, 'seq'>; rest: Rest | null } {
  const expected = usualBefore(past.totals, run.size, run.started_at);
  const rest = restOf(run, past);
  const eta = rest && widened(rest, width);
  const elapsed = run.now - run.started_at;
  const outlook = {
    expected,
    eta: eta && { ...timesOf(eta, run.now), basis: eta.basis },
    times: timesUsual(elapsed, expected),
    phases: phaseOutlooks(run, { past, width }),
  };
  return { outlook, rest };
}

/** Of a job that has ended: what was usual before it. */
export function endedOutlook(run: RunNow, past: PastRuns): Omit<JobOutlook, 'seq'> {
  const expected = usualBefore(past.totals, run.size, run.started_at);
  const phases = new Map<string, Outlook>();
  for (const phase of run.phases.slice(0, MOST_PHASES)) {
    const usual = expectedOf(phase, past);
    if (usual !== null) phases.set(phase.phase_id, { expected: usual, eta: null, times: null });
  }
  return { expected, eta: null, times: null, phases };
}

function phaseOutlooks(run: RunNow, { past, width }: OutlookOptions): Map<string, Outlook> {
  const outlooks = new Map<string, Outlook>();
  const few = run.phases.length <= MOST_PHASES;
  const shown = few ? run.phases : run.phases.filter(({ state }) => state === 'running');
  const some = shown.slice(0, MOST_PHASES);
  const usual = usualTimes(some, past);
  const pace = paceOf(run, usual);
  for (const phase of some) {
    const expected = expectedOf(phase, past);
    const eta =
      phase.state === 'running'
        ? phaseEta(phase, { now: run.now, pace, width, usual: usual.get(phase.phase_id) })
        : null;
    if (expected === null && eta === null) continue;
    const ran = phase.state === 'running' && phase.started_at !== null;
    const times = ran ? timesUsual(run.now - (phase.started_at ?? run.now), expected) : null;
    outlooks.set(phase.phase_id, { expected, eta, times });
  }
  return outlooks;
}

function phaseEta(
  phase: PhaseNow,
  {
    now,
    usual,
    pace,
    width,
  }: { now: number; usual: UsualTime | undefined; pace: number; width: number },
): Eta | null {
  if (phase.started_at === null) return null;
  const time = phaseTime(phase, { now, usual, pace });
  if (time === null || time.by === 'others') return null;
  const rest = { ...rangeOf(restLikely(time, now - phase.started_at)), basis: time.by };
  return { ...timesOf(widened(rest, width), now), basis: time.by };
}

/** What was usual before it began; of what has not begun, what is now. */
function expectedOf({ phase_id, size, started_at }: PhaseNow, past: PastRuns): Expected | null {
  const times = past.phases.get(phase_id)?.times ?? [];
  return usualBefore(times, size, started_at ?? Infinity);
}

/** Of what had ended before a time; null of fewer than 3 runs. */
export function usualBefore(
  times: readonly PastTime[],
  size: number | null,
  before: number,
): UsualTime | null {
  const known = times.filter(({ ended_at }) => ended_at <= before);
  return known.length < LEAST_RUNS ? null : usualTime(known, size);
}

/** To a tenth; null up to the usual time. */
function timesUsual(ms: number, expected: Expected | null): number | null {
  if (expected === null || !(expected.ms > 0) || ms <= expected.ms) return null;
  return Math.round((ms / expected.ms) * 10) / 10;
}

/** Times of day, to what can be known: seconds where it takes long. */
function timesOf({ ms, low, high }: Omit<Rest, 'basis'>, now: number): Omit<Eta, 'basis'> {
  const grain = ms > 20_000 ? 1000 : 100;
  const at = (rest: number) => Math.ceil((now + Math.min(rest, MOST_MS)) / grain) * grain;
  return { at: at(ms), low: at(low), high: at(high) };
}

/** Ten years: a date can hold it, and nobody asks for more. */
const MOST_MS = 10 * 365 * 86_400_000;

/** True where somebody would see the difference. */
export function isNews(
  before: JobOutlook | undefined,
  now: Omit<JobOutlook, 'seq'>,
  at: number,
): boolean {
  if (before === undefined) return true;
  if (differs(before, now, at) || before.phases.size !== now.phases.size) return true;
  for (const [phase_id, outlook] of now.phases) {
    const held = before.phases.get(phase_id);
    if (held === undefined || differs(held, outlook, at)) return true;
  }
  return false;
}

/** True where nothing is known, of the job or of a phase. */
export function isBlank({ phases, ...job }: Omit<JobOutlook, 'seq'>): boolean {
  const blank = ({ expected, eta, times }: Outlook) =>
    expected === null && eta === null && times === null;
  return blank(job) && [...phases.values()].every(blank);
}

/** What changed of phases: their ids. */
export function changedPhases(
  before: JobOutlook | undefined,
  now: Omit<JobOutlook, 'seq'>,
  at: number,
): string[] {
  const ids = new Set([...(before?.phases.keys() ?? []), ...now.phases.keys()]);
  return [...ids].filter((id) => {
    const [a, b] = [before?.phases.get(id), now.phases.get(id)];
    return a === undefined || b === undefined || differs(a, b, at);
  });
}

function differs(a: Outlook, b: Outlook, at: number): boolean {
  return a.times !== b.times || !sameUsual(a.expected, b.expected) || !sameEta(a.eta, b.eta, at);
}

function sameUsual(a: Expected | null, b: Expected | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a.ms - b.ms) <= 0.01 * a.ms && Math.abs(a.high - b.high) <= 0.05 * a.high;
}

function sameEta(a: Eta | null, b: Eta | null, at: number): boolean {
  if (a === null || b === null) return a === b;
  const rest = Math.max(0, b.at - at);
  const near = (x: number, y: number, share: number) =>
    Math.abs(x - y) <= Math.max(1000, share * rest);
  const isAhead = a.at > at;
  return (
    a.basis === b.basis &&
    isAhead &&
    near(a.at, b.at, 0.05) &&
    near(a.low, b.low, 0.15) &&
    near(a.high, b.high, 0.15)
  );
}
