import { html, nothing, svg, type TemplateResult } from 'lit';
import { duration } from '../../../service/protocol/describe.ts';
import { formatDate } from '../../../service/protocol/intl.ts';
import { offset } from '../../format.ts';
import type { Bar } from './bars.ts';
import type { Gap } from './gaps.ts';
import { gapWords } from './runWords.ts';
import { type Span, ticks, toPixels } from '../../timeScale.ts';

export const ROW = 24;
/** Pixels of the axis with the line of gaps, above the rows. */
export const AXIS = 35;
const BAR = { phase: { y: 5, height: 14 }, sub: { y: 8, height: 8 } } as const;

/** Thin, and in the middle of the row: nothing ran there. */
const WAIT = 6;

export interface Plot {
  shown: Span;
  width: number;
  /** What 0 stands for, epoch milliseconds. */
  origin: number;
  /** Where now is, while the job runs. */
  now: number | null;
  /** The axis says the time of day. */
  clock: boolean;
  gaps: readonly Gap[];
}

export interface RowBar extends Bar {
  sub: boolean;
  critical: boolean;
}

export function axis({ shown, width, origin, clock }: Plot): TemplateResult {
  const shift = clock ? origin - new Date(origin).getTimezoneOffset() * 60_000 : 0;
  // Round times of the day are round where the day begins at 0.
  const times = ticks({ from: shown.from + shift, to: shown.to + shift }, width).map(
    (at) => at - shift,
  );
  const step = (times[1] ?? Infinity) - (times[0] ?? 0);
  const say = clock ? (time: number) => timeOfDay(origin + time, step) : offset;
  return html`<svg width=${width} height="20" aria-hidden="true">
    ${times.map((time) => {
      const x = toPixels(time, shown, width);
      const anchor = x < 24 ? 'start' : x > width - 40 ? 'end' : 'middle';
      return svg`<text x=${x} y="14" text-anchor=${anchor}>${say(time)}</text>`;
    })}
  </svg>`;
}

/** As exact as two ticks have to be told apart. */
export function timeOfDay(time: number, step: number, locale?: string): string {
  const base = { hour: '2-digit', minute: '2-digit' } as const;
  if (step >= 60_000) return formatDate(time, base, locale);
  const seconds = { ...base, second: '2-digit' } as const;
  if (step >= 1_000) return formatDate(time, seconds, locale);
  return formatDate(time, { ...seconds, fractionalSecondDigits: 3 }, locale);
}

/** A gap that is narrower is not drawn: it would be a line among others. */
const NARROWEST = 3;

interface Drawn {
  gap: Gap;
  x: number;
  width: number;
}

function drawnGaps({ gaps, shown, width, origin }: Plot): Drawn[] {
  return gaps.flatMap((gap) => {
    const [from, to] = clip({ from: gap.from - origin, to: gap.to - origin }, shown, width);
    return to - from < NARROWEST || to < 0 || from > width
      ? []
      : [{ gap, x: from, width: to - from }];
  });
}

/** The line below the axis on which gaps stand with their length. */
export function gapRail(view: Plot): TemplateResult {
  return html`<svg class="rail" width=${view.width} height="14" aria-hidden="true">
    ${drawnGaps(view).map(({ gap, x, width }) => {
      const words = duration(gap.to - gap.from);
      return svg`<g><title>${gapWords(gap)}</title>
        <rect class="gap" x=${x} y="2" width=${width} height="10"></rect>
        ${width < 48 ? nothing : svg`<text x=${Math.max(0, x) + 4} y="11">${words}</text>`}
      </g>`;
    })}
  </svg>`;
}

