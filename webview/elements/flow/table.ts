import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { memory, duration, phaseLabel, statusWord } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { setCss } from '../../cssDirective.ts';
import { phaseMs } from '../../format.ts';
import { windowOf } from '../../virtual.ts';
import { statusIcon } from '../shared/status.ts';
import { dependencies } from './words.ts';

const ROW = 26;
/** More rows scroll in themselves. */
const LONG = 20;
const COLUMNS = 6;

export interface TableView {
  now: number;
  /** Pixels that the table is scrolled by. */
  scrolled: number;
  selected: string | null;
  select: (phaseId: string) => void;
  scroll: (event: Event) => void;
}

/** The graph as rows: the same phases, what they depend on, and their numbers. */
export function flowTable(phases: readonly PhaseRecord[], view: TableView): TemplateResult {
  const long = phases.length > LONG;
  const rows = windowOf({ count: phases.length, rowHeight: ROW }, view.scrolled, (LONG + 1) * ROW);
  return html`<div class="rows ${long ? 'long' : ''}" @scroll=${view.scroll}>
    <table aria-label=${t('Phases by dependency')} aria-rowcount=${phases.length + 1}>
      <thead>
        <tr aria-rowindex="1">
          <th scope="col" class="wide">${t('Phase')}</th>
          <th scope="col" class="wide">${t('Depends on')}</th>
          <th scope="col">${t('Status')}</th>
          <th scope="col" class="numeric">${t('Time')}</th>
          <th scope="col" class="numeric less">${t('Memory')}</th>
          <th scope="col" class="numeric less">${t('Errors')}</th>
        </tr>
      </thead>
      <tbody>
        ${gap(rows.before)}
        ${phases.slice(rows.start, rows.end).map((phase, at) => row(phase, rows.start + at, view))}
        ${gap(rows.after)}
      </tbody>
    </table>
  </div>`;
}

function row(phase: PhaseRecord, index: number, view: TableView): TemplateResult {
  const label = phaseLabel(phase);
  const needs = dependencies(phase);
  const selected = view.selected === phase.phase_id;
  return html`<tr class=${selected ? 'selected' : ''} aria-rowindex=${index + 2}>
    <td title=${label}>
      <button
        class="plain cut"
        aria-pressed=${selected ? 'true' : 'false'}
        @click=${() => view.select(phase.phase_id)}
      >
        <bdi>${label}</bdi>
      </button>
    </td>
    <td class="cut" title=${needs}><bdi>${needs}</bdi></td>
    <td class="cut">${statusIcon(phase.status)} ${statusWord(phase.status)}</td>
    <td class="numeric">${duration(phaseMs(phase, view.now))}</td>
    <td class="numeric less">${memory(phase.memory_mb?.max)}</td>
    <td class="numeric less ${phase.error_count > 0 ? 'bad' : ''}">
      ${numeral(phase.error_count)}
    </td>
  </tr>`;
}

function gap(height: number): TemplateResult | typeof nothing {
  if (height === 0) return nothing;
  return html`<tr aria-hidden="true">
    <td class="gap" colspan=${COLUMNS} ${setCss({ height: `${height}px` })}></td>
  </tr>`;
}
