import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { errorLine } from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { setCss } from '../../cssDirective.ts';
import { freeValue } from '../../format.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { type Around, type Column, COLUMNS, isUnknown, SLOW_TIMES, timesUsual } from './columns.ts';

/** Opens and closes the row; its error stands in it. */
export function phaseName(
  phase: PhaseRecord,
  { index, open, toggle }: { index: number; open: boolean; toggle: () => void },
): TemplateResult {
  const name = phase.name === phase.phase_id ? '' : ` ${phase.name}`;
  const error = phase.error
    ? html` <span class="errortext">${errorLine(phase.error)}</span>`
    : nothing;
  return html`<button
    class="plain open"
    data-row=${index}
    aria-expanded=${open ? 'true' : 'false'}
    @click=${toggle}
  >
    ${icon(open ? 'chevronDown' : 'chevronRight')}<span class="cut"
      ><bdi>${phase.phase_id}${name}</bdi>${error}</span
    >
  </button>`;
}

export function cell(column: Column, phase: PhaseRecord, around: Around): TemplateResult {
  const text = column.text(phase, around);
  const tone = isUnknown(text) ? 'unknown' : toneOf(column, phase, around);
  return html`<td
    class="p${column.priority} ${column.numeric ? 'numeric' : ''} ${tone}"
    title=${column.hover?.(phase, around) ?? text}
  >
    ${text}
  </td>`;
}

function toneOf(column: Column, phase: PhaseRecord, { now }: Around): string {
  if (column.id === 'usual') return (timesUsual(phase, now) ?? 0) >= SLOW_TIMES ? 'warn' : '';
  if (column.id === 'errors') return phase.error_count > 0 ? 'bad' : 'none';
  if (column.id === 'warnings') return phase.warning_count > 0 ? 'warn' : 'none';
  if (column.id === 'artifacts') return phase.artifact_count > 0 ? '' : 'none';
  return '';
}

/** Said above the table, where the filter leaves out the phase that is selected. */
export function hiddenNote(phase: PhaseRecord, showAll: () => void): TemplateResult {
  return html`<p class="hidden-note" role="status">
    <span>${t('The filter hides the selected phase {0}.', freeValue(phase.name))}</span>
    <button class="plain link" @click=${showAll}>${t('Show All Phases')}</button>
  </p>`;
}

/** Rows that are not drawn keep their height. */
export function gap(height: number): Content {
  if (height === 0) return nothing;
  return html`<tr class="gap" aria-hidden="true">
    <td colspan=${COLUMNS.length} ${setCss({ height: `${height}px` })}></td>
  </tr>`;
}
