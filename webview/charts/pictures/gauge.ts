import type { Chart } from 'chart.js';
import { type ChartTheme, type Paint } from '../chartTheme.ts';
import { isValue } from '../moments.ts';
import type { GaugeChart } from '../spec.ts';
import { type Picture, PLAIN } from './picture.ts';

/** Degrees: from the lower left over the top to the lower right. */
const SWEEP = 240;
/** The inner radius, of the outer one. */
const CUTOUT = 0.78;
const DEGREE = Math.PI / 180;

/** One value as an arc, with the number in the middle and a stroke where it begins to be bad. */
export function gaugePicture(spec: GaugeChart, theme: ChartTheme): Picture {
  const share = isValue(spec.value) ? Math.max(0, Math.min(1, spec.value / spec.max)) : 0;
  const color = theme.color(isBad(spec) ? ['--vscode-charts-red', '#f14c4c'] : spec.color);
  const rest: Paint = theme.contrast ? theme.background : theme.grid;
  return {
    config: {
      type: 'line',
      data: { datasets: [] },
      options: {
        ...PLAIN,
        ...{ layout: { padding: 4 }, scales: { x: { display: false }, y: { display: false } } },
      },
    },
    over: (chart) => {
      const border = theme.contrast ? theme.grid : null;
      drawArc(chart, { from: 0, to: share, color, border });
      drawArc(chart, { from: share, to: 1, color: rest, border });
      drawNumber(chart, spec, theme);
      drawBound(chart, spec, theme);
    },
    place: (chart) => ringOf(chart),
    find: () => ({ column: 0, row: 0 }),
  };
}

export function isBad({ value, bound }: GaugeChart): boolean {
  if (!isValue(value) || bound === undefined) return false;
  return bound.side === 'above' ? value >= bound.value : value < bound.value;
}

interface Ring {
  /** The middle of the circle, and its radii, pixels. */
  x: number;
  y: number;
  outer: number;
  inner: number;
}

/** As large as fits: the sweep is as wide as the circle, and reaches from its top to half a radius below its middle. */
function ringOf({ chartArea: { left, top, width, height } }: Chart): Ring {
  const below = -Math.cos((SWEEP / 2) * DEGREE);
  const outer = Math.max(0, Math.min(width / 2, height / (1 + below)));
  const y = top + height / 2 + (outer * (1 - below)) / 2;
  return { x: left + width / 2, y, outer, inner: outer * CUTOUT };
}

/** Radians, as a canvas counts them, of a share of the sweep. */
function angleOf(share: number): number {
  return (-90 - SWEEP / 2 + SWEEP * share) * DEGREE;
}

interface Part {
  from: number;
  to: number;
  color: Paint;
  border: Paint | null;
}

function drawArc(chart: Chart, { from, to, color, border }: Part): void {
  if (to <= from) return;
  const { ctx } = chart;
  const { x, y, outer, inner } = ringOf(chart);
  ctx.save();
  ctx.fillStyle = color;
  ctx.beginPath();
  ctx.arc(x, y, outer, angleOf(from), angleOf(to));
  ctx.arc(x, y, inner, angleOf(to), angleOf(from), true);
  ctx.closePath();
  ctx.fill();
  if (border !== null) {
    ctx.strokeStyle = border;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
  ctx.restore();
}

function drawNumber(chart: Chart, { say, value }: GaugeChart, theme: ChartTheme): void {
  const { ctx } = chart;
  const { x, y } = ringOf(chart);
  ctx.save();
  ctx.font = `600 20px ${theme.font}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.text;
  ctx.fillText(say(isValue(value) ? value : null), x, y);
  ctx.restore();
}

function drawBound(chart: Chart, { bound, max }: GaugeChart, theme: ChartTheme): void {
  if (bound === undefined) return;
  const { x, y, outer, inner } = ringOf(chart);
  const angle = angleOf(Math.max(0, Math.min(1, bound.value / max)));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x + (inner - 3) * cos, y + (inner - 3) * sin);
  ctx.lineTo(x + (outer + 2) * cos, y + (outer + 2) * sin);
  ctx.stroke();
  ctx.restore();
}
