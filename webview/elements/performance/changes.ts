/** Since which run a pipeline or one of its phases is slower, faster, or uses more or less: as words and as signs on the chart. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { RunChange, SeriesChanges } from '../../../service/protocol/changes.ts';
import { exactTime, percent } from '../../../service/protocol/describe.ts';
import type { TrendMetric } from '../../../service/protocol/domain.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { PipelinePerformance } from '../../../service/protocol/pipelinePerformance.ts';
import { cut } from '../../charts/pictures/cut.ts';
import type { Sign } from '../../charts/spec.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { METRIC_WORDS } from './words.ts';

const LONGEST_NAME = 60;
const MOST = 8;

export interface Changes {
  series: SeriesChanges[];
}

/** All phases and the whole runs, of one measure; null: nothing to ask. */
export function changesPath(pipeline: string | null, metric: TrendMetric): string | null {
  if (pipeline === null) return null;
  const query = new URLSearchParams({ pipeline, metric, limit: '100' });
  return `/api/v1/changes?${query.toString()}`;
}

const MORE: Record<TrendMetric, readonly [more: () => string, less: () => string]> = {
  execution_time: [() => t('slower'), () => t('faster')],
  memory_usage: [() => t('more memory'), () => t('less memory')],
  cpu_usage: [() => t('more CPU'), () => t('less CPU')],
  error_count: [() => t('more errors'), () => t('fewer errors')],
};

/** `slower`, `less memory`. */
export function changeWord(metric: TrendMetric, { before, after }: RunChange): string {
  const [more, less] = MORE[metric];
  return after > before ? more() : less();
}

/** `slower since run #418, 12.1 s → 17.9 s, +48 %`. */
export function changeWords(metric: TrendMetric, change: RunChange): string {
  const { say } = METRIC_WORDS[metric];
  const { before, after, run, percent: by } = change;
  const since = t('{0} since run #{1}', changeWord(metric, change), numeral(run));
  const levels = `${say(before)} → ${say(after)}`;
  if (by === null) return `${since}, ${levels}`;
  return `${since}, ${levels}, ${by < 0 ? '-' : '+'}${percent(Math.abs(by))}`;
}

/** Between the last run before and the first one of the new level; none of runs that are not shown. */
export function changeSigns(
  { series }: Changes,
  { runs, metric, phase_id }: Pick<PipelinePerformance, 'runs' | 'metric' | 'phase_id'>,
): Sign[] {
  const own = series.find((one) => one.metric === metric && one.phase_id === phase_id);
  return (own?.changes ?? []).flatMap((change): Sign[] => {
    const at = runs.findIndex(({ job_id }) => job_id === change.job_id);
    if (at <= 0) return [];
    const tone = change.direction === 'worse' ? 'bad' : 'good';
    return [{ at: at - 0.5, label: changeWord(metric, change), tone }];
  });
}

interface Listed {
  of: SeriesChanges;
  change: RunChange;
}

/** The newest first. */
export function listed({ series }: Changes): Listed[] {
  return series
    .flatMap((of) => of.changes.map((change) => ({ of, change })))
    .sort((a, b) => Date.parse(b.change.at) - Date.parse(a.change.at))
    .slice(0, MOST);
}

/** Where no change is known: that none was found, or that nobody can tell yet. */
export function silence({ series }: Changes, phaseId: string | null): string {
  const own = series.find(({ phase_id }) => phase_id === phaseId) ?? series[0];
  if (own === undefined) return t('No run has a value of this yet.');
  if (own.state === 'not_enough_data')
    return t(
      'Whether it changed cannot be told yet: not enough data ({0} of {1} runs).',
      numeral(own.runs),
      numeral(own.runs_needed),
    );
  return t('No lasting change in {0} runs.', numeral(own.runs));
}

type Show = (jobId: string, phaseId: string | null) => void;

/** Beside the chart: each change leads to the run that it began with. */
export function changeList(changes: Changes, phaseId: string | null, show: Show): TemplateResult {
  const all = listed(changes);
  if (all.length === 0) return html`<p class="changes muted">${silence(changes, phaseId)}</p>`;
  return html`<ul class="changes" aria-label=${t('Lasting changes')}>
    ${all.map(({ of, change }) => changeRow(of, change, show))}
  </ul>`;
}

function changeRow(of: SeriesChanges, change: RunChange, show: Show): Content {
  const { job_id: job, at, confidence, runs_before: before, runs_after: after } = change;
  const worse = change.direction === 'worse';
  const name = of.phase_id === null ? t('Whole runs') : cut(of.name, LONGEST_NAME);
  const sure = t(
    '{0} sure; medians of {1} runs before and {2} since',
    percent(Math.min(99, confidence * 100)),
    numeral(before),
    numeral(after),
  );
  return html`<li class=${worse ? 'bad' : nothing}>
    ${icon(worse ? 'arrowUp' : 'arrowDown')}
    <span>
      <button class="plain link" title=${exactTime(at)} @click=${() => show(job, of.phase_id)}>
        <bdi>${name}</bdi>: ${changeWords(of.metric, change)}
      </button>
      <span class="muted">· ${sure}</span>
    </span>
  </li>`;
}
