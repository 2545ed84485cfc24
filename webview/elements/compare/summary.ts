import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { bytes, count, duration } from '../../../service/protocol/describe.ts';
import type {
  ArtifactComparison,
  ComparisonPage,
  Difference,
} from '../../../service/protocol/compare.ts';
import { RUN_MEASURES, type RunMeasure } from '../../../service/protocol/compareMeasures.ts';
import type { Content } from '../shared/region.ts';
import {
  differenceText,
  directionWord,
  measureName,
  otherName,
  reasonText,
  runName,
  tone,
  valueText,
  verdict,
} from './words.ts';

/** Names of phases, files and parameters that are written out; the rest is counted. */
const MOST_NAMES = 20;

type Show = (jobId: string, phaseId: string) => void;

/** What is said of each comparison before its numbers. */
export function verdicts(answers: readonly ComparisonPage[], show: Show): TemplateResult {
  return html`<ul class="verdicts">
    ${answers.map(
      (answer) =>
        html`<li>
          <strong><bdi>${cut(verdict(answer))}</bdi></strong> ${divergence(answer, show)}
          ${changedPhases(answer)}
        </li>`,
    )}
  </ul>`;
}

function divergence({ first_divergence: first, job, bounds }: ComparisonPage, show: Show): Content {
  if (first === null)
    return html`<span class="caption"
      >${t('They went the same way: no time differs by {0} % and {1} or more.', bounds.time_percent, duration(bounds.time_ms))}</span
    >`;
  return html`<span
    >${t('They first differ at')}
    <button
      class="plain link"
      title=${t('Show this phase of the run')}
      @click=${() => show(job.job_id, first.phase_id)}
    >
      <bdi>${cut(first.name)}</bdi></button
    >: ${reasonText(first.differs)}.</span
  >`;
}

function changedPhases({ added, removed, added_total, removed_total }: ComparisonPage): Content {
  const more = names(added, added_total);
  const less = names(removed, removed_total);
  return html`${more === '' ? nothing : html`<div>${t('Added phases: {0}', more)}</div>`}
  ${less === '' ? nothing : html`<div>${t('Removed phases: {0}', less)}</div>`}`;
}

function names(list: readonly string[], total: number): string {
  const shown = list.slice(0, MOST_NAMES).map(cut).join(', ');
  const rest = total - Math.min(MOST_NAMES, list.length);
  return rest > 0 ? count(rest, t('{1} and {0} more'), t('{1} and {0} more'), shown) : shown;
}

/** The runs as a whole. */
export function totals(answers: readonly ComparisonPage[]): Content {
  const [first] = answers;
  if (first === undefined) return nothing;
  return html`<div class="wide" tabindex="0" role="group" aria-label=${t('In total')}>
    <table class="plaintable" aria-label=${t('In total')}>
      <thead>
        <tr>
          <th scope="col">${t('In total')}</th>
          <th scope="col" class="numeric"><bdi>${cut(otherName(first))}</bdi></th>
          ${answers.map(({ job }) => html`<th scope="col" class="numeric"><bdi>${cut(runName(job))}</bdi></th>`)}
        </tr>
      </thead>
      <tbody>
        ${RUN_MEASURES.map(
          (measure) =>
            html`<tr>
              <th scope="row">${measureName(measure)}</th>
              <td class="numeric">${valueText(measure, first.totals[measure].other)}</td>
              ${answers.map(({ totals: of }) => {
                const one = of[measure];
                return html`<td class="numeric">
                  ${valueText(measure, one.job)} ${changeOf(measure, one)}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function changeOf(measure: RunMeasure, difference: Difference): Content {
  if (difference.delta === null || difference.delta === 0) return nothing;
  return html`<span class="number ${tone(measure, difference)}"
    >${differenceText(measure, difference)} ${directionWord(measure, difference)}</span
  >`;
}

/** What was given to the runs: only where it differs. */
export function parameters(answers: readonly ComparisonPage[]): Content {
  const all = [...new Set(answers.flatMap((one) => one.parameters.map(({ name }) => name)))].sort();
  const [first] = answers;
  if (first === undefined) return nothing;
  if (all.length === 0) return html`<p class="caption">${t('All parameters are the same.')}</p>`;
  const of = (answer: ComparisonPage, name: string) =>
    answer.parameters.find((one) => one.name === name);
  const said = (value: string | null | undefined): TemplateResult =>
    html`<bdi
      >${value === null ? t('none') : value === undefined ? t('the same') : cut(value)}</bdi
    >`;
  const base = (name: string): string | null | undefined =>
    answers.map((answer) => of(answer, name)).find((one) => one !== undefined)?.other;
  return html`<div class="wide" tabindex="0" role="group" aria-label=${t('Parameters that differ')}>
    <table class="plaintable" aria-label=${t('Parameters that differ')}>
      <thead>
        <tr>
          <th scope="col">${t('Parameter')}</th>
          <th scope="col"><bdi>${cut(otherName(first))}</bdi></th>
          ${answers.map(({ job }) => html`<th scope="col"><bdi>${cut(runName(job))}</bdi></th>`)}
        </tr>
      </thead>
      <tbody>
        ${all.map(
          (name) =>
            html`<tr>
              <th scope="row"><bdi>${cut(name)}</bdi></th>
              <td>${said(base(name))}</td>
              ${answers.map((answer) => {
                const one = of(answer, name);
                return html`<td>${said(one === undefined ? undefined : one.job)}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function artifacts(answers: readonly ComparisonPage[]): Content {
  const known = answers.flatMap(({ artifacts: is, job }) => (is === null ? [] : [{ is, job }]));
  const changed = known.filter(
    ({ is }) => is.added_total + is.removed_total + is.changed_total > 0,
  );
  if (changed.length === 0) return nothing;
  return html`<h3>${t('Artifacts')}</h3>
    <ul class="verdicts">
      ${changed.map(
        ({ is, job }) =>
          html`<li>
            <strong><bdi>${cut(runName(job))}</bdi></strong> ${artifactLines(is)}
          </li>`,
      )}
    </ul>`;
}

function artifactLines(is: ArtifactComparison): Content {
  const paths = (list: readonly { path: string }[]): string[] => list.map(({ path }) => path);
  const changes = is.changed.map((one) =>
    one.job_size_bytes === one.other_size_bytes
      ? t('{0} (other content)', one.path)
      : t(
          '{0} ({1} instead of {2})',
          one.path,
          bytes(one.job_size_bytes),
          bytes(one.other_size_bytes),
        ),
  );
  const lines = [
    is.added_total > 0 ? t('Added: {0}', names(paths(is.added), is.added_total)) : '',
    is.removed_total > 0 ? t('Missing: {0}', names(paths(is.removed), is.removed_total)) : '',
    is.changed_total > 0 ? t('Changed: {0}', names(changes, is.changed_total)) : '',
  ];
  return html`${lines.filter((line) => line !== '').map((line) => html`<div><bdi>${line}</bdi></div>`)}`;
}

function cut(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
