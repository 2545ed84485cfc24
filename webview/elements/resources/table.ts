import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { count, memory, percent, UNKNOWN } from '../../../service/protocol/describe.ts';
import type { ResourceSample } from '../../../service/protocol/record.ts';
import { preciseTime } from '../../format.ts';

/** The newest so many; all of them are in the export. */
const MOST = 200;

/** The same numbers as the charts', newest first. */
export function sampleTable(samples: readonly ResourceSample[]): TemplateResult {
  const rest = samples.length - MOST;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Resource samples">
      <table aria-label="CPU and memory against time">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Phase</th>
            <th scope="col">CPU</th>
            <th scope="col">Memory</th>
          </tr>
        </thead>
        <tbody>
          ${samples.slice(-MOST).reverse().map(row)}
        </tbody>
      </table>
    </div>
    ${rest > 0 ? html`<p class="caption">${count(rest, t('{0} older sample in the export.'), t('{0} older samples in the export.'))}</p>` : nothing}`;
}

function row(sample: ResourceSample): TemplateResult {
  return html`<tr class="number">
    <td>${preciseTime(sample.time)}</td>
    <td>${sample.phase_id ?? UNKNOWN}</td>
    <td>${percent(sample.cpu_percent)}</td>
    <td>${memory(sample.memory_mb)}</td>
  </tr>`;
}