/** Patterns that all drawings of an element use. */
export function patterns(): TemplateResult {
  return html`<svg class="defs" width="0" height="0" aria-hidden="true">
    <defs>
      <pattern id="stripes" width="10" height="14" patternUnits="userSpaceOnUse">
        <rect width="10" height="14"></rect>
        <path d="M-2,16 L12,-2 M-7,9 L5,-7 M5,21 L17,5"></path>
      </pattern>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">
        <path d="M0,6 L6,0 M-1,1 L1,-1 M5,7 L7,5"></path>
      </pattern>
    </defs>
  </svg>`;
}

/** Bars of the rows on the screen, with grid lines and the line of now behind and above them. */
export function plot(view: Plot, bars: readonly RowBar[]): TemplateResult {
  const height = bars.length * ROW;
  const { shown, width } = view;
  return html`<svg width=${width} height=${height} aria-hidden="true">
    ${drawnGaps(view).map(({ x, width: w }) => svg`<rect class="gapband" x=${x} y="0" width=${w} height=${height}></rect>`)}
    ${ticks(shown, width).map((time) => line('grid', toPixels(time, shown, width), height))}
    ${bars.map((bar, index) => svg`<g transform="translate(0,${index * ROW})">${oneBar(bar, view)}</g>`)}
    ${view.now === null ? nothing : line('now', toPixels(view.now, shown, width) - 0.5, height)}
  </svg>`;
}

function line(kind: string, x: number, height: number): TemplateResult {
  return svg`<line class=${kind} x1=${x} x2=${x} y1="0" y2=${height}></line>`;
}

function oneBar(bar: RowBar, view: Plot): unknown {
  const { blocked, ready } = bar.waits;
  return [
    blocked === null ? nothing : blockedLine(blocked.span, view),
    ready === null ? nothing : readyBar(ready.span, view),
    bar.span === null ? nothing : spanBar(bar, bar.span, view),
  ];
}

function blockedLine(span: Span, { shown, width }: Plot): TemplateResult {
  const [from, to] = clip(span, shown, width);
  return svg`<line class="wait" x1=${from} x2=${to} y1=${ROW / 2} y2=${ROW / 2}></line>`;
}

function readyBar(span: Span, { shown, width }: Plot): TemplateResult {
  const [from, to] = clip(span, shown, width);
  return svg`<rect class="ready" x=${from} y=${(ROW - WAIT) / 2} width=${Math.max(0, to - from)} height=${WAIT}></rect>`;
}

function spanBar(bar: RowBar, span: Span, { shown, width }: Plot): unknown {
  const [from, to] = clip(span, shown, width);
  if (to <= 0 || from >= width) return nothing;
  const { y, height } = bar.sub ? BAR.sub : BAR.phase;
  const length = Math.max(2, to - from);
  const kind = `bar ${bar.status} ${bar.sub ? 'sub' : ''}`;
  return [
    svg`<rect class=${kind} x=${from} y=${y} width=${length} height=${height} rx="1"></rect>`,
    bar.critical ? underline(from, from + length) : nothing,
    bar.status === 'FAILED' ? cross(from + length + 7) : nothing,
    bar.sub
      ? nothing
      : time(bar, span, { from: beforeOf(bar, from, { shown, width }), end: from + length, width }),
  ];
}

/** The critical path goes through here: a line below the bar. */
function underline(from: number, to: number): TemplateResult {
  return svg`<line class="critical" x1=${from} x2=${to} y1="21.5" y2="21.5"></line>`;
}

/** The sign of failure beside the bar, for those who do not see its colour. */
function cross(x: number): TemplateResult {
  const y = ROW / 2;
  return svg`<path class="mark" d="M${x - 3},${y - 3} l6,6 m0,-6 l-6,6"></path>`;
}

/** Where the drawing of a row begins: with what it waited for, if it did. */
function beforeOf(
  { waits }: Bar,
  from: number,
  { shown, width }: Pick<Plot, 'shown' | 'width'>,
): number {
  const first = waits.blocked?.span.from ?? waits.ready?.span.from;
  return first === undefined ? from : Math.min(from, toPixels(first, shown, width));
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
