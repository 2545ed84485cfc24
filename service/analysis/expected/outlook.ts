/** What is usual for a job and its phases, and when they will end: what their records say of it. */
import type { Eta, Expected, JobOutlook, Outlook } from '../../core/outlook.ts';
import { type Rest, rangeOf, restOf, widened } from './forecast.ts';
import { restLikely } from './likely.ts';
import { paceOf, phaseTime, usualTimes } from './phaseTime.ts';
import type { PastRuns, PhaseNow, RunNow } from './run.ts';
import type { UsualTime } from './usualTime.ts';

/** Of a job with more phases only those that run are spoken of. */
const MOST_PHASES = 300;

/** The whole run where the phase is null. */
export interface AskedPart {
  phase_id: string | null;
  size: number | null;
  started_at: number | null;
}

export type ExpectedOf = (part: AskedPart) => UsualTime | null;

export interface OutlookOptions {
  past: PastRuns;
  expectedOf: ExpectedOf;
  /** By what factor the ranges of its pipeline are wider than the default. */
  width: number;
}

/** Of a job that runs, without the number of the entry. `rest` is what was foretold with the factor 1. */
export function runningOutlook(
  run: RunNow,
  options: OutlookOptions,
): { outlook: Omit<JobOutlook, 'seq'>; rest: Rest | null } {
  const expected = options.expectedOf(wholeOf(run));
  const rest = restOf(run, options.past);
  const eta = rest && widened(rest, options.width);
  const elapsed = run.now - run.started_at;
  const outlook = {
    expected,
    eta: eta && { ...timesOf(eta, run.now), basis: eta.basis },
    times: timesUsual(elapsed, expected),
    phases: phaseOutlooks(run, options),
  };
  return { outlook, rest };
}

/** Of a job that has ended: what was usual before it. */
export function endedOutlook(run: RunNow, expectedOf: ExpectedOf): Omit<JobOutlook, 'seq'> {
  const expected = expectedOf(wholeOf(run));
  const phases = new Map<string, Outlook>();
  for (const phase of run.phases.slice(0, MOST_PHASES)) {
    const usual = expectedOf(phase);
    if (usual !== null) phases.set(phase.phase_id, { expected: usual, eta: null, times: null });
  }
  return { expected, eta: null, times: null, phases };
}

function wholeOf({ size, started_at }: RunNow): AskedPart {
  return { phase_id: null, size, started_at };
}

function phaseOutlooks(
  run: RunNow,
  { past, width, expectedOf }: OutlookOptions,
): Map<string, Outlook> {
  const outlooks = new Map<string, Outlook>();
  const few = run.phases.length <= MOST_PHASES;
  const shown = few ? run.phases : run.phases.filter(({ state }) => state === 'running');
  const some = shown.slice(0, MOST_PHASES);
  const usual = usualTimes(some, past);
  const pace = paceOf(run, usual);
  for (const phase of some) {
    const expected = expectedOf(phase);
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
  if (phase.started_at === null || !Number.isFinite(phase.started_at)) return null;
  const time = phaseTime(phase, { now, usual, pace });
  if (time === null || time.by === 'others') return null;
  const rest = { ...rangeOf(restLikely(time, now - phase.started_at)), basis: time.by };
  return { ...timesOf(widened(rest, width), now), basis: time.by };
}

/** To a tenth; null up to the usual time. */
function timesUsual(ms: number, expected: Expected | null): number | null {
  if (expected === null || !(expected.ms > 0) || !(ms > expected.ms) || !Number.isFinite(ms))
    return null;
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
