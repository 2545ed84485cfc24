import type { Chart } from 'chart.js';
import { type ChartTheme, faded, readable } from '../chartTheme.ts';
import { isValue } from '../moments.ts';
import type { HeatmapChart } from '../spec.ts';
import { cut } from './cut.ts';
import { type At, inside, nameAxis, partAt, type Picture, PLAIN } from './picture.ts';

const NAMES = 120;
const GAP = 1;

/** Cells whose shade says how much; with room, the value stands in them. */
export function heatmapPicture(spec: HeatmapChart, theme: ChartTheme): Picture {
  const range = rangeOf(spec);
  return {
    config: {
      type: 'line',
      data: { datasets: [] },
      options: {
        ...PLAIN,
        scales: {
          x: { ...nameAxis(spec.columns, theme, 12), position: 'bottom' },
          y: {
            ...nameAxis(spec.rows, theme),
            ...{
              reverse: false,
              afterFit: (scale: { width: number }) => (scale.width = Math.min(NAMES, scale.width)),
            },
          },
        },
      },
    },
    over: (chart) => {
      spec.cells.forEach((row, index) =>
        row.forEach((value, column) =>
          drawCell(chart, { at: { column, row: index }, value }, { spec, theme, range }),
        ),
      );
      spec.crossed?.forEach((row, index) =>
        row.forEach((crossed, column) => {
          if (crossed) drawCross(chart, rectangle(chart, { column, row: index }, spec), theme);
        }),
      );
    },
    place: (chart, at) => {
      const { x, y, width, height } = rectangle(chart, at, spec);
      return { x: x + width / 2, y: y + height / 2 };
    },
    find: (chart, place) =>
      inside(chart, place) && spec.rows.length > 0 && spec.columns.length > 0
        ? {
            column: partAt(chart, place, 'x', spec.columns.length),
            row: partAt(chart, place, 'y', spec.rows.length),
          }
        : null,
  };
}

type Range = { low: number; high: number };

function rangeOf({ cells }: HeatmapChart): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const row of cells)
    for (const value of row) {
      if (!isValue(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return { low: Math.min(0, low), high };
}

function rectangle(
  { chartArea }: Chart,
  { column, row }: At,
  { columns, rows }: HeatmapChart,
): { x: number; y: number; width: number; height: number } {
  const width = chartArea.width / Math.max(1, columns.length);
  const height = chartArea.height / Math.max(1, rows.length);
  return {
    ...{ x: chartArea.left + column * width, y: chartArea.top + row * height },
    ...{ width: width - GAP, height: height - GAP },
  };
}

function drawCell(
  chart: Chart,
  { at, value }: { at: At; value: number | null },
  { spec, theme, range }: { spec: HeatmapChart; theme: ChartTheme; range: Range },
): void {
  const { ctx } = chart;
  const { x, y, width, height } = rectangle(chart, at, spec);
  if (!isValue(value)) return;
  const share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 1;
  const color = theme.color(spec.color);
  const alpha = 0.1 + 0.9 * share;
  ctx.fillStyle = theme.contrast ? theme.background : faded(color, alpha);
  ctx.fillRect(x, y, width, height);
  if (theme.contrast) {
    // A level of ink from below, because shades are no difference here.
    ctx.fillStyle = color;
    ctx.fillRect(x, y + height - 3, width * share, 3);
    ctx.strokeStyle = theme.grid;
    ctx.lineWidth = 1;
    ctx.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  }
  ctx.font = `10px ${theme.font}`;
  const text = cut(spec.say(value), 14);
  if (height < 14 || ctx.measureText(text).width > width - 6) return;
  const ink = { color, alpha, on: theme.background };
  ctx.fillStyle = theme.contrast ? theme.text : readable(ink, [theme.text, theme.background]);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, x + width / 2, y + height / 2);
}

/** In the corner, so that the value can be read, with an edge that parts it from any shade. */
function drawCross(
  { ctx }: Chart,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  theme: ChartTheme,
): void {
  const size = Math.max(3, Math.min(7, width - 4, height - 4));
  const [left, top] = [x + width - size - 2, y + 2];
  for (const [color, thick] of [
    [theme.background, 4],
    [theme.bad, 2],
  ] as const) {
    ctx.strokeStyle = color;
    ctx.lineWidth = thick;
    ctx.beginPath();
    ctx.moveTo(left, top);
    ctx.lineTo(left + size, top + size);
    ctx.moveTo(left + size, top);
    ctx.lineTo(left, top + size);
    ctx.stroke();
  }
}
