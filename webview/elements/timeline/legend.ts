import { t } from '@vscode/l10n';
import { html, svg, type TemplateResult } from 'lit';
import { patterns } from './plot.ts';

/** What the drawing's signs mean. */
export function legend(): TemplateResult {
  const key = (drawing: TemplateResult, words: string): TemplateResult =>
    html`<span><svg width="20" height="12" aria-hidden="true">${drawing}</svg>${words}</span>`;
  return html`<p class="legend caption">
    ${patterns()}
    ${key(svg`<line class="critical" x1="0" x2="20" y1="8" y2="8"></line>`, t('critical path'))}
    ${key(svg`<line class="wait" x1="0" x2="20" y1="6" y2="6"></line>`, t('waits for a dependency'))}
    ${key(svg`<rect class="ready" x="0" y="3" width="20" height="6"></rect>`, t('ready, not started'))}
    ${key(svg`<rect class="gapband" x="0" y="0" width="20" height="12"></rect>`, t('nothing ran'))}
  </p>`;
}
