import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ComparisonPage, PhaseComparison } from '../../../service/protocol/compare.ts';
import { phaseLabel } from '../../../service/protocol/describe.ts';
import { setCss } from '../../cssDirective.ts';
import { windowOf } from '../../virtual.ts';
import type { Content } from '../shared/region.ts';
import { statusIcon } from '../shared/status.ts';
import { type Arranged, type Measure, reach, type Row } from './arrange.ts';
import {
  differenceText,
  directionWord,
  otherName,
  reasonText,
  runName,
  statusText,
  tone,
  valueText,
} from './words.ts';

export const ROW = 44;
/** Pixels that the names with the base, and each run, need at least. */
const WIDTHS = { phase: 240, run: 230 };

/** Of what the table is made. */
export interface PhasesTable {
  arranged: Arranged;
  answers: readonly ComparisonPage[];
  measure: Measure;
  scrollTop: number;
  viewport: number;
  scroll: (event: Event) => void;
  show: (jobId: string, phaseId: string) => void;
}

export function phasesTable(of: PhasesTable): TemplateResult {
  const { rows } = of.arranged;
  const window = windowOf({ count: rows.length, rowHeight: ROW }, of.scrollTop, of.viewport);
  const [first] = of.answers;
  return html`<div
    class="scroll"
    tabindex="0"
    role="group"
    aria-label=${t('Phases compared')}
    @scroll=${of.scroll}
  >
    <table
      aria-label=${t('Phases compared')}
      aria-rowcount=${rows.length + 1}
      ${setCss({ 'min-width': `${WIDTHS.phase + WIDTHS.run * of.answers.length}px` })}
    >
      <colgroup>
        <col class="phase" />
        <col class="base" />
        ${of.answers.map(() => html`<col class="run" />`)}
      </colgroup>
      <thead>
        <tr aria-rowindex="1">
          <th scope="col">${t('Phase')}</th>
          <th scope="col" class="numeric cut" title=${first === undefined ? '' : otherName(first)}>
            <bdi>${first === undefined ? '' : short(baseName(first))}</bdi>
          </th>
          ${of.answers.map(({ job }) => html`<th scope="col" class="cut" title=${short(runName(job))}><bdi>${short(job.name)}</bdi></th>`)}
        </tr>
      </thead>
      <tbody>
        ${gap(window.before, of.answers.length)}
        ${repeat(
          rows.slice(window.start, window.end),
          ({ phase_id }) => phase_id,
          (row, index) => phaseRow(row, window.start + index, of),
        )}
        ${gap(window.after, of.answers.length)}
      </tbody>
    </table>
  </div>`;
}

/** The heading has little room: a run without its id, which is said on hover. */
function baseName(answer: ComparisonPage): string {
  return answer.other.kind === 'job' ? answer.other.job.name : otherName(answer);
}

function phaseRow(row: Row, index: number, of: PhasesTable): TemplateResult {
  const reason = reasonText(row.differs);
  return html`<tr class=${row.differs.length > 0 ? 'differs' : ''} aria-rowindex=${index + 2}>
    <th scope="row">
      <div class="cut" title=${short(phaseLabel(row))}><bdi>${short(phaseLabel(row))}</bdi></div>
      ${reason === '' ? nothing : html`<div class="caption cut" title=${reason}>${reason}</div>`}
    </th>
    <td class="numeric">${valueText(of.measure, row.base)}</td>
    ${of.answers.map((answer, column) => runCell(row.cells[column] ?? null, answer, of))}
  </tr>`;
}

function runCell(
  cell: PhaseComparison | null,
  answer: ComparisonPage,
  of: PhasesTable,
): TemplateResult {
  if (cell === null || (cell.job === null && cell.other === null)) return html`<td>-</td>`;
  if (cell.job === null) return html`<td class="muted">${t('not in this run')}</td>`;
  const { measure } = of;
  const difference = cell[measure];
  const status = statusText(cell);
  const open = (): void => of.show(answer.job.job_id, cell.phase_id);
  const word = cell.other === null ? t('only in this run') : directionWord(measure, difference);
  return html`<td>
    <div class="values">
      ${statusIcon(cell.job.status)}
      <button class="plain link number" title=${t('Show this phase of the run')} @click=${open}>
        ${valueText(measure, difference.job)}
      </button>
      <span class="number ${tone(measure, difference)}"
        >${cell.other === null ? '' : differenceText(measure, difference)} ${word}</span
      >
    </div>
    <div class="below">
      ${bar(cell, of)}${status === '' ? nothing : html`<span class="caption cut">${status}</span>`}
    </div>
  </td>`;
}

/** To the right of the middle for more, to the left for less. */
function bar(cell: PhaseComparison, { measure, arranged }: PhasesTable): Content {
  const difference = cell[measure];
  const length = reach(difference, arranged.largest);
  const side = (difference.delta ?? 0) < 0 ? 'less' : 'more';
  return html`<div class="track" aria-hidden="true">
    <div
      class="bar ${side} ${tone(measure, difference)}"
      ${setCss({ width: `${length / 2}%` })}
    ></div>
  </div>`;
}

function short(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}

function gap(height: number, runs: number): Content {
  if (height === 0) return nothing;
  return html`<tr class="gap" aria-hidden="true">
    <td colspan=${runs + 2} ${setCss({ height: `${height}px` })}></td>
  </tr>`;
}
