import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { gapsLine, pathLine, pathMethod } from './runWords.ts';
import type { Scene } from './scene.ts';

/** What the drawing comes to, in words: the critical path, and when nothing ran. */
export function lines(scene: Scene, retry: () => void): TemplateResult {
  const { gaps, context, extent } = scene;
  const end = Math.max(...gaps.slice(-1).map(({ to }) => to), context.origin + extent.until);
  const idle = gapsLine(gaps, end - context.origin);
  return html`<div class="lines">
    ${ofPath(scene, retry)}
    ${idle === null ? nothing : html`<div>${icon('watch')}<span class="text">${idle}</span></div>`}
  </div>`;
}

/** One line in each state, so that nothing below it moves when the answer comes. */
function ofPath({ path, pathState: state }: Scene, retry: () => void): Content {
  const message = state.kind === 'loading' ? null : state.message;
  const again = html`<button class="plain link" @click=${retry}>${t('Try Again')}</button>`;
  if (path !== null)
    return html`<div title=${pathMethod(path)}>
      ${icon('milestone')}<span class="text">${pathLine(path)}</span>
      ${message === null ? nothing : html`<span class="muted" role="alert">${t('It may be old: {0}', message)}</span>${again}`}
    </div>`;
  if (message !== null)
    return html`<div role="alert">
      ${icon('warning')}<span class="text"
        >${t('The critical path is not known: {0}', message)}</span
      >${again}
    </div>`;
  if (state.kind === 'ready') return nothing;
  return html`<div class="muted" aria-busy="true">
    ${icon('milestone')}<span class="text">${t('Looking for the critical path ...')}</span>
  </div>`;
}
