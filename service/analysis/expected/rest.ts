/** The rest of a run out of its phases, played through. */
import {
  type Likely,
  likelyOf,
  normalCdf,
  normalQuantile,
  quantileBeyond,
  quantileOf,
} from './likely.ts';
import { PARAMETERS } from './parameters.ts';
import { type PhaseTime, paceOf, phaseTime, timeOfOthers, usualTimes } from './phaseTime.ts';
import type { PastRuns, PhaseNow, RunNow } from './run.ts';
import { type Wait, Waits, median, waitLeft } from './waits.ts';
import { type Step, lengthOf } from './schedule.ts';

/** With more phases the whole run is looked at alone: to play them through would take long. */
const MOST_PHASES = 150;
/** How often it is played through. */
const DRAWS = 32;
/** A phase that was in so many of the runs before is waited for where the run has no plan of its own. */
const SEEN_ENOUGH = 0.5;
const GOLDEN = 0.6180339887498949;

export interface RestOfPhases {
  likely: Likely;
  history: boolean;
  progress: boolean;
  /** True where of some phases nothing is known but the others. */
  guessed: boolean;
}

interface Part {
  phase: PhaseNow;
  time: PhaseTime;
  elapsed: number;
  wait: Wait | null;
  after: number[];
}

/** Null where no phase tells anything of the rest. */
export function restOfPhases(run: RunNow, past: PastRuns): RestOfPhases | null {
  const phases = [...run.phases, ...stillToCome(run, past)];
  if (phases.length === 0 || phases.length > MOST_PHASES) return null;
  const parts = partsOf(run, phases, past);
  if (parts === null) return null;
  const tail = tailOf(run, phases, past);
  if (parts.length === 0 && tail === null) return null;
  const parallel = parallelOf(run, past);
  const lengths = Float64Array.from({ length: DRAWS }, (_, draw) =>
    Math.max(1, lengthOf(stepsOf(parts, draw), parallel) + (tail ?? 0)),
  ).sort();
  const at = (q: number) => lengths[Math.round(q * (DRAWS - 1))] ?? 1;
  const by = new Set(parts.map(({ time }) => time.by));
  return {
    likely: likelyOf(at(0.1), at(0.5), at(0.9)),
    history: by.has('history') || by.has('both') || (parts.length === 0 && tail !== null),
    guessed: by.has('others'),
    progress: by.has('progress') || by.has('both') || by.has('others'),
  };
}

/** Phases of the runs before that this one has not begun: only where it did not say itself what is to come. */
function stillToCome({ planned, phases }: RunNow, past: PastRuns): PhaseNow[] {
  if (planned) return [];
  const known = new Set(phases.map(({ phase_id }) => phase_id));
  return [...past.phases]
    .filter(([phase_id, { seen }]) => seen >= SEEN_ENOUGH && !known.has(phase_id))
    .map(([phase_id]) => {
      const open = { state: 'open', started_at: null, ended_at: null } as const;
      return { phase_id, ...open, progress: null, size: null, depends_on: [] };
    });
}

/** What is still to be done; null where nothing is known of any of it. */
function partsOf(run: RunNow, phases: readonly PhaseNow[], past: PastRuns): Part[] | null {
  const usual = usualTimes(phases, past);
  const pace = paceOf(run, usual);
  const undone = phases.filter(({ state }) => state === 'open' || state === 'running');
  const times = undone.map((phase) =>
    phaseTime(phase, { now: run.now, usual: usual.get(phase.phase_id), pace }),
  );
  const others = timeOfOthers(
    phases,
    times.filter((time) => time !== null),
  );
  if (undone.length > 0 && others === null) return null;
  // A phase that only runs, with nothing before it, next to it or said by it, tells nothing.
  if (undone.every((phase, at) => phase.state === 'running' && (times[at] ?? null) === null))
    if (undone.length > 0) return null;
  const place = new Map(undone.map(({ phase_id }, at) => [phase_id, at]));
  const needs = dependencies(phases, past);
  const waits = new Waits({ ...run, phases }, past, needs);
  return undone.map((phase, at) => ({
    phase,
    time: times[at] ?? (others as PhaseTime),
    elapsed: phase.started_at === null ? 0 : Math.max(0, run.now - phase.started_at),
    wait: waits.of(phase),
    after: (needs.get(phase.phase_id) ?? []).flatMap((id) => place.get(id) ?? []),
  }));
}

/** What each phase waits for: as declared, else as runs before showed it. */
function dependencies(
  phases: readonly PhaseNow[],
  { edges }: PastRuns,
): Map<string, readonly string[]> {
  if (phases.some(({ depends_on }) => depends_on.length > 0))
    return new Map(phases.map(({ phase_id, depends_on }) => [phase_id, depends_on]));
  const needs = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const held = needs.get(to);
    if (held) held.push(from);
    else needs.set(to, [from]);
  }
  return needs;
}

/** What usually comes after the last phase; null where nothing is known of it. */
function tailOf(run: RunNow, phases: readonly PhaseNow[], { tails }: PastRuns): number | null {
  if (tails.length === 0) return null;
  const usual = median(tails);
  const ends = phases.map(({ state, ended_at }) => (state === 'ended' ? (ended_at ?? 0) : 0));
  const isOver = phases.every(({ state }) => state === 'ended' || state === 'gone');
  if (!isOver) return usual;
  const since = Math.max(0, run.now - Math.max(run.started_at, ...ends));
  const likely = { mu: Math.log(Math.max(1, usual)), sigma: PARAMETERS.unknownSpread };
  return quantileBeyond(likely, since, 0.5) - since;
}

function parallelOf({ phases }: RunNow, { parallel }: PastRuns): number {
  const now = phases.filter(({ state }) => state === 'running').length;
  if (parallel !== null) return Math.max(1, parallel, now);
  // Without any order, they run one after the other unless they were seen to do otherwise.
  const ordered = phases.some(({ depends_on }) => depends_on.length > 0);
  return ordered ? Infinity : Math.max(1, now);
}

/** One way it may go: each draw has a share that is the same for all phases, and one of each phase's own. */
function stepsOf(parts: readonly Part[], draw: number): Step[] {
  const common = normalQuantile((draw + 0.5) / DRAWS);
  const { shared } = PARAMETERS;
  return parts.map(({ phase, time, elapsed, wait, after }, at) => {
    const place = (0.5 + (draw + 1) * (at + 1) * GOLDEN) % 1;
    const z = Math.sqrt(shared) * common + Math.sqrt(1 - shared) * normalQuantile(place);
    const share = normalCdf(z);
    if (phase.state === 'running')
      return { after, left: quantileBeyond(time, elapsed, share) - elapsed, takes: 0, waits: 0 };
    return { after, left: null, takes: quantileOf(time, share), waits: waitLeft(wait, 1 - place) };
  });
}
