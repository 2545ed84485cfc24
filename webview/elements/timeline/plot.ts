import { html, nothing, svg, type TemplateResult } from 'lit';
import { duration } from '../../../service/protocol/describe.ts';
import { offset } from '../../format.ts';
import type { Bar } from './bars.ts';
import { type Span, ticks, toPixels } from '../../timeScale.ts';

export const ROW = 24;
const BAR = { phase: { y: 5, height: 14 }, sub: { y: 8, height: 8 } } as const;

export interface Plot {
  shown: Span;
  width: number;
  /** Where now is, while the job runs. */
  now: number | null;
}

export function axis({ shown, width }: Plot): TemplateResult {
  return html`<svg width=${width} height="20" aria-hidden="true">
    ${ticks(shown, width).map((time) => {
      const x = toPixels(time, shown, width);
      const anchor = x < 16 ? 'start' : x > width - 32 ? 'end' : 'middle';
      return svg`<text x=${x} y="14" text-anchor=${anchor}>${offset(time)}</text>`;
    })}
  </svg>`;
}

/** Bars of the rows on the screen, with grid lines and the line of now behind and above them. */
export function plot(view: Plot, bars: readonly (Bar & { sub: boolean })[]): TemplateResult {
  const height = bars.length * ROW;
  const { shown, width } = view;
  return html`<svg width=${width} height=${height} aria-hidden="true">
    <defs>
      <pattern id="stripes" width="10" height="14" patternUnits="userSpaceOnUse">
        <rect width="10" height="14"></rect>
        <path d="M-2,16 L12,-2 M-7,9 L5,-7 M5,21 L17,5"></path>
      </pattern>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">
        <path d="M0,6 L6,0 M-1,1 L1,-1 M5,7 L7,5"></path>
      </pattern>
    </defs>
    ${ticks(shown, width).map((time) => line('grid', toPixels(time, shown, width), height))}
    ${bars.map((bar, index) => svg`<g transform="translate(0,${index * ROW})">${oneBar(bar, view)}</g>`)}
    ${view.now === null ? nothing : line('now', toPixels(view.now, shown, width) - 0.5, height)}
  </svg>`;
}

function line(kind: string, x: number, height: number): TemplateResult {
  return svg`<line class=${kind} x1=${x} x2=${x} y1="0" y2=${height}></line>`;
}

function oneBar(bar: Bar & { sub: boolean }, view: Plot): unknown {
  return [
    bar.waiting === null ? nothing : waitLine(bar.waiting, view),
    bar.span === null ? nothing : spanBar(bar, bar.span, view),
  ];
}

function waitLine(span: Span, { shown, width }: Plot): TemplateResult {
  const [from, to] = clip(span, shown, width);
  return svg`<line class="wait" x1=${from} x2=${to} y1=${ROW / 2} y2=${ROW / 2}></line>`;
}

function spanBar(bar: Bar & { sub: boolean }, span: Span, { shown, width }: Plot): unknown {
  const [from, to] = clip(span, shown, width);
  if (to <= 0 || from >= width) return nothing;
  const { y, height } = bar.sub ? BAR.sub : BAR.phase;
  const length = Math.max(2, to - from);
  const kind = `bar ${bar.status} ${bar.sub ? 'sub' : ''}`;
  return [
    svg`<rect class=${kind} x=${from} y=${y} width=${length} height=${height} rx="1"></rect>`,
    bar.status === 'FAILED' ? cross(from + length + 7) : nothing,
    bar.sub
      ? nothing
      : time(bar, span, { from: beforeOf(bar, from, { shown, width }), end: from + length, width }),
  ];
}

/** The sign of failure beside the bar, for those who do not see its colour. */
function cross(x: number): TemplateResult {
  const y = ROW / 2;
  return svg`<path class="mark" d="M${x - 3},${y - 3} l6,6 m0,-6 l-6,6"></path>`;
}

/** Where the drawing of a row begins: its waiting line, if it has one. */
function beforeOf(bar: Bar, from: number, { shown, width }: Pick<Plot, 'shown' | 'width'>): number {
  return bar.waiting === null ? from : Math.min(from, toPixels(bar.waiting.from, shown, width));
}

function time(bar: Bar, span: Span, place: { from: number; end: number; width: number }): unknown {
  const text = duration(span.to - span.from);
  const after = place.end + (bar.status === 'FAILED' ? 15 : 5);
  if (after + 48 <= place.width) return svg`<text x=${after} y="16">${text}</text>`;
  if (place.from >= 56)
    return svg`<text x=${place.from - 5} y="16" text-anchor="end">${text}</text>`;
  return nothing; // The bar fills the width: the tooltip says the time.
}

/** Pixels of a span, cut a little outside of what is shown: far larger numbers do not draw well. */
function clip(span: Span, shown: Span, width: number): [number, number] {
  const cut = (time: number): number =>
    Math.max(-10, Math.min(width + 10, toPixels(time, shown, width)));
  return [cut(span.from), cut(span.to)];
}
