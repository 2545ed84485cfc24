/** What is compared of a run, and the median of several runs in the same shape. */
import type { PhaseMeasure, RunMeasure } from '../protocol/compareMeasures.ts';
import { PHASE_MEASURES, RUN_MEASURES } from '../protocol/compareMeasures.ts';
import type { ArtifactRecord, JobRecord, PhaseRecord } from '../protocol/record.ts';
import { type Status, isEnded } from '../protocol/states.ts';
import { known, meanOf, spreadOf } from './quantile.ts';

type Measures<M extends string> = Record<M, number | null>;

export interface PhaseFigures {
  name: string;
  status: Status;
  attempt: number;
  /** Null where the runs behind a median disagree. */
  depends_on: readonly string[] | null;
  error: PhaseRecord['error'];
  /** How many runs it stands for. */
  runs: number;
  measures: Measures<PhaseMeasure>;
}

export interface RunFigures {
  /** Whether more phases may come. */
  ended: boolean;
  totals: Measures<RunMeasure>;
  /** By phase id, in order. */
  phases: ReadonlyMap<string, PhaseFigures>;
  /** By name; `varies` where the runs behind a median disagree. */
  parameters: ReadonlyMap<string, { value: string } | 'varies'>;
  /** Null behind a median: paths often name the run. */
  artifacts: readonly ArtifactRecord[] | null;
}

/** Longer values are cut. */
const LONGEST_VALUE = 500;

export interface Run {
  job: JobRecord;
  phases: readonly PhaseRecord[];
  artifacts: readonly ArtifactRecord[];
  /** Over the whole run, out of its own samples; null without any. */
  usage: { cpu_percent: number | null; memory_mb: number | null };
}

export function runFigures({ job, phases, artifacts, usage }: Run): RunFigures {
  const { phases_total, phases_done, phases_failed, error_count, warning_count } = job;
  const peaks = known(phases, ({ memory_mb }) => memory_mb?.max ?? null);
  if (usage.memory_mb !== null) peaks.push(usage.memory_mb);
  return {
    ended: isEnded(job.status),
    totals: {
      time_ms: job.duration_ms,
      cpu_percent: usage.cpu_percent ?? meanLoad(phases),
      memory_mb: spreadOf(peaks).max,
      ...{ phases_total, phases_done, phases_failed, error_count, warning_count },
      artifact_count: job.artifact_count,
    },
    phases: new Map(phases.map((phase) => [phase.phase_id, phaseFigures(phase)])),
    parameters: parametersOf(job),
    artifacts,
  };
}

function phaseFigures(phase: PhaseRecord): PhaseFigures {
  const { name, status, attempt, depends_on, error } = phase;
  const { throughput, items_done, error_count, warning_count, artifact_count } = phase;
  return {
    ...{ name, status, attempt, depends_on, error, runs: 1 },
    measures: {
      time_ms: phase.execution_time_ms,
      cpu_percent: phase.cpu_percent?.avg ?? null,
      memory_mb: phase.memory_mb?.max ?? null,
      ...{ throughput, items_done, error_count, warning_count, artifact_count },
    },
  };
}

/** The mean of what the phases used, each by its time. */
function meanLoad(phases: readonly PhaseRecord[]): number | null {
  let [time, load] = [0, 0];
  for (const { cpu_percent, execution_time_ms } of phases) {
    if (cpu_percent === null || execution_time_ms === null) continue;
    time += execution_time_ms;
    load += cpu_percent.avg * execution_time_ms;
  }
  return time === 0 ? null : load / time;
}

function parametersOf(job: JobRecord): RunFigures['parameters'] {
  const { name, kind, pipeline, source_file, worker_id, items_total, attempt } = job;
  const fields = { name, kind, pipeline, source_file, worker_id, items_total, attempt };
  const all: [string, unknown][] = [
    ...Object.entries(fields),
    ...Object.entries(job.labels).map(([label, value]) => [`label.${label}`, value] as const),
    ...Object.entries(job.extra).map(([field, value]) => [`extra.${field}`, value] as const),
  ].map(([key, value]) => [key, value]);
  return new Map(
    all.flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key, { value: textOf(value) }]],
    ),
  );
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

/**
 * The run in the middle of several: the median of each measure over the runs that know it; a phase that at least half of
 * them have, with the status and dependencies that most agree on. The runs have to have ended.
 */
export function medianRun(runs: readonly RunFigures[]): RunFigures {
  return {
    ended: true,
    totals: medians(
      RUN_MEASURES,
      runs.map(({ totals }) => totals),
    ),
    phases: medianPhases(runs),
    parameters: commonParameters(runs),
    artifacts: null,
  };
}

function medianPhases(runs: readonly RunFigures[]): RunFigures['phases'] {
  const held = new Map<string, { places: number[]; phases: PhaseFigures[] }>();
  for (const run of runs) {
    let place = 0;
    for (const [phase_id, phase] of run.phases) {
      const of = held.get(phase_id) ?? { places: [], phases: [] };
      of.places.push(place++);
      of.phases.push(phase);
      held.set(phase_id, of);
    }
  }
  const usual = [...held].filter(([, { phases }]) => phases.length * 2 >= runs.length);
  const placed = usual.map(([phase_id, { places, phases }]) => ({
    ...{ phase_id, phases, place: meanOf(places) ?? 0 },
  }));
  placed.sort((a, b) => a.place - b.place || (a.phase_id < b.phase_id ? -1 : 1));
  return new Map(placed.map(({ phase_id, phases }) => [phase_id, medianPhase(phases)]));
}

function medianPhase(phases: readonly PhaseFigures[]): PhaseFigures {
  const depends = phases.map(({ depends_on }) => JSON.stringify([...(depends_on ?? [])].sort()));
  const agreed = majority(depends);
  return {
    name: phases[0]?.name ?? '',
    status: most(phases.map(({ status }) => status)) ?? 'COMPLETED',
    attempt: Math.round(spreadOf(phases.map(({ attempt }) => attempt)).p50 ?? 1),
    depends_on: agreed === null ? null : (JSON.parse(agreed) as string[]),
    error: null,
    runs: phases.length,
    measures: medians(
      PHASE_MEASURES,
      phases.map(({ measures }) => measures),
    ),
  };
}

function commonParameters(runs: readonly RunFigures[]): RunFigures['parameters'] {
  const names = new Set(runs.flatMap(({ parameters }) => [...parameters.keys()]));
  const found = new Map<string, { value: string } | 'varies'>();
  for (const name of names) {
    const values = runs.map(({ parameters }) => {
      const held = parameters.get(name);
      return held === undefined || held === 'varies' ? null : held.value;
    });
    const common = majority(values.map((value) => JSON.stringify(value)));
    if (common === null) found.set(name, 'varies');
    else if (common !== 'null') found.set(name, { value: JSON.parse(common) as string });
  }
  return found;
}

function medians<M extends string>(
  measures: readonly M[],
  of: readonly Measures<M>[],
): Measures<M> {
  const pairs = measures.map((measure) => [
    measure,
    spreadOf(known(of, (one) => one[measure])).p50,
  ]);
  return Object.fromEntries(pairs) as Measures<M>;
}

/** What more than half of them are; null without such a one. */
function majority(values: readonly string[]): string | null {
  const common = most(values);
  const count = values.filter((value) => value === common).length;
  return common !== null && count * 2 > values.length ? common : null;
}

/** The most frequent one; of equally frequent ones the first. */
function most<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: { value: T; count: number } | null = null;
  for (const [value, count] of counts)
    if (best === null || count > best.count) best = { value, count };
  return best?.value ?? null;
}
