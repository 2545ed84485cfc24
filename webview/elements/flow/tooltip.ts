import { html, type TemplateResult } from 'lit';
import { setCss } from '../../cssDirective.ts';
import type { Rect } from './placeIndex.ts';

/** Lines below a node, or above it where there is more room. `node` and `frame` are pixels of the frame. */
export function tooltip(
  lines: readonly string[],
  { node, frame }: { node: Rect; frame: { width: number; height: number } },
): TemplateResult {
  const below = node.y + node.height + 6;
  const above = below > frame.height / 2 && node.y > 60;
  const left = Math.max(0, Math.min(node.x, frame.width - 280));
  const css = {
    ...(above ? { bottom: `${frame.height - node.y + 6}px` } : { top: `${below}px` }),
    left: `${left}px`,
  };
  return html`<div class="tooltip" aria-hidden="true" ${setCss(css)}>
    ${lines.map((line) => html`<div><bdi>${line}</bdi></div>`)}
  </div>`;
}
