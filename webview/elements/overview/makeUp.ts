import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { PerformanceState } from '../../../service/protocol/performance.ts';
import type { TargetStatus } from '../../../service/protocol/targets.ts';
import { icon, type IconName } from '../../icons.ts';
import type { Load } from '../../load.ts';
import { type RegionName, regionTitle } from '../../regionNames.ts';
import { loaded } from '../shared/loaded.ts';
import type { Content } from '../shared/region.ts';
import { type HealthRow, healthRows, targetWord } from './health.ts';

const ICONS: Record<TargetStatus, IconName> = {
  OK: 'pass',
  WARNING: 'warning',
  CRITICAL: 'error',
  UNKNOWN: 'circle',
};

/** The targets behind the health score: what each is, what it should be, and what it costs. */
export function makeUp(load: Load<PerformanceState>, go: (region: RegionName) => void): Content {
  const skeleton = html`<div class="skeleton">&nbsp;</div>`;
  return loaded(load, {
    skeleton,
    content: ({ health, targets }) => table(healthRows(health, targets), go),
  });
}

function table(rows: readonly HealthRow[], go: (region: RegionName) => void): TemplateResult {
  return html`<table aria-label=${t('What the health score is made of')}>
    <thead>
      <tr>
        <th scope="col">${t('Target')}</th>
        <th scope="col">${t('State')}</th>
        <th scope="col">${t('Value')}</th>
        <th scope="col" class="bound">${t('Should be')}</th>
        <th scope="col" class="bound">${t('Points')}</th>
        <th scope="col">${t('Lost')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => tableRow(row, go))}
    </tbody>
  </table>`;
}

function tableRow(row: HealthRow, go: (region: RegionName) => void): TemplateResult {
  const { title, status, value, bound, points, cost, lost, leadsTo } = row;
  return html`<tr class=${lost > 0 ? 'missed' : nothing}>
    <td>
      <button
        class="plain link"
        title=${t('Go to {0}', regionTitle(leadsTo))}
        @click=${() => go(leadsTo)}
      >
        <bdi>${title}</bdi>
      </button>
    </td>
    <td>
      <span class="labelled"
        >${icon(ICONS[status], status)} <span class="word">${targetWord(status)}</span></span
      >
    </td>
    <td>${value}</td>
    <td class="bound">${bound}</td>
    <td class="bound">${points}</td>
    <td>${cost}</td>
  </tr>`;
}
