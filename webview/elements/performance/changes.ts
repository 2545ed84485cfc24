/** The list of lasting changes beside the chart of runs. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { RunChange, SeriesChanges } from '../../../service/protocol/changes.ts';
import { exactTime, percent } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import { type Changes, changeWords } from '../../changeView.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';

const LONGEST_NAME = 60;
const MOST = 8;

interface Listed {
  of: SeriesChanges;
  change: RunChange;
}

/** What the chart shows comes first: whole runs, or the phase that is picked. Then the newest. */
export function listed({ series }: Changes, phaseId: string | null): Listed[] {
  return series
    .flatMap((of) => of.changes.map((change) => ({ of, change })))
    .sort(
      (a, b) =>
        Number(b.of.phase_id === phaseId) - Number(a.of.phase_id === phaseId) ||
        Date.parse(b.change.at) - Date.parse(a.change.at),
    )
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
  const all = listed(changes, phaseId);
  if (all.length === 0) return html`<p class="changes muted">${silence(changes, phaseId)}</p>`;
  return html`<h3>${t('Lasting changes')}</h3>
    <ul class="changes" aria-label=${t('Lasting changes')}>
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
    ${icon(worse ? 'arrowUp' : 'arrowDown')}<span class="spoken"
      >${worse ? t('worse') : t('better')}</span
    >
    <span>
      <button class="plain link" title=${exactTime(at)} @click=${() => show(job, of.phase_id)}>
        <bdi>${name}</bdi>: ${changeWords(of.metric, change)}
      </button>
      <span class="muted">· ${sure}</span>
    </span>
  </li>`;
}
