/** The phases of a pipeline over its runs. */
import type { Execution } from '../core/executions.ts';
import type { HistoryRow } from '../core/historyRow.ts';
import type { TrendMetric } from '../protocol/domain.ts';
import type { Held, PerformancePhase, WorsePhase } from '../protocol/pipelinePerformance.ts';
import type { JobRecord } from '../protocol/record.ts';
import { known, meanOf, quartilesOf, spreadOf } from './quantile.ts';
import { percentOf } from './rates.ts';
import { METRICS, heldAgainst, phaseRuns, usualsOf } from './performanceRuns.ts';

const MAX_WORSE = 10;

export interface PhasesQuery {
  metric: TrendMetric;
  /** The jobs that are columns: id and start, epoch milliseconds. */
  runs: readonly { job_id: string; started: number }[];
  /** The job that is held against those before it. */
  job_id: string | null;
  limit: number;
  /** Those of the pipeline that are still known, by id. */
  jobs: ReadonlyMap<string, JobRecord>;
}

export interface PhasesOfRuns {
  phases: PerformancePhase[];
  phases_total: number;
  worse: WorsePhase[];
  worse_total: number;
  judged: number;
}

type Drawn = Omit<PerformancePhase, 'place' | 'share_percent'> & { begins: number | null };

/** The `limit` phases with the greatest median, and the worst of all of them. Rows are of one pipeline. */
export function phasesOfRuns(rows: readonly HistoryRow[], query: PhasesQuery): PhasesOfRuns {
  const columns = new Map(query.runs.map(({ job_id }, index) => [job_id, index]));
  const all = rows
    .map((row) => phaseOfRuns(row, columns, query))
    .filter(({ statuses, shown }) => shown !== null || statuses.some((status) => status !== null));
  const places = placesOf(all);
  const total = query.metric === 'execution_time' ? sumOfMedians(all) : null;
  const held = all.flatMap(({ phase_id, name, shown }) =>
    shown ? [{ phase_id, name, shown }] : [],
  );
  const worse = held.filter(({ shown }) => shown.side === 'above');
  return {
    phases: all
      .sort(byMedian)
      .slice(0, query.limit)
      .map(({ begins: _, ...phase }) => ({
        ...phase,
        place: places.get(phase.phase_id) ?? 0,
        share_percent:
          total === null || phase.spread === null ? null : percentOf(phase.spread.median, total),
      })),
    phases_total: all.length,
    worse: worse.map(worsePhase).sort(byExcess).slice(0, MAX_WORSE),
    worse_total: worse.length,
    judged: held.filter(({ shown }) => shown.side !== null).length,
  };
}

function phaseOfRuns(
  row: HistoryRow,
  columns: ReadonlyMap<string, number>,
  { metric, runs, job_id, jobs }: PhasesQuery,
): Drawn {
  const newest: (Execution | null)[] = runs.map(() => null);
  // In order of their end: of several attempts the newest stays.
  for (const one of row.executions) {
    const column = columns.get(one.job_id);
    if (column !== undefined) newest[column] = one;
  }
  const { of } = METRICS[metric];
  const count = (kind: Execution['status']) => newest.filter((one) => one?.status === kind).length;
  const [completed, failed] = [count('COMPLETED'), count('FAILED')];
  const values = newest.map((one) => (one === null ? null : of(one)));
  const begins = newest.map((one, i) =>
    one === null || one.started_at === null ? null : one.started_at - (runs[i]?.started ?? 0),
  );
  return {
    ...{ phase_id: row.phase_id, name: row.name, values },
    statuses: newest.map((one) => one?.status ?? null),
    spread: spreadOfValues(newest.flatMap((one) => (one?.status === 'COMPLETED' ? [of(one)] : []))),
    ...{ completed, failed, success_rate_percent: percentOf(completed, completed + failed) },
    shown: job_id === null ? null : shownOf(row, job_id, { metric, jobs }),
    begins: meanOf(known(begins, (ms) => ms)),
  };
}

function spreadOfValues(measured: readonly (number | null)[]): PerformancePhase['spread'] {
  const values = known(measured, (value) => value);
  const { count, min, max } = spreadOf(values);
  if (min === null || max === null) return null;
  return { count, min, max, ...quartilesOf(values) };
}

/** The newest attempt in the job, against the completed ones before it in other jobs. */
function shownOf(
  row: HistoryRow,
  job_id: string,
  { metric, jobs }: Pick<PhasesQuery, 'metric' | 'jobs'>,
): PerformancePhase['shown'] {
  const runs = phaseRuns(row, jobs, metric);
  const at = runs.findIndex((one) => one.job_id === job_id);
  const shown = runs[at];
  if (shown === undefined) return null;
  const { status, value } = shown;
  return { status, ...heldAgainst(value, usualsOf(runs, metric)(at), metric) };
}

/** 0, 1, ... in the order in which they begin on average. */
function placesOf(phases: readonly Drawn[]): Map<string, number> {
  const ordered = [...phases].sort(
    (a, b) => (a.begins ?? Infinity) - (b.begins ?? Infinity) || (a.phase_id < b.phase_id ? -1 : 1),
  );
  return new Map(ordered.map(({ phase_id }, place) => [phase_id, place]));
}

function sumOfMedians(phases: readonly Drawn[]): number {
  return phases.reduce((sum, { spread }) => sum + (spread?.median ?? 0), 0);
}

function byMedian(a: Drawn, b: Drawn): number {
  const of = ({ spread }: Drawn) => spread?.median ?? -Infinity;
  const [one, other] = [of(a), of(b)];
  return one === other ? (a.phase_id < b.phase_id ? -1 : 1) : other - one;
}

function worsePhase({
  phase_id,
  name,
  shown: { status: _, ...held },
}: {
  phase_id: string;
  name: string;
  shown: NonNullable<PerformancePhase['shown']>;
}): WorsePhase {
  return { phase_id, name, ...held };
}

/** By what it is above the usual: that is what a person gains by looking at it. */
function byExcess(a: Held, b: Held): number {
  const excess = ({ value, usual }: Held) => (value ?? 0) - (usual?.median ?? 0);
  return excess(b) - excess(a);
}
