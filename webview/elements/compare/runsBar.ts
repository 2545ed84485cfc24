import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ComparisonPage } from '../../../service/protocol/compare.ts';
import { count } from '../../../service/protocol/describe.ts';
import type { App } from '../../app.ts';
import { icon } from '../../icons.ts';
import { choice } from '../shared/choice.ts';
import type { Content } from '../shared/region.ts';
import './runPicker.ts';

/** As the service calls it. */
export const MEDIAN = 'median';
const LAST = [5, 10, 20, 50];

/** Which runs are compared, and what is done to that choice. */
export interface Runs {
  app: App;
  seen: boolean;
  /** The first is what the others are held against. */
  chosen: readonly string[];
  answers: readonly ComparisonPage[];
  last: number;
  full: boolean;
  choose: (chosen: readonly string[]) => void;
  setLast: (last: number) => void;
}

export function runsBar(of: Runs): TemplateResult {
  const { app, chosen, choose } = of;
  return html`${chosen.length < 2 ? html`<p class="empty">${why(chosen)}</p>` : nothing}
    <div class="runs">
      ${chosen.map((id, index) => chip(id, index, of))}
      ${
        of.full
          ? html`<span class="caption">${t('No more fit beside each other.')}</span>`
          : html`<pipescope-run-picker
              .app=${app}
              .seen=${of.seen}
              .label=${chosen.length === 0 ? t('Pick a run') : t('Add a run')}
              .taken=${chosen}
              @pipescope-run=${(event: CustomEvent<string>) => choose([...chosen, event.detail])}
            ></pipescope-run-picker>`
      }
      ${againstMedian(of)}
      ${chosen.length === 0 ? nothing : html`<vscode-button appearance="secondary" @click=${() => choose([])}>${t('Clear')}</vscode-button>`}
    </div>`;
}

function why(chosen: readonly string[]): string {
  return chosen.length === 0
    ? t(
        'Pick two runs here or in History, or hold the shown run against the median of those before it.',
      )
    : t('Add the run that is compared with it.');
}

function chip(id: string, index: number, of: Runs): TemplateResult {
  const { chosen, choose } = of;
  const name = nameOf(id, of).slice(0, 200);
  const remove = t('Take {0} out', name);
  const base = t('Hold the others against {0}', name);
  const others = chosen.filter((one) => one !== id);
  return html`<span class="run">
    ${index === 0 ? html`<span class="caption">${t('Against')}</span>` : nothing}
    <span class="cut" title=${id.slice(0, 200)}><bdi>${name}</bdi></span>
    ${id === MEDIAN ? lastPicker(of) : nothing}
    ${
      index === 0
        ? nothing
        : html`<vscode-button
            appearance="icon"
            title=${base}
            aria-label=${base}
            @click=${() => choose([id, ...others.filter((one) => one !== MEDIAN)])}
            >${icon('arrowUp')}</vscode-button
          >`
    }
    <vscode-button
      appearance="icon"
      title=${remove}
      aria-label=${remove}
      @click=${() => choose(others)}
      >${icon('close')}</vscode-button
    >
  </span>`;
}

function lastPicker({ last, setLast }: Runs): TemplateResult {
  return choice({
    label: t('How many runs before it'),
    value: String(last),
    options: LAST.map((one) => [String(one), count(one, t('last {0} run'), t('last {0} runs'))]),
    pick: (value) => setLast(Number(value)),
  });
}

function nameOf(id: string, { app, answers }: Runs): string {
  if (id === MEDIAN) return t('Median of the runs before');
  const records = answers.flatMap(({ job, other }) =>
    other.kind === 'job' ? [job, other.job] : [job],
  );
  const known = app.store.jobs.get(id) ?? records.find(({ job_id }) => job_id === id);
  return known?.name ?? id;
}

/** One click from the shown job. */
function againstMedian({ app, chosen, choose, last }: Runs): Content {
  const shown = app.store.detail?.jobId;
  if (shown === undefined || (chosen[0] === MEDIAN && chosen.includes(shown))) return nothing;
  const name = (app.store.job?.name ?? shown).slice(0, 60);
  const label = t('Compare {0} with its last {1} runs', name, last);
  return html`<vscode-button
    class="median"
    appearance="secondary"
    title=${t('Against the median of the completed runs of its pipeline before it')}
    @click=${() => choose([MEDIAN, shown])}
    >${icon('gitCompare')}&nbsp;${label}</vscode-button
  >`;
}
