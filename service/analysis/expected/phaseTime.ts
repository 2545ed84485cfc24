/** How long one phase of a run will take in all, from what is known of it: runs before, its progress, the other phases. */
import { type Likely, combined, restLikely } from './likely.ts';
import { PARAMETERS } from './parameters.ts';
import type { PastRuns, PhaseNow, RunNow } from './run.ts';
import { type UsualTime, usualTime, weightedMedian } from './usualTime.ts';

export interface PhaseTime extends Likely {
  by: 'history' | 'progress' | 'both' | 'others';
}

/** Progress below it is too little to divide by. */
const LEAST_PROGRESS = 0.01;

/** What is usual for each phase that runs before tell of; by phase id. */
export function usualTimes(
  phases: readonly Pick<PhaseNow, 'phase_id' | 'size'>[],
  past: PastRuns,
): Map<string, UsualTime> {
  const usual = new Map<string, UsualTime>();
  for (const { phase_id, size } of phases) {
    const times = past.phases.get(phase_id)?.times;
    const known = times && usualTime(times, size);
    if (known) usual.set(phase_id, known);
  }
  return usual;
}

/**
 * How much slower this run is than others, as a logarithm: the mean of what its ended phases took against what is usual
 * for them, longer phases counting more, drawn towards 0 where there is little of it.
 */
export function paceOf({ phases }: RunNow, usual: ReadonlyMap<string, UsualTime>): number {
  const ratios: number[] = [];
  const shares: number[] = [];
  for (const phase of phases) {
    const known = usual.get(phase.phase_id);
    const ms = tookMs(phase);
    if (known === undefined || ms === null || !(known.ms > 0)) continue;
    // One phase that went astray, or did nothing, is no pace.
    ratios.push(Math.min(1.5, Math.max(-1.5, Math.log(Math.max(1, ms)) - known.mu)));
    shares.push(known.ms);
  }
  if (ratios.length === 0) return 0;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const effective = total ** 2 / shares.reduce((sum, share) => sum + share ** 2, 0);
  const median = weightedMedian(ratios, shares);
  return (median * effective) / (effective + PARAMETERS.paceInertia);
}

/** The whole duration of a phase that runs or is to run; null where nothing says anything. */
export function phaseTime(
  phase: PhaseNow,
  { now, usual, pace }: { now: number; usual: UsualTime | undefined; pace: number },
): PhaseTime | null {
  const before: PhaseTime | null = usual
    ? { mu: usual.mu + pace, sigma: usual.sigma, by: 'history' }
    : null;
  const elapsed = phase.started_at === null ? 0 : now - phase.started_at;
  const told = phase.state === 'running' ? byProgress(elapsed, phase.progress) : null;
  if (told === null) return before;
  return before === null ? { ...told, by: 'progress' } : { ...combined(before, told), by: 'both' };
}

/**
 * A duration by the share of it that is done: steps of work are rarely of one length, so little progress says little.
 * The spread is that of a random walk that is known at both ends (a Brownian bridge), set on recordings.
 */
export function byProgress(elapsed: number, progress: number | null): Likely | null {
  if (progress === null || !(progress >= LEAST_PROGRESS) || !(elapsed > 0)) return null;
  const done = Math.min(1, progress);
  const sigma = PARAMETERS.progressSpread * Math.sqrt((1 - done) * (1 - done / 2));
  return { mu: Math.log(elapsed / done), sigma: Math.max(0.02, sigma) };
}

/**
 * What is left of a run by the share that it says is done: between the speed since it began and that since its middle,
 * because work gets quicker or slower on the way.
 */
export function restByProgress({ now, started_at, progress, earlier }: RunNow): Likely | null {
  const elapsed = now - started_at;
  const whole = byProgress(elapsed, progress);
  if (whole === null || progress === null) return null;
  const rest = restLikely(whole, elapsed);
  const [gained, ms] = [progress - (earlier?.progress ?? 0), now - (earlier?.time ?? now)];
  if (!(gained > 0) || !(ms > 0)) return rest;
  const recent = Math.log(Math.max(1, (ms * (1 - progress)) / gained));
  const mu = rest.mu + PARAMETERS.recentSpeed * (recent - rest.mu);
  return { mu, sigma: rest.sigma };
}

/**
 * What is left for phases of which nothing is known: as long as those of which something is, in the geometric mean, because
 * a few phases usually take most of the time.
 */
export function timeOfOthers(
  phases: readonly PhaseNow[],
  times: readonly Likely[],
): PhaseTime | null {
  const logs = times.map(({ mu }) => mu);
  for (const phase of phases) {
    const ms = tookMs(phase);
    if (ms !== null) logs.push(Math.log(Math.max(1, ms)));
  }
  if (logs.length === 0) return null;
  const mu = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return { mu, sigma: PARAMETERS.unknownSpread, by: 'others' };
}

/** Milliseconds that an ended phase took; null of others. */
export function tookMs({ state, started_at, ended_at }: PhaseNow): number | null {
  if (state !== 'ended' || started_at === null || ended_at === null) return null;
  return Math.max(0, ended_at - started_at);
}
