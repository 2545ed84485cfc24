import type { Chart, ChartDataset, Tick } from 'chart.js';
import { timeLabel, timeTicks } from '../axis.ts';
import { drawBands } from '../bands.ts';
import { type ChartTheme, faded } from '../chartTheme.ts';
import { dashOf } from '../hatch.ts';
import { isValue, nearestIndex, stack, valueAt } from '../moments.ts';
import type { Line, TimeChart } from '../spec.ts';
import { dot } from './dots.ts';
import {
  clipped,
  fixedWidth,
  fontOf,
  inside,
  LEFT,
  type Picture,
  pixel,
  PLAIN,
  valueAxis,
} from './picture.ts';
import { drawSigns } from './signs.ts';

/** Pixels of a letter on the axis, about. */
const LETTER = 7;

type Point = { x: number; y: number | null };

/** Lines against time, with phases behind them and marks across. `moments` are the times that can be read. */
export function timePicture(
  spec: TimeChart,
  theme: ChartTheme,
  moments: () => readonly number[],
): Picture {
  const drawn = spec.stacked === true ? stack(spec.lines) : spec.lines.map((line) => clean(line));
  return {
    config: {
      type: 'line',
      data: {
        datasets: spec.lines.map((line, row) =>
          dataset({ line, row, points: drawn[row] ?? [] }, spec, theme),
        ),
      },
      options: {
        ...PLAIN,
        scales: {
          x: timeAxis(spec, theme),
          y: {
            ...valueAxis({ ...spec, ...extent(spec, drawn) }, theme),
            afterFit: fixedWidth(LEFT),
          },
        },
      },
    },
    under: (chart) => {
      drawBands(chart, spec.bands ?? [], theme);
      drawMarks(chart, spec, theme);
    },
    over: (chart) => {
      clipped(chart, () => drawLonePoints(chart, spec, { drawn, theme }));
      drawSigns(chart, spec.signs, theme);
    },
    place: (chart, { column, row }) => {
      const x = moments()[column];
      if (x === undefined) return null;
      const y = valueAt(drawn[row] ?? [], x);
      return {
        x: pixel(chart, 'x', x),
        y: y === null ? chart.chartArea.bottom : pixel(chart, 'y', y),
      };
    },
    find: (chart, place) => {
      const time = chart.scales['x']?.getValueForPixel(place.x);
      if (!inside(chart, place) || time === undefined) return null;
      const column = nearestIndex(moments(), time);
      const moment = moments()[column];
      if (moment === undefined) return null;
      const apart = drawn.map((points) => distance(chart, valueAt(points, moment), place.y));
      return { column, row: Math.max(0, apart.indexOf(Math.min(...apart))) };
    },
  };
}

function distance(chart: Chart, value: number | null, y: number): number {
  return value === null ? Infinity : Math.abs(pixel(chart, 'y', value) - y);
}

/** A copy, because chart.js writes on the arrays it is given; what is no number is a gap. */
function clean({ points }: Line): Point[] {
  return points.map((point) => (isValue(point.y) ? point : { x: point.x, y: null }));
}

function extent(
  spec: TimeChart,
  drawn: readonly (readonly Point[])[],
): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const points of drawn)
    for (const { y } of points) {
      if (y === null) continue;
      if (y > high) high = y;
      if (y < low) low = y;
    }
  for (const { value } of spec.marks ?? []) if (value > high) high = value;
  return { low, high };
}

function dataset(
  { line, row, points }: { line: Line; row: number; points: Point[] },
  spec: TimeChart,
  theme: ChartTheme,
): ChartDataset<'line', Point[]> {
  const color = theme.color(line.color);
  const dash = line.dash ?? (theme.contrast ? dashOf(row) : []);
  const fill = theme.contrast ? theme.area(line.color, row) : faded(color, 0.35);
  return {
    ...{
      data: points,
      borderColor: color,
      borderWidth: theme.contrast ? 2 : 1.5,
      borderDash: [...dash],
    },
    ...{ pointRadius: 0, pointHitRadius: 0, tension: 0 },
    ...(spec.stacked === true
      ? { fill: row === 0 ? 'origin' : '-1', backgroundColor: fill }
      : { fill: false }),
  };
}

function timeAxis({ span }: TimeChart, theme: ChartTheme): object {
  return {
    ...{ type: 'linear', min: span.from, max: span.to },
    ticks: {
      ...{ color: theme.muted, font: fontOf(theme), maxRotation: 0, autoSkip: false },
      callback: (value: number | string) => timeLabel(Number(value), span),
    },
    afterBuildTicks: (scale: { ticks: Tick[]; width: number }) => {
      const label = timeLabel(span.from, span).length * LETTER;
      const width = scale.width || 300;
      scale.ticks = timeTicks(span, width, label + 16)
        .filter((time) => fits((width * (span.to - time)) / (span.to - span.from), label))
        .map((value) => ({ value }));
    },
    // The place of a time must not move with the words on the axis.
    afterFit: (scale: { paddingLeft: number; paddingRight: number }) => {
      scale.paddingLeft = 0;
      scale.paddingRight = 0;
    },
    grid: { display: false },
    border: { color: theme.grid },
  };
}

/** Whether a label this wide, so far from the right end, stays on the drawing. */
function fits(fromEnd: number, width: number): boolean {
  return fromEnd >= width / 2 - PLAIN.layout.padding.right;
}

/** Targets and usual values: a dashed line across, with its name at the right. */
function drawMarks(chart: Chart, { marks = [] }: TimeChart, theme: ChartTheme): void {
  const { ctx, chartArea } = chart;
  clipped(chart, () => {
    ctx.font = `10px ${theme.font}`;
    ctx.textAlign = 'right';
    for (const { label, value } of marks) {
      const y = Math.round(pixel(chart, 'y', value)) + 0.5;
      ctx.strokeStyle = theme.muted;
      ctx.lineWidth = 1;
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      ctx.moveTo(chartArea.left, y);
      ctx.lineTo(chartArea.right, y);
      ctx.stroke();
      const above = y - chartArea.top > 14;
      ctx.textBaseline = above ? 'bottom' : 'top';
      const { width } = ctx.measureText(label);
      ctx.fillStyle = theme.background;
      ctx.fillRect(chartArea.right - width - 6, above ? y - 14 : y + 1, width + 4, 13);
      ctx.fillStyle = theme.muted;
      ctx.fillText(label, chartArea.right - 4, above ? y - 2 : y + 2);
    }
    ctx.setLineDash([]);
  });
}

/** A value between two gaps has no line: a point is drawn. */
function drawLonePoints(
  chart: Chart,
  { lines }: TimeChart,
  { drawn, theme }: { drawn: readonly (readonly Point[])[]; theme: ChartTheme },
): void {
  drawn.forEach((points, row) => {
    const line = lines[row];
    if (line === undefined) return;
    chart.ctx.fillStyle = theme.color(line.color);
    points.forEach(({ x, y }, index) => {
      if (y === null || isValue(points[index - 1]?.y) || isValue(points[index + 1]?.y)) return;
      dot(chart.ctx, { x: pixel(chart, 'x', x), y: pixel(chart, 'y', y) }, 2);
    });
  });
}
