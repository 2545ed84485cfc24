/** The crosshair, the mark and the words of what is read: above the canvas, so that nothing is drawn again where a pointer moves. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Drawing } from '../../charts/drawing.ts';
import { nearestIndex } from '../../charts/moments.ts';
import type { Place } from '../../charts/pictures/picture.ts';
import type { Reading, Stop } from '../../charts/reading.ts';
import type { ChartSpec, TimeChart } from '../../charts/spec.ts';
import { setCss } from '../../cssDirective.ts';
import type { Content } from '../shared/region.ts';
import { tooltip } from './parts.ts';
import { type Pointing, spanOf } from './pointing.ts';

export interface Overlay {
  drawing: Drawing;
  chart: ChartSpec;
  pointing: Pointing;
  reading: () => Reading;
  stop: Stop | null;
  /** The moment of the page's crosshair. */
  moment: number | null;
  size: { width: number; height: number };
}

type Area = NonNullable<ReturnType<Drawing['area']>>;

export function overlay(look: Overlay): Content {
  const area = look.drawing.area();
  if (area === null) return nothing;
  const { chart, drawing, pointing, stop, size } = look;
  const place = pointing.at === null ? null : drawing.place(pointing.at);
  return html`${brush(look, area)}${chart.kind === 'time' ? cross(look, chart, area) : nothing}${
    place === null || stop === null
      ? nothing
      : html`${chart.kind === 'gauge' ? nothing : mark(place)}${tooltip(stop, place, size)}`
  }`;
}

function brush({ drawing, pointing }: Overlay, area: Area): Content {
  if (pointing.brush === null) return nothing;
  const { from, to } = spanOf(pointing.brush);
  const [left, right] = [drawing.pixelAt(from), drawing.pixelAt(to)];
  const width = `${right - left}px`;
  return html`<div class="brush" ${setCss({ ...upright(area), left: `${left}px`, width })}></div>`;
}

/** The line of the page's crosshair and, where another chart is pointed at, what this one says then. */
function cross(look: Overlay, chart: TimeChart, area: Area): Content {
  const { drawing, moment, pointing } = look;
  if (moment === null || moment < chart.span.from || moment > chart.span.to) return nothing;
  const left = `${drawing.pixelAt(moment)}px`;
  return html`<div class="cross" ${setCss({ ...upright(area), left })}></div>
    ${pointing.at === null && chart.lines.length === 1 ? tag(look, moment) : nothing}`;
}

function tag({ drawing, reading, size }: Overlay, moment: number): Content {
  const all = reading();
  const at = { column: nearestIndex(all.moments, moment), row: 0 };
  const place = drawing.place(at);
  const value = all.stop(at)?.entries[0]?.value;
  if (place === null || value === undefined) return nothing;
  const side: Record<string, string> =
    place.x < size.width / 2
      ? { left: `${place.x + 6}px` }
      : { right: `${size.width - place.x + 6}px` };
  const top = `${Math.max(0, place.y - 20)}px`;
  return html`${mark(place)}<span class="tag number" ${setCss({ ...side, top })}>${value}</span>`;
}

function mark({ x, y }: Place): TemplateResult {
  return html`<div class="mark" ${setCss({ left: `${x}px`, top: `${y}px` })}></div>`;
}

function upright({ top, height }: Area): Record<string, string> {
  return { top: `${top}px`, height: `${height}px` };
}
