import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons.ts';
import { gapsLine, pathLine, pathMethod } from './runWords.ts';
import type { Scene } from './scene.ts';

/** What the drawing comes to, in words: the critical path, and when nothing ran. */
export function lines({ path, gaps, context, extent }: Scene): TemplateResult {
  const end = Math.max(...gaps.slice(-1).map(({ to }) => to), context.origin + extent.until);
  const idle = gapsLine(gaps, end - context.origin);
  return html`<div class="lines">
    ${
      path === null
        ? nothing
        : html`<div title=${pathMethod(path)}>
            ${icon('milestone')}<span class="text">${pathLine(path)}</span>
          </div>`
    }
    ${idle === null ? nothing : html`<div>${icon('watch')}<span class="text">${idle}</span></div>`}
  </div>`;
}
