/**
 * When a run will end. What is left of it is played through with likely durations of its phases: those that run go on, the
 * others begin when what they depend on has ended and a place is free (stochastic networks: van Slyke, "Monte Carlo Methods
 * and the PERT Problem", 1963, with evenly spread draws in place of random ones, so that the same run gives the same
 * answer). What the pipeline says of its progress, and what whole runs took, are further guesses at the same time.
 */
import { type Likely, Z90, combined, msOf, restLikely } from './likely.ts';
import { PARAMETERS } from './parameters.ts';
import { restByProgress } from './phaseTime.ts';
import type { PastRuns, RunNow } from './run.ts';
import { restOfPhases } from './rest.ts';
import { usualTime } from './usualTime.ts';

/** Milliseconds from now: the likely rest, and between which 8 of 10 ends lie. */
export interface Rest {
  ms: number;
  low: number;
  high: number;
  basis: 'history' | 'progress' | 'both';
}

interface Guess {
  /** Of the rest. */
  likely: Likely;
  history: boolean;
  progress: boolean;
}

/**
 * What is left of a run; null where neither history nor progress says anything. O(phases * edges), the same for any length of history.
 */
export function restOf(run: RunNow, past: PastRuns): Rest | null {
  const elapsed = Math.max(0, run.now - run.started_at);
  if (!Number.isFinite(elapsed)) return null;
  const guesses: Guess[] = [];
  const phases = restOfPhases(run, past);
  const told = restByProgress(run);
  if (told !== null) guesses.push({ likely: told, history: false, progress: true });
  // What the run says of itself counts more than that phases of which nothing is known may be like the others.
  if (phases !== null && !(told !== null && phases.guessed)) guesses.push(phases);
  const total = phases?.history === true ? null : usualTime(past.totals, run.size);
  if (total !== null)
    guesses.push({ likely: restLikely(total, elapsed), history: true, progress: false });
  const [first, ...others] = guesses;
  if (first === undefined) return null;
  const likely = others.reduce((sum, { likely: other }) => combined(sum, other), first.likely);
  const history = guesses.some((guess) => guess.history);
  const progress = guesses.some((guess) => guess.progress);
  const basis = history && progress ? 'both' : history ? 'history' : 'progress';
  const range = rangeOf(likely);
  // Times that are none make no forecast.
  return Object.values(range).every(Number.isFinite) ? { ...range, basis } : null;
}

/** The same with another range. */
export function widened(rest: Rest, width: number): Rest {
  const { ms, low, high } = rest;
  const edge = (at: number) => msOf(Math.log(ms) + width * (Math.log(at) - Math.log(ms)));
  return { ...rest, low: edge(low), high: edge(high) };
}

/** The range of a likely rest, with the default width. */
export function rangeOf({ mu, sigma }: Likely): Omit<Rest, 'basis'> {
  const reach = Z90 * sigma * PARAMETERS.width;
  return { ms: msOf(mu), low: msOf(mu - reach), high: msOf(mu + reach) };
}
