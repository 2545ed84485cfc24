/** What is said of runs: names of metrics and runs, and the sentences on what is worse than usual. */
import { t } from '@vscode/l10n';
import { count, percent, phaseLabel } from '../../../service/protocol/describe.ts';
import { formatDate, numeral } from '../../../service/protocol/intl.ts';
import type { TrendMetric } from '../../../service/protocol/domain.ts';
import type { Held, PipelinePerformance } from '../../../service/protocol/pipelinePerformance.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { METRIC_WORDS } from '../../metricWords.ts';

const LONGEST_NAME = 60;

/** `P06 Clustering`, in one line and not for ever. */
export function phaseName(phase: { phase_id: string; name: string }): string {
  return cut(phaseLabel(phase), LONGEST_NAME);
}

/** A name within a sentence: its own direction stays its own. */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

/** `10:42`, or `3/1 22:10` where the runs are of several days. */
export function runLabels(times: readonly string[], locale?: string): string[] {
  const dates = times.map((time) => new Date(time));
  const oneDay = new Set(dates.map((date) => date.toDateString())).size <= 1;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return dates.map((date) => {
    const hour = formatDate(date, clock, locale);
    if (oneDay) return hour;
    return `${formatDate(date, { month: 'numeric', day: 'numeric' }, locale)} ${hour}`;
  });
}

/** `1.6x`. */
export function times(ratio: number): string {
  return `${numeral(ratio, { least: 1, most: ratio < 1.1 ? 2 : 1 })}x`;
}

/** `P06 takes 48.2 s, 1.6x its usual 30.1 s (median of 10 runs).` */
export function worseSentence(what: string, held: Held, metric: TrendMetric): string {
  const { say } = METRIC_WORDS[metric];
  const runs = held.usual?.runs ?? 0;
  const of = count(runs, t('median of {0} run'), t('median of {0} runs'));
  const [value, usual] = [say(held.value), say(held.usual?.median ?? null)];
  const name = isolated(what);
  if (held.ratio === null)
    return t('{0} has {1} instead of its usual {2} ({3}).', name, value, usual, of);
  const factor = times(held.ratio);
  switch (metric) {
    case 'execution_time':
      return t('{0} takes {1}, {2} its usual {3} ({4}).', name, value, factor, usual, of);
    case 'error_count':
      return t('{0} has {1}, {2} its usual {3} ({4}).', name, value, factor, usual, of);
    default:
      return t('{0} uses {1}, {2} its usual {3} ({4}).', name, value, factor, usual, of);
  }
}

export interface Finding {
  text: string;
  bad: boolean;
  /** Where it leads; null: nowhere. */
  phaseId: string | null;
}

const MOST_FINDINGS = 3;

/** What is worse than usual in the shown run, or that nothing is, or that nobody can tell yet. */
export function findings(answer: PipelinePerformance): Finding[] {
  const { shown, worse, worse_total, judged, metric, phase_id } = answer;
  const found = worse.slice(0, MOST_FINDINGS).map((phase): Finding => {
    const text = worseSentence(phaseName(phase), phase, metric);
    return { text, bad: true, phaseId: phase.phase_id };
  });
  const rest = worse_total - found.length;
  if (rest > 0)
    found.push(
      plain(
        count(
          rest,
          t('And {0} more phase is worse than usual.'),
          t('And {0} more phases are worse than usual.'),
        ),
      ),
    );
  if (phase_id === null && shown?.side === 'above')
    found.unshift({ text: worseSentence(t('This run'), shown, metric), bad: true, phaseId: null });
  return found.length > 0 ? found : [plain(calm(judged))];
}

function calm(judged: number): string {
  if (judged === 0)
    return t('What is usual for a phase is known after five completed runs before this one.');
  return count(
    judged,
    t('Nothing in this run is worse than usual: {0} phase was held against the runs before.'),
    t('Nothing in this run is worse than usual: {0} phases were held against the runs before.'),
  );
}

function plain(text: string): Finding {
  return { text, bad: false, phaseId: null };
}

/** `92 % of the last 12 runs completed: 11 completed, 1 failed.` */
export function endsSentence({
  runs,
  completed,
  failed,
  success_rate_percent: rate,
}: PipelinePerformance): string {
  const others = runs.length - completed - failed;
  const parts = [
    count(completed, t('{0} completed'), t('{0} completed')),
    count(failed, t('{0} failed'), t('{0} failed')),
    ...(others > 0 ? [count(others, t('{0} ended otherwise'), t('{0} ended otherwise'))] : []),
  ].join(', ');
  return rate === null
    ? t('Of the last runs: {0}.', parts)
    : count(
        runs.length,
        t('{1} of the last run succeeded: {2}.'),
        t('{1} of the last {0} runs succeeded: {2}.'),
        percent(rate),
        parts,
      );
}
