import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { App } from '../../app.ts';
import { rangeWords } from '../timePicker/words.ts';

/** Instead of the rows where the range of the page has nothing of the run. */
export function outside({ time, clock }: App): TemplateResult {
  const range = rangeWords(time.moving, clock.now());
  return html`<div class="outside" role="status">
    <p>${t('This run is outside of the time that is shown: {0}.', range)}</p>
    <vscode-button appearance="secondary" @click=${() => time.showRun()}
      >${t('Show This Run')}</vscode-button
    >
  </div>`;
}
