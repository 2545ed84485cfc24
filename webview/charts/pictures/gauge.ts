import type { ArcElement, Chart } from 'chart.js';
import { type ChartTheme, type Paint } from '../chartTheme.ts';
import { isValue } from '../moments.ts';
import type { GaugeChart } from '../spec.ts';
import { type Picture, PLAIN } from './picture.ts';

/** Degrees: from the lower left over the top to the lower right. */
const SWEEP = 240;
const CUTOUT = 0.78;

/** One value as an arc, with the number in the middle and a stroke where it begins to be bad. */
export function gaugePicture(spec: GaugeChart, theme: ChartTheme): Picture {
  const share = isValue(spec.value) ? Math.max(0, Math.min(1, spec.value / spec.max)) : 0;
  const color = theme.color(isBad(spec) ? ['--vscode-charts-red', '#f14c4c'] : spec.color);
  const rest: Paint = theme.contrast ? theme.background : theme.grid;
  return {
    config: {
      type: 'doughnut',
      data: {
        datasets: [
          {
            data: [share, 1 - share],
            ...{ backgroundColor: [color, rest], borderWidth: theme.contrast ? 1 : 0 },
            ...{ borderColor: theme.contrast ? theme.grid : 'transparent' },
          },
        ],
      },
      options: {
        ...PLAIN,
        parsing: {},
        ...{
          layout: { padding: 4 },
          cutout: `${CUTOUT * 100}%`,
          circumference: SWEEP,
          rotation: -SWEEP / 2,
        },
      },
    },
    over: (chart) => {
      drawNumber(chart, spec, theme);
      drawBound(chart, spec, theme);
    },
    place: (chart) => middle(chart),
    find: () => ({ column: 0, row: 0 }),
  };
}

export function isBad({ value, bound }: GaugeChart): boolean {
  if (!isValue(value) || bound === undefined) return false;
  return bound.side === 'above' ? value >= bound.value : value < bound.value;
}

function arc(chart: Chart): ArcElement | undefined {
  return chart.getDatasetMeta(0).data[0] as ArcElement | undefined;
}

function middle(chart: Chart): { x: number; y: number } {
  const { left, top, width, height } = chart.chartArea;
  return { x: arc(chart)?.x ?? left + width / 2, y: arc(chart)?.y ?? top + height / 2 };
}

function drawNumber(chart: Chart, { say, value }: GaugeChart, theme: ChartTheme): void {
  const { ctx } = chart;
  const { x, y } = middle(chart);
  ctx.save();
  ctx.font = `600 20px ${theme.font}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.text;
  ctx.fillText(say(isValue(value) ? value : null), x, y);
  ctx.restore();
}

function drawBound(chart: Chart, { bound, max }: GaugeChart, theme: ChartTheme): void {
  const ring = arc(chart)?.getProps(['outerRadius', 'innerRadius'], true);
  if (bound === undefined || ring === undefined) return;
  const { x, y } = middle(chart);
  const share = Math.max(0, Math.min(1, bound.value / max));
  const angle = ((-90 - SWEEP / 2 + SWEEP * share) * Math.PI) / 180;
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(
    x + (ring.innerRadius - 3) * Math.cos(angle),
    y + (ring.innerRadius - 3) * Math.sin(angle),
  );
  ctx.lineTo(
    x + (ring.outerRadius + 2) * Math.cos(angle),
    y + (ring.outerRadius + 2) * Math.sin(angle),
  );
  ctx.stroke();
  ctx.restore();
}
