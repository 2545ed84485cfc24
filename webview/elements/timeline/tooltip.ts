import { html, type TemplateResult } from 'lit';
import { setCss } from '../../cssDirective.ts';
import { AXIS, ROW } from './plot.ts';

/** Which row it is about, and the pixels that are scrolled and shown of the rows. */
export interface Place {
  index: number;
  scrolled: number;
  height: number;
  /** Pixels from the left of the drawing, and how wide that is: beside what is pointed at. */
  x: number;
  width: number;
}

/** As wide as a tooltip becomes. */
const WIDEST = 320;

/** Lines below their row, or above it where there is no room below. */
export function tooltip(lines: readonly string[], place: Place): TemplateResult {
  const { index, scrolled, height, x, width } = place;
  const left = `calc(var(--labels) + ${Math.max(0, Math.min(x, width - WIDEST))}px)`;
  const below = (index + 1) * ROW - scrolled + AXIS + 2;
  const above = below > height - 40 && index > 3;
  const css = above
    ? { bottom: `calc(100% - ${below - ROW - 2}px)`, left }
    : { top: `${below}px`, left };
  return html`<div class="tooltip" aria-hidden="true" ${setCss(css)}>
    ${lines.map((line) => html`<div>${line}</div>`)}
  </div>`;
}
