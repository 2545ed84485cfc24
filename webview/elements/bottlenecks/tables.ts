import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { count, duration, percent, UNKNOWN } from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { phaseName } from '../performance/words.ts';
import type { Content } from '../shared/region.ts';
import { statusIcon } from '../shared/status.ts';
import type { SlowPhase, WaitingPhase } from './slowest.ts';

type Pick = (phaseId: string) => void;

export function shareTable(rows: readonly SlowPhase[], pick: Pick): TemplateResult {
  return html`<table aria-label=${t('Phases that took most of this run')}>
    <thead>
      <tr>
        <th scope="col">${t('Phase')}</th>
        <th scope="col" class="numeric">${t('Took')}</th>
        <th scope="col" class="numeric">${t('Of the run')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ phase, ms, share }) =>
          html`<tr>
            ${heading(phase, pick)}
            <td class="numeric">${duration(ms)}</td>
            <td class="numeric">${share === null ? UNKNOWN : percent(share * 100)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function waitTable(rows: readonly WaitingPhase[], pick: Pick): TemplateResult {
  return html`<table aria-label=${t('Phases that waited longest')}>
    <thead>
      <tr>
        <th scope="col">${t('Phase')}</th>
        <th scope="col" class="numeric">${t('Waited')}</th>
        <th scope="col" class="extra">${t('For')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => {
        const why = reason(row);
        return html`<tr>
          ${heading(row.phase, pick)}
          <td class="numeric">${duration(row.blocked + row.ready)}</td>
          <td class="extra" title=${why}><bdi>${why}</bdi></td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function heading(phase: PhaseRecord, pick: Pick): Content {
  const name = phaseName(phase);
  return html`<th scope="row" title=${name}>
    <button class="plain link cut" @click=${() => pick(phase.phase_id)}>
      ${statusIcon(phase.status)} <bdi>${name}</bdi>
    </button>
  </th>`;
}

/** What the longer part of the waiting was for. */
function reason({ blocked, ready, by }: WaitingPhase): string {
  if (ready >= blocked) return t('its own start: it was ready');
  const [first = UNKNOWN, ...others] = by;
  if (others.length === 0) return first;
  return count(others.length, t('{1} and {0} more'), t('{1} and {0} more'), first);
}
