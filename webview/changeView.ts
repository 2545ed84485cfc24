/** Since which run a pipeline or one of its phases is slower, faster, or uses more or less: as words, and as signs on charts of runs. */
import { t } from '@vscode/l10n';
import type { RunChange, SeriesChanges } from '../service/protocol/changes.ts';
import { percent } from '../service/protocol/describe.ts';
import type { TrendMetric } from '../service/protocol/domain.ts';
import { numeral } from '../service/protocol/intl.ts';
import type { Sign } from './charts/spec.ts';
import { METRIC_WORDS } from './metricWords.ts';

export interface Changes {
  series: SeriesChanges[];
}

/** Of one measure of whole runs and of all phases, or only of a phase (null: only of whole runs); null: nothing to ask. */
export function changesPath(
  pipeline: string | null,
  metric: TrendMetric,
  only?: { phase_id: string | null },
): string | null {
  if (pipeline === null) return null;
  const query = new URLSearchParams({ pipeline, metric, limit: '100' });
  if (only !== undefined) query.set('phase_id', only.phase_id ?? '');
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

/** What the chart shows of a run: oldest first. */
interface ShownRun {
  job_id: string;
  started_at: string;
}

/**
 * Between the last run before and the first one of the new level. Where a filter hides that one, before the first later one
 * that is shown; none where no run before it is shown.
 */
export function signsAmong(
  runs: readonly ShownRun[],
  changes: readonly RunChange[],
  metric: TrendMetric,
): Sign[] {
  return changes.flatMap((change): Sign[] => {
    const own = runs.findIndex(({ job_id }) => job_id === change.job_id);
    const since = Date.parse(change.at);
    const at = own >= 0 ? own : runs.findIndex((run) => Date.parse(run.started_at) >= since);
    if (at <= 0) return [];
    const tone = change.direction === 'worse' ? 'bad' : 'good';
    const [label, detail] = [changeWord(metric, change), changeWords(metric, change)];
    return [{ at: at - 0.5, label, detail, tone }];
  });
}
