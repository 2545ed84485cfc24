import { html, type TemplateResult } from 'lit';
import { setCss } from '../../cssDirective.ts';
import { AXIS, ROW } from './plot.ts';

/** Which row it is about, and the pixels that are scrolled and shown of the rows. */
export interface Place {
  index: number;
  scrolled: number;
  height: number;
}

/** Lines below their row, or above it where there is no room below. */
export function tooltip(lines: readonly string[], place: Place): TemplateResult {
  const { index, scrolled, height } = place;
  const below = (index + 1) * ROW - scrolled + AXIS + 2;
  const above = below > height - 40 && index > 3;
  const css = above
    ? { bottom: `calc(100% - ${below - ROW - 2}px)`, left: 'var(--labels)' }
    : { top: `${below}px`, left: 'var(--labels)' };
  return html`<div class="tooltip" aria-hidden="true" ${setCss(css)}>
    ${lines.map((line) => html`<div>${line}</div>`)}
  </div>`;
}
