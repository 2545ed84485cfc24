/** What one would gain by making a phase of the run faster. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { CriticalPathRecord } from '../../../service/protocol/criticalPath.ts';
import { duration, percent, UNKNOWN } from '../../../service/protocol/describe.ts';
import { cut } from '../../charts/pictures/cut.ts';

const MOST = 5;
const LONGEST_NAME = 60;

export type SpeedUp = CriticalPathRecord['phases'][number];

/** Those that would make the run shorter, the greatest gain first. */
export function gainsOf({ phases }: CriticalPathRecord): SpeedUp[] {
  return phases
    .filter(({ gain_ms_if_halved: gain }) => gain !== null && gain > 0)
    .sort((a, b) => (b.gain_ms_if_halved ?? 0) - (a.gain_ms_if_halved ?? 0))
    .slice(0, MOST);
}

/** Why there is nothing to gain, or nobody can tell. */
export function noGain({ state, phases }: CriticalPathRecord): string {
  if (state === 'not_enough_data' || phases.length === 0)
    return t('No phase of this run has begun so far.');
  return t('No phase alone would make this run shorter.');
}

export function speedUpTable(
  record: CriticalPathRecord,
  pick: (phaseId: string) => void,
): TemplateResult {
  const rows = gainsOf(record);
  if (rows.length === 0) return html`<p class="empty">${noGain(record)}</p>`;
  return html`<table aria-label=${t('What to speed up')}>
    <thead>
      <tr>
        <th scope="col">${t('Phase')}</th>
        <th scope="col" class="numeric">${t('Took')}</th>
        <th scope="col" class="numeric gain">${t('Twice as fast')}</th>
        <th scope="col" class="numeric extra">${t('In no time')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((one) => row(one, record, pick))}
    </tbody>
  </table>`;
}

function row(
  one: SpeedUp,
  { length_ms: total }: CriticalPathRecord,
  pick: (phaseId: string) => void,
): TemplateResult {
  const name = cut(
    one.name === one.phase_id ? one.name : `${one.phase_id} ${one.name}`,
    LONGEST_NAME,
  );
  return html`<tr>
    <th scope="row" title=${name}>
      <button class="plain link cut" @click=${() => pick(one.phase_id)}><bdi>${name}</bdi></button>
    </th>
    <td class="numeric">${duration(one.took_ms)}</td>
    ${gain(one.gain_ms_if_halved, total)} ${gain(one.gain_ms_if_free, total, 'extra')}
  </tr>`;
}

function gain(ms: number | null, total: number, extra = ''): TemplateResult {
  return html`<td class="numeric ${extra}">${shorter(ms, total)}</td>`;
}

/** `9.3 s less, 21 %`: of the run. */
function shorter(gain: number | null, total: number): string {
  if (gain === null) return UNKNOWN;
  const less = whole(duration(gain));
  if (!(total > 0)) return t('{0} less', less);
  return t('{0} less, {1}', less, whole(percent((100 * gain) / total)));
}

/** A number stays beside its unit where a line breaks. */
function whole(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}
