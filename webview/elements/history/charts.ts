import { t } from '@vscode/l10n';
import {
  count,
  duration,
  exactTime,
  percent,
  statusWord,
} from '../../../service/protocol/describe.ts';
import { formatDate, numeral } from '../../../service/protocol/intl.ts';
import type { SeriesChanges } from '../../../service/protocol/changes.ts';
import type {
  DayOfJobs,
  JobStatistics,
  RunInTime,
} from '../../../service/protocol/jobStatistics.ts';
import { type Changes, changeWords, signsAmong } from '../../changeView.ts';
import { type BarChart, METRIC_COLORS, type RunsChart } from '../../charts/spec.ts';

/** As many days as bars can be told apart. */
const MOST_DAYS = 60;

/** Both charts of the runs that match; null while the figures are being fetched. */
interface Drawn {
  times: RunsChart | null;
  success: BarChart | null;
  timesNote: string;
  successNote: string;
}

const AWAITED: Drawn = { times: null, success: null, timesNote: '', successNote: '' };

/** Made once of the same figures: they are drawn again with every growing time beside them. */
export class Charts {
  #from: readonly [JobStatistics | undefined, Changes | undefined] = [undefined, undefined];
  #drawn = AWAITED;

  /** `changes` of the one pipeline that the runs are of. */
  of(statistics: JobStatistics | undefined, changes?: Changes): Drawn {
    if (statistics === undefined) return AWAITED;
    if (statistics === this.#from[0] && changes === this.#from[1]) return this.#drawn;
    this.#from = [statistics, changes];
    const own = pipelineOf(statistics) === null ? undefined : changes?.series[0];
    this.#drawn = {
      times: timesChart(statistics, own),
      success: successChart(statistics),
      timesNote: timesNote(statistics, own),
      successNote: daysNote(statistics),
    };
    return this.#drawn;
  }
}

/** The one pipeline that all these runs are of; null where there are several, or none. */
export function pipelineOf({ runs }: JobStatistics): string | null {
  const all = new Set(runs.map(({ pipeline }) => pipeline));
  return all.size === 1 ? (runs[0]?.pipeline ?? null) : null;
}

/** How long the runs took, with what was usual before each, and since when it is another. */
function timesChart({ runs }: JobStatistics, own: SeriesChanges | undefined): RunsChart {
  return {
    kind: 'runs',
    ...(own === undefined ? {} : { signs: signsAmong(runs, own.changes, own.metric) }),
    ...{ name: t('Time'), color: METRIC_COLORS.cpu, say: duration },
    runs: runs.map((run) => ({
      label: run.name,
      detail: `${statusWord(run.status)}, ${exactTime(run.started_at)}`,
      value: run.duration_ms,
      ...{ median: run.usual_ms, low: run.usual_low_ms, high: run.usual_high_ms },
      range: rangeOf(run),
      status: markOf(run),
      jobId: run.job_id,
    })),
  };
}

function rangeOf({ expected_low_ms: low, expected_high_ms: high }: RunInTime) {
  return low === null || high === null ? null : { low, high };
}

function markOf({ status, outlier }: RunInTime): RunsChart['runs'][number]['status'] {
  if (status === 'FAILED') return 'failed';
  if (outlier) return 'outlier';
  return status === 'COMPLETED' ? 'ok' : 'other';
}

/** How many of the runs of each day came well through. */
function successChart({ by_day }: JobStatistics): BarChart {
  const days = by_day.slice(-MOST_DAYS);
  const of = (pick: (day: DayOfJobs) => number | null): (number | null)[] => days.map(pick);
  return {
    kind: 'bars',
    say: percent,
    categories: days.map(({ day }) => dayLabel(day)),
    bars: [
      {
        name: t('Success rate'),
        color: METRIC_COLORS.gpu,
        values: of(({ success_rate_percent }) => success_rate_percent),
      },
    ],
  };
}

/** What a chart leaves out, as a sentence; empty where it is all there. */
function cutNote(shown: number, total: number, unit: 'runs' | 'days'): string {
  if (total <= shown) return '';
  const all = numeral(total);
  return unit === 'runs'
    ? count(shown, t('The newest of {1} runs.'), t('The newest {0} of {1} runs.'), all)
    : count(
        shown,
        t('The last of {1} days with runs.'),
        t('The last {0} of {1} days with runs.'),
        all,
      );
}

function timesNote(statistics: JobStatistics, own: SeriesChanges | undefined): string {
  const { runs, runs_total } = statistics;
  const bands = [
    ...(runs.some(({ usual_ms }) => usual_ms !== null)
      ? [t('The band holds the middle half of the runs before each, the dashed line their median.')]
      : []),
    ...(runs.some((run) => rangeOf(run) !== null)
      ? [t('The paler band holds 8 of 10 runs like it.')]
      : []),
  ];
  return [cutNote(runs.length, runs_total, 'runs'), sinceWhen(statistics, own), ...bands]
    .filter((text) => text !== '')
    .join(' ');
}

/** The newest change in words, or where to see it. */
function sinceWhen(statistics: JobStatistics, own: SeriesChanges | undefined): string {
  if (statistics.runs.length === 0) return '';
  if (pipelineOf(statistics) === null)
    return t('Choose a pipeline above to see since when it is slower or faster.');
  const last = own?.changes.at(-1);
  return own === undefined || last === undefined
    ? ''
    : t('Last change: {0}.', changeWords(own.metric, last));
}

function daysNote({ by_day, days_total }: JobStatistics): string {
  return cutNote(Math.min(MOST_DAYS, by_day.length), days_total, 'days');
}

function dayLabel(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const at = new Date(year, month - 1, date);
  return formatDate(at, { day: 'numeric', month: 'short' });
}
