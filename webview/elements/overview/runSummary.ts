/** The shown run in one sentence: how it compares with those before it, and which phase explains that. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { duration, percent } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { RunSummary } from '../../../service/protocol/summary.ts';

/** In the language of the page where it is about times; else as the service says it. */
export function summaryWords(summary: RunSummary): string {
  const { state, slower_percent: slower, usual, evidence, explained_by: by } = summary;
  const { runs_before, runs_needed, time_ms } = evidence;
  if (state === 'not_enough_data')
    return runs_before >= runs_needed
      ? t('How this run compares with others is not known: nobody told when it began.')
      : t(
          'How this run compares cannot be told yet: not enough data ({0} of {1} runs).',
          numeral(runs_before),
          numeral(runs_needed),
        );
  if (usual === null) return summary.sentence;
  const [runs, median] = [numeral(usual.runs), duration(usual.median_ms)];
  if (state === 'nothing_ended')
    return t(
      'No phase of this run has ended yet; a run usually takes {0} (median of {1}).',
      median,
      runs,
    );
  if (state === 'as_usual') return asUsual(summary.running, [duration(time_ms), runs, median]);
  if (state !== 'known' || slower === null) return summary.sentence;
  const compared = compare(summary.running, slower, [percent(Math.abs(slower)), runs]);
  const [first] = by;
  if (first === undefined) return `${compared}.`;
  const explained = t('{0} explains {1} of it', first.phase_id, percent(first.share * 100));
  return `${compared}; ${explained}.`;
}

function asUsual(running: boolean, values: [time: string, runs: string, median: string]): string {
  return running
    ? t('So far this run is as fast as usual: {0}, the median of the last {1} is {2}.', ...values)
    : t('This run is as fast as usual: {0}, the median of the last {1} is {2}.', ...values);
}

function compare(running: boolean, slower: number, [share, runs]: [string, string]): string {
  if (running)
    return slower >= 0
      ? t('So far this run is {0} slower than the median of the last {1}', share, runs)
      : t('So far this run is {0} faster than the median of the last {1}', share, runs);
  return slower >= 0
    ? t('This run is {0} slower than the median of the last {1}', share, runs)
    : t('This run is {0} faster than the median of the last {1}', share, runs);
}

/** What it follows from, on hover. */
export function summaryEvidence({ usual, evidence, explained_by: by }: RunSummary): string {
  const parts: string[] = [];
  if (evidence.time_ms !== null) parts.push(t('Took {0}', duration(evidence.time_ms)));
  if (usual !== null)
    parts.push(
      t(
        'median {0}, the middle half {1} to {2}',
        duration(usual.median_ms),
        duration(usual.low_ms),
        duration(usual.high_ms),
      ),
    );
  for (const one of by.slice(0, 3)) {
    const usually = one.usual_ms === null ? t('new') : duration(one.usual_ms);
    parts.push(t('{0}: {1}, usually {2}', one.phase_id, duration(one.time_ms), usually));
  }
  return parts.join(' · ');
}

export function summaryLine(summary: RunSummary): TemplateResult {
  return html`<p class="none" title=${summaryEvidence(summary)}>
    <bdi>${summaryWords(summary)}</bdi>
  </p>`;
}
