import type { Chart, ChartConfiguration, Tick } from 'chart.js';
import { topOf, unitOf, valueTicks } from '../axis.ts';
import type { ChartTheme } from '../chartTheme.ts';
import type { Say } from '../spec.ts';
import { cut } from './cut.ts';

/** One thing that can be read: a moment of a line, a bar, a cell. */
export interface At {
  column: number;
  row: number;
}

/** Pixels from the top left of the drawing. */
export interface Place {
  x: number;
  y: number;
}

/** How a chart is drawn: what chart.js makes of it, what is drawn by hand behind and before that, and where things are. */
export interface Picture {
  config: ChartConfiguration;
  under?: (chart: Chart) => void;
  over?: (chart: Chart) => void;
  /** Where the mark of what is read goes; null where there is nothing. */
  place: (chart: Chart, at: At) => Place | null;
  /** What is nearest to a place; null outside. */
  find: (chart: Chart, place: Place) => At | null;
}

/** Room for the numbers of the value axis: the same in all charts, so that one time stands at one place. */
export const LEFT = 64;
const CAPTION = 11;

export const fontOf = (theme: ChartTheme): { family: string; size: number } => ({
  family: theme.font,
  size: CAPTION,
});

/** What no chart wants of chart.js: animation, events, its own legend and tooltips. */
export const PLAIN = {
  animation: false,
  responsive: false,
  maintainAspectRatio: false,
  events: [],
  parsing: false,
  normalized: true,
  layout: { padding: { right: 8, top: 4 } },
} satisfies ChartConfiguration['options'];

interface ValueAxis {
  say: Say;
  unit?: string;
  low?: number;
  high: number;
  top?: (highest: number) => number;
}

/** An axis of values that begins at zero (or below), with three round places said in their unit. */
export function valueAxis(axis: ValueAxis, theme: ChartTheme): object {
  const unit = unitOf(axis);
  const top = (axis.top ?? ((highest: number) => topOf(highest, unit)))(Math.max(0, axis.high));
  const low = axis.low ?? 0;
  const bottom = low < 0 ? -topOf(-low, unit) : 0;
  const end = low < 0 && axis.high <= 0 ? 0 : top;
  return {
    ...{ type: 'linear', min: bottom, max: end },
    ticks: {
      ...{ color: theme.muted, font: fontOf(theme), maxRotation: 0, autoSkip: false },
      callback: (value: number | string) => sayTick(Number(value), axis.say),
    },
    afterBuildTicks: (scale: { ticks: Tick[] }) => {
      scale.ticks = valueTicks(bottom, end).map((value) => ({ value }));
    },
    grid: { color: theme.grid, drawTicks: false },
    border: { display: false },
  };
}

/** `0 KB` on an axis of gigabytes says no more than `0`. */
function sayTick(value: number, say: Say): string {
  return value === 0 ? say(0).replace(/^0 KB$/, '0 MB') : say(value);
}

export const fixedWidth = (width: number) => (scale: { width: number }) => {
  scale.width = width;
};

/** An axis of names, cut where they are long: the whole name is said on hover and in the table. */
export function nameAxis(names: readonly string[], theme: ChartTheme, longest = 18): object {
  return {
    ...{ type: 'category', labels: names.map((name, index) => `${index} ${name}`), offset: true },
    ticks: {
      ...{ color: theme.muted, font: fontOf(theme), maxRotation: 0, autoSkipPadding: 8 },
      callback: (_: unknown, index: number) => cut(names[index] ?? '', longest),
    },
    grid: { display: false },
    border: { color: theme.grid },
  };
}

/** The place between two pixels that is a number; nothing where a scale is not laid out yet. */
export function pixel(chart: Chart, axis: 'x' | 'y', value: number): number {
  return chart.scales[axis]?.getPixelForValue(value) ?? 0;
}

export function inside({ chartArea }: Chart, { x, y }: Place): boolean {
  const { left, right, top, bottom } = chartArea;
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** Runs `draw` within the area of the data. */
export function clipped(chart: Chart, draw: () => void): void {
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
  ctx.clip();
  draw();
  ctx.restore();
}

/** The category at a place: which of `count` equal parts of the axis it is in. */
export function partAt(chart: Chart, { x, y }: Place, axis: 'x' | 'y', count: number): number {
  const { left, top, width, height } = chart.chartArea;
  const share = axis === 'x' ? (x - left) / width : (y - top) / height;
  return Math.max(0, Math.min(count - 1, Math.floor(share * count)));
}
