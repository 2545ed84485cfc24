/** The answer of the service as charts. Nothing is computed here but what stands where. */
import { t } from '@vscode/l10n';
import { count, statusWord } from '../../../service/protocol/describe.ts';
import { formatDate } from '../../../service/protocol/intl.ts';
import type {
  PerformancePhase,
  PerformanceRun,
  PipelinePerformance,
} from '../../../service/protocol/pipelinePerformance.ts';
import {
  type BarChart,
  type DistributionChart,
  type HeatmapChart,
  type Color,
  type RunsChart,
} from '../../charts/spec.ts';
import { METRIC_WORDS } from '../../metricWords.ts';
import { phaseName, runLabels, times } from './words.ts';

/** More would be slivers. */
export const MOST_PHASES = 20;
const MOST_GROUPS = 12;

const HOURS = 24;
/** Paler than what is looked at. */
const USUAL: Color = ['--vscode-descriptionForeground', '#717171'];

/** The runs in time; a failed one says so even where it is off the usual as well. */
export function runsChart(answer: PipelinePerformance, shownJob: string | null): RunsChart {
  const { title, say, color, unit } = METRIC_WORDS[answer.metric];
  const labels = runLabels(answer.runs.map(({ started_at }) => started_at));
  return {
    ...{ kind: 'runs', say, color, unit, name: title() },
    runs: answer.runs.map((run, i) => ({
      ...{ label: labels[i] ?? '', detail: runDetail(run), value: run.value },
      median: run.usual?.median ?? null,
      ...{ low: run.usual?.low ?? null, high: run.usual?.high ?? null, range: run.range },
      ...{ status: mark(run), jobId: run.job_id, shown: run.job_id === shownJob },
    })),
  };
}

function mark({ status, side }: PerformanceRun): RunsChart['runs'][number]['status'] {
  if (status === 'FAILED') return 'failed';
  if (side === 'above' || side === 'below') return 'outlier';
  return status === 'COMPLETED' ? 'ok' : 'other';
}

function runDetail({ name, status, side, ratio }: PerformanceRun): string {
  const off =
    side === 'above' || side === 'below'
      ? [ratio === null ? t('off the usual') : t('{0} the usual', times(ratio))]
      : [];
  return [name, statusWord(status), ...off].join(' · ');
}

/** The greatest first: what is usual beside what this run has. */
export function phasesChart({ phases, metric, shown }: PipelinePerformance): BarChart {
  const { say, color, unit } = METRIC_WORDS[metric];
  const some = phases.slice(0, MOST_PHASES);
  const inRun = shown !== null || some.some((phase) => phase.shown !== null);
  const usual = some.map((phase) => phase.shown?.usual?.median ?? phase.spread?.median ?? null);
  const own = some.map((phase) => phase.shown?.value ?? null);
  return {
    ...{ kind: 'bars', horizontal: true, say, unit },
    categories: some.map(phaseName),
    bars: [
      ...(inRun ? [{ name: t('this run'), color, values: own }] : []),
      { name: t('usual'), color: USUAL, values: usual },
    ],
  };
}

/** What the completed runs had, phase by phase. */
export function spreadChart(
  { phases, metric }: PipelinePerformance,
  kind: DistributionChart['kind'],
): DistributionChart {
  const { say, color, unit } = METRIC_WORDS[metric];
  const groups = phases.slice(0, MOST_GROUPS).flatMap((phase) => {
    const values = completedValues(phase);
    return values.length === 0 ? [] : [{ name: phaseName(phase), values }];
  });
  return { kind, say, color, unit, groups };
}

function completedValues({ values, statuses }: PerformancePhase): number[] {
  return values.filter(
    (value, i): value is number => value !== null && statuses[i] === 'COMPLETED',
  );
}

/** Phases in the order in which they begin, runs from left to right. */
export function gridChart({ phases, runs, metric }: PipelinePerformance): HeatmapChart {
  const { say, color, unit } = METRIC_WORDS[metric];
  const rows = phases.slice(0, MOST_PHASES).sort((a, b) => a.place - b.place);
  const over = <T>(of: (phase: PerformancePhase, run: PerformanceRun, at: number) => T): T[][] =>
    rows.map((phase) => runs.map((run, at) => of(phase, run, at)));
  return {
    ...{ kind: 'heatmap', say, color, unit },
    rows: rows.map(phaseName),
    columns: runLabels(runs.map(({ started_at }) => started_at)),
    cells: over(({ values }, _, at) => values[at] ?? null),
    details: over(({ statuses }, { name }, at) => {
      const status = statuses[at] ?? null;
      return [name, ...(status === null ? [] : [statusWord(status)])].join(' · ');
    }),
    crossed: over(({ statuses }, _, at) => statuses[at] === 'FAILED'),
    jobIds: over(({ statuses }, { job_id }, at) =>
      (statuses[at] ?? null) === null ? null : job_id,
    ),
    phaseIds: rows.map(({ phase_id }) => phase_id),
  };
}

/** The median of the runs that started in each hour; a cross where one of them failed. */
export function hoursChart({ days, hours, metric }: PipelinePerformance): HeatmapChart {
  const { say, color, unit } = METRIC_WORDS[metric];
  const cells = new Map(hours.map((cell) => [`${cell.day} ${cell.hour}`, cell]));
  const over = <T>(of: (cell: PipelinePerformance['hours'][number] | undefined) => T): T[][] =>
    days.map((day) => Array.from({ length: HOURS }, (_, hour) => of(cells.get(`${day} ${hour}`))));
  return {
    ...{ kind: 'heatmap', say, color, unit },
    rows: days.map(dayName),
    columns: Array.from({ length: HOURS }, (_, hour) => `${String(hour).padStart(2, '0')}:00`),
    cells: over((cell) => cell?.median ?? null),
    details: over((cell) => (cell === undefined ? '' : hourDetail(cell))),
    crossed: over((cell) => (cell?.failed ?? 0) > 0),
    jobIds: over((cell) => cell?.job_id ?? null),
  };
}

/** `Sun 3/1`: the day is that of the person who asked, so it is read as UTC. */
function dayName(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const parts = { weekday: 'short', month: 'numeric', day: 'numeric', timeZone: 'UTC' } as const;
  return formatDate(date, parts);
}

function hourDetail({ runs, failed }: PipelinePerformance['hours'][number]): string {
  const all = count(runs, t('{0} run'), t('{0} runs'));
  return failed === 0 ? all : `${all}, ${count(failed, t('{0} failed'), t('{0} failed'))}`;
}
