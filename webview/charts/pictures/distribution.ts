import type { Chart } from 'chart.js';
import { type ChartTheme, faded, type Paint } from '../chartTheme.ts';
import type { DistributionChart } from '../spec.ts';
import { type Box, boxOf, type Density, densityOf, finite } from '../stats.ts';
import {
  clipped,
  fixedWidth,
  inside,
  LEFT,
  nameAxis,
  partAt,
  type Picture,
  pixel,
  PLAIN,
  valueAxis,
} from './picture.ts';
import { dot } from './dots.ts';

interface Group {
  box: Box | null;
  density: readonly Density[];
}

interface Slot {
  /** Pixels: the middle, and half of what may be drawn on. */
  x: number;
  half: number;
}

interface Ink {
  line: string;
  fill: Paint;
  background: string;
}

const WIDEST = 36;

/** Distributions side by side. chart.js draws the axes; boxes and violins are no kinds of its own. */
export function distributionPicture(spec: DistributionChart, theme: ChartTheme): Picture {
  const groups = spec.groups.map(({ values }) => ({
    box: boxOf(values),
    density: spec.kind === 'violin' ? densityOf(values) : [],
  }));
  const draw = spec.kind === 'violin' ? drawViolin : drawBox;
  const slot = (chart: Chart, column: number): Slot => slotOf(chart, column, groups.length);
  return {
    config: {
      type: 'line',
      data: { datasets: [] },
      options: {
        ...PLAIN,
        scales: {
          x: nameAxis(
            spec.groups.map(({ name }) => name),
            theme,
          ),
          y: { ...valueAxis({ ...spec, ...extent(spec) }, theme), afterFit: fixedWidth(LEFT) },
        },
      },
    },
    over: (chart) => {
      const line = theme.color(spec.color);
      const fill = theme.contrast ? theme.background : faded(line, 0.3);
      clipped(chart, () =>
        groups.forEach((group, column) =>
          draw(
            chart,
            { group, slot: slot(chart, column) },
            { line, fill, background: theme.background },
          ),
        ),
      );
    },
    place: (chart, { column }) => {
      const box = groups[column]?.box;
      if (groups[column] === undefined) return null;
      return {
        x: slot(chart, column).x,
        y: box ? pixel(chart, 'y', box.median) : chart.chartArea.bottom,
      };
    },
    find: (chart, place) =>
      inside(chart, place) && groups.length > 0
        ? { column: partAt(chart, place, 'x', groups.length), row: 0 }
        : null,
  };
}

function extent({ groups }: DistributionChart): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const { values } of groups)
    for (const value of finite(values)) {
      if (value > high) high = value;
      if (value < low) low = value;
    }
  return { low, high };
}

function slotOf({ chartArea }: Chart, column: number, count: number): Slot {
  const width = chartArea.width / count;
  return { x: chartArea.left + (column + 0.5) * width, half: Math.min(WIDEST, width * 0.38) };
}

function drawBox(
  chart: Chart,
  { group: { box }, slot }: { group: Group; slot: Slot },
  ink: Ink,
): void {
  if (box === null) return;
  const { ctx } = chart;
  const { x, half } = slot;
  const y = (value: number): number => pixel(chart, 'y', value);
  ctx.strokeStyle = ink.line;
  ctx.fillStyle = ink.fill;
  ctx.lineWidth = 1.5;
  ctx.fillRect(x - half, y(box.p75), 2 * half, y(box.p25) - y(box.p75));
  ctx.strokeRect(x - half, y(box.p75), 2 * half, y(box.p25) - y(box.p75));
  ctx.beginPath();
  for (const [end, start] of [
    [box.low, box.p25],
    [box.high, box.p75],
  ] as const) {
    ctx.moveTo(x, y(start));
    ctx.lineTo(x, y(end));
    ctx.moveTo(x - half / 2, y(end));
    ctx.lineTo(x + half / 2, y(end));
  }
  ctx.stroke();
  drawMedian(chart, { box, slot }, 3);
  for (const value of box.outliers) {
    ctx.beginPath();
    ctx.arc(x, y(value), 2.5, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

/** Wider where more values lie; the thick line is from p25 to p75, the dot the median. */
function drawViolin(chart: Chart, { group, slot }: { group: Group; slot: Slot }, ink: Ink): void {
  const { box, density } = group;
  if (box === null) return;
  const { ctx } = chart;
  const { x, half } = slot;
  const y = (value: number): number => pixel(chart, 'y', value);
  ctx.strokeStyle = ink.line;
  ctx.fillStyle = ink.fill;
  ctx.lineWidth = 1.5;
  const most = density.reduce((top, one) => Math.max(top, one.density), 0);
  ctx.beginPath();
  if (density.length === 1) {
    ctx.moveTo(x - half, y(box.median));
    ctx.lineTo(x + half, y(box.median));
  } else {
    for (const { at, density: d } of density) ctx.lineTo(x + (half * d) / most, y(at));
    for (const { at, density: d } of [...density].reverse())
      ctx.lineTo(x - (half * d) / most, y(at));
    ctx.closePath();
    ctx.fill();
  }
  ctx.stroke();
  ctx.fillStyle = ink.line;
  ctx.fillRect(x - 2, y(box.p75), 4, Math.max(1, y(box.p25) - y(box.p75)));
  ctx.fillStyle = ink.background;
  dot(ctx, { x, y: y(box.median) }, 2.5);
  ctx.stroke();
}

function drawMedian(chart: Chart, { box, slot }: { box: Box; slot: Slot }, thick: number): void {
  const { ctx } = chart;
  ctx.lineWidth = thick;
  ctx.beginPath();
  ctx.moveTo(slot.x - slot.half, pixel(chart, 'y', box.median));
  ctx.lineTo(slot.x + slot.half, pixel(chart, 'y', box.median));
  ctx.stroke();
}
