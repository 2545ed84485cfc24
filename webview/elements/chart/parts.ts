/** What stands around the drawing: keys of colours, the legend, the tooltip. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { count } from '../../../service/protocol/describe.ts';
import { dashOf, hatchPath, TILE } from '../../charts/hatch.ts';
import { isValue } from '../../charts/moments.ts';
import type { Place } from '../../charts/pictures/picture.ts';
import type { Stop } from '../../charts/reading.ts';
import { nearest } from '../../charts/series.ts';
import type { ChartSpec, Color, TimeChart } from '../../charts/spec.ts';
import { setCss } from '../../cssDirective.ts';
import type { Content } from '../shared/region.ts';

/** More would hide the chart; all of them are in the table. */
const MOST_KEYS = 12;

const css = ([variable, fallback]: Color): string => `var(${variable}, ${fallback})`;

/** A sample of a line or area, with its dash or hatch in high contrast. */
function key(
  color: Color,
  look: { area: boolean; index: number; contrast: boolean; dash?: readonly number[] },
): TemplateResult {
  const { area, index, contrast } = look;
  const dash = look.dash ?? (contrast ? dashOf(index) : []);
  return html`<svg
    class="key"
    width="14"
    height="8"
    aria-hidden="true"
    ${setCss({ color: css(color) })}
  >
    ${
      !area
        ? svg`<line x1="0" x2="14" y1="4" y2="4" stroke="currentColor" stroke-width="2" stroke-dasharray=${dash.join(' ')} />`
        : contrast
          ? svg`<rect x="0.5" y="0.5" width="13" height="7" fill="none" stroke="currentColor" /><svg width="14" height=${TILE}><path d=${hatchPath(index)} stroke="currentColor" /><path d=${hatchPath(index)} stroke="currentColor" transform="translate(8 0)" /></svg>`
          : svg`<rect width="14" height="8" fill="currentColor" />`
    }
  </svg>`;
}

interface Keyed {
  name: string;
  color: Color;
  value: string;
  dash?: readonly number[];
}

/** Names of lines or bars with their colours, and of lines the newest value; nothing where there is only one. */
export function legend(spec: ChartSpec, time: number | null, contrast: boolean): Content {
  const all = keyed(spec, time);
  if (all.length < 2) return nothing;
  const area = spec.kind === 'bars' || (spec.kind === 'time' && spec.stacked === true);
  const rest = all.length - MOST_KEYS;
  return html`<ul class="legend caption">
    ${all.slice(0, MOST_KEYS).map(
      ({ name, color, value, dash }, index) =>
        html`<li>
          ${key(color, { area, index, contrast, ...(dash === undefined ? {} : { dash }) })}
          <bdi class="cut" title=${name}>${name}</bdi>
          ${value === '' ? nothing : html`<span class="number">${value}</span>`}
        </li>`,
    )}
    ${rest > 0 ? html`<li>${count(rest, t('and {0} more in the table'), t('and {0} more in the table'))}</li>` : nothing}
  </ul>`;
}

/** The one line of a chart has its key beside the name. */
export function onlyKey(spec: ChartSpec): Content {
  const [line] = spec.kind === 'time' && spec.lines.length === 1 ? spec.lines : [];
  return line === undefined ? nothing : key(line.color, { area: false, index: 0, contrast: false });
}

function keyed(spec: ChartSpec, time: number | null): readonly Keyed[] {
  if (spec.kind === 'bars') return spec.bars.map(({ name, color }) => ({ name, color, value: '' }));
  if (spec.kind !== 'time') return [];
  return spec.lines.map(({ name, color, points, dash }) => ({
    ...{ name, color, value: spec.say(at(points, time)) },
    ...(dash === undefined ? {} : { dash }),
  }));
}

/** The value at a moment, or the newest one. */
function at(points: TimeChart['lines'][number]['points'], time: number | null): number | null {
  if (time !== null) return nearest(points, time)?.y ?? null;
  return points.findLast(({ y }) => isValue(y))?.y ?? null;
}

/** What stands at a place, beside it, on the side with more room. */
export function tooltip(
  stop: Stop,
  place: Place,
  { width, height }: { width: number; height: number },
): TemplateResult {
  const across: Record<string, string> =
    place.x < width / 2 ? { left: `${place.x + 12}px` } : { right: `${width - place.x + 12}px` };
  const down: Record<string, string> =
    place.y < height / 2 ? { top: `${place.y + 8}px` } : { bottom: `${height - place.y + 8}px` };
  const many = stop.entries.filter(({ color }) => color !== null).length > 1;
  return html`<div class="tooltip" ${setCss({ ...across, ...down })}>
    <p class="number cut"><bdi>${stop.title}</bdi></p>
    <ul>
      ${stop.entries.slice(0, MOST_KEYS + 2).map(
        ({ name, value, color }, index) =>
          html`<li class=${many && index === stop.current ? 'current' : ''}>
            ${color === null ? nothing : html`<svg class="key" width="10" height="8" aria-hidden="true" ${setCss({ color: css(color) })}>${svg`<rect width="10" height="8" fill="currentColor" />`}</svg>`}
            <bdi class="cut">${name}</bdi><span class="value number">${value}</span>
          </li>`,
      )}
    </ul>
  </div>`;
}
