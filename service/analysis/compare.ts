/**
 * Two runs against each other: what each phase took, used and produced, what is only in one of them, and where they first
 * went apart. `compareRuns(b, a)` says the same as `compareRuns(a, b)` with all signs turned.
 */
import type {
  Bounds,
  Comparison,
  Difference,
  Parameter,
  PhaseComparison,
} from '../protocol/compare.ts';
import { type DiffersIn, PHASE_MEASURES, RUN_MEASURES } from '../protocol/compareMeasures.ts';
import { isEnded } from '../protocol/states.ts';
import { compareArtifacts } from './compareArtifacts.ts';
import { mergeOrder } from './mergeOrder.ts';
import type { PhaseFigures, RunFigures } from './runFigures.ts';

/** A phase takes longer or shorter from a fifth on, and not below a second: what repeats of the same work vary by. */
export const DEFAULT_BOUNDS: Bounds = { time_percent: 20, time_ms: 1000 };
/** Of memory likewise, in percent and MB. */
const MEMORY_PERCENT = 20;
const MEMORY_MB = 50;
const MAX_PARAMETERS = 200;
const MAX_NAMED = 1000;

/** What says that runs went apart; the rest follows from it, or is an effect. */
const DIVERGES: ReadonlySet<DiffersIn> = new Set<DiffersIn>([
  ...(['added', 'removed', 'status', 'depends_on', 'time'] as const),
]);

/** All but the two records that the answer begins with. */
export type RunComparison = Omit<Comparison, 'job' | 'other'>;

export function compareRuns(
  job: RunFigures,
  other: RunFigures,
  bounds: Bounds = DEFAULT_BOUNDS,
): RunComparison {
  const phases = comparePhases(job, other, bounds);
  const only = (which: 'added' | 'removed') =>
    phases.filter(({ differs }) => differs.includes(which)).map(({ phase_id }) => phase_id);
  const [added, removed] = [only('added'), only('removed')];
  const first = phases.find(({ differs }) => differs.some((one) => DIVERGES.has(one)));
  const parameters = compareParameters(job.parameters, other.parameters);
  return {
    bounds,
    totals: differencesOf(RUN_MEASURES, job.totals, other.totals),
    parameters: parameters.slice(0, MAX_PARAMETERS),
    parameters_total: parameters.length,
    added: added.slice(0, MAX_NAMED),
    removed: removed.slice(0, MAX_NAMED),
    added_total: added.length,
    removed_total: removed.length,
    different_total: phases.filter(({ differs }) => differs.length > 0).length,
    first_divergence: first === undefined ? null : divergenceOf(first),
    artifacts:
      job.artifacts === null || other.artifacts === null
        ? null
        : compareArtifacts(job.artifacts, other.artifacts),
    phases,
  };
}

function divergenceOf({ phase_id, name, index, differs }: PhaseComparison) {
  return { phase_id, name, index, differs };
}

function comparePhases(job: RunFigures, other: RunFigures, bounds: Bounds): PhaseComparison[] {
  const ids = (run: RunFigures) => [...run.phases.keys()];
  return mergeOrder(ids(job), ids(other)).map((phase_id, index) => {
    const mine = job.phases.get(phase_id);
    const theirs = other.phases.get(phase_id);
    return {
      phase_id,
      name: mine?.name ?? theirs?.name ?? phase_id,
      index,
      job: sideOf(mine),
      other: sideOf(theirs),
      ...differencesOf(PHASE_MEASURES, mine?.measures, theirs?.measures),
      differs:
        mine && theirs
          ? differsIn(mine, theirs, bounds)
          : // A run that has not ended may come to the phase yet.
            onlyIn(mine ? 'added' : 'removed', mine ? other.ended : job.ended),
    };
  });
}

function onlyIn(which: 'added' | 'removed', isCertain: boolean): DiffersIn[] {
  return isCertain ? [which] : [];
}

function sideOf(phase: PhaseFigures | undefined): PhaseComparison['job'] {
  if (phase === undefined) return null;
  const { status, attempt, depends_on, error, runs } = phase;
  return { status, attempt, depends_on: depends_on && [...depends_on], error, runs };
}

function differsIn(a: PhaseFigures, b: PhaseFigures, bounds: Bounds): DiffersIn[] {
  const { time_percent, time_ms } = bounds;
  const differs: Record<Exclude<DiffersIn, 'added' | 'removed'>, boolean> = {
    status: a.status !== b.status && isEnded(a.status) && isEnded(b.status),
    depends_on: a.depends_on !== null && b.depends_on !== null && !sameNames(a, b),
    time: isApart(a.measures.time_ms, b.measures.time_ms, time_percent, time_ms),
    memory: isApart(a.measures.memory_mb, b.measures.memory_mb, MEMORY_PERCENT, MEMORY_MB),
    errors: a.measures.error_count !== b.measures.error_count,
  };
  return (Object.keys(differs) as (keyof typeof differs)[]).filter((one) => differs[one]);
}

function sameNames({ depends_on: a }: PhaseFigures, { depends_on: b }: PhaseFigures): boolean {
  const [mine, theirs] = [new Set(a), new Set(b)];
  return mine.size === theirs.size && [...mine].every((name) => theirs.has(name));
}

/** Whether two values are apart by at least this part of the smaller one, and by at least `least`. */
function isApart(a: number | null, b: number | null, percent: number, least: number): boolean {
  if (a === null || b === null) return false;
  const gap = Math.abs(a - b);
  return gap > 0 && gap >= least && gap >= (Math.min(a, b) * percent) / 100;
}

/** The differences of all measures; a side that is absent knows none of them. */
function differencesOf<M extends string>(
  measures: readonly M[],
  job: Readonly<Record<M, number | null>> | undefined,
  other: Readonly<Record<M, number | null>> | undefined,
): Record<M, Difference> {
  const pairs = measures.map((measure) => [
    measure,
    difference(job?.[measure] ?? null, other?.[measure] ?? null),
  ]);
  return Object.fromEntries(pairs) as Record<M, Difference>;
}

export function difference(job: number | null, other: number | null): Difference {
  const isKnown = job !== null && other !== null;
  const ratio = isKnown && other !== 0 ? job / other : null;
  return { job, other, delta: isKnown ? job - other : null, ratio };
}

/** Parameters that are not the same, by name. One whose value differs among the runs behind a median says nothing. */
function compareParameters(
  job: RunFigures['parameters'],
  other: RunFigures['parameters'],
): Parameter[] {
  const names = [...new Set([...job.keys(), ...other.keys()])].sort();
  return names.flatMap((name) => {
    const [mine, theirs] = [job.get(name), other.get(name)];
    if (mine === 'varies' || theirs === 'varies') return [];
    const [a, b] = [mine?.value ?? null, theirs?.value ?? null];
    return a === b ? [] : [{ name, job: a, other: b }];
  });
}
