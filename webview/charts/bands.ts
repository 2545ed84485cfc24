import type { Chart, Plugin } from 'chart.js';
import type { PhaseRecord } from '../../service/protocol/record.ts';
import { isEnded } from '../../service/protocol/states.ts';

/** A phase behind the lines: from when to when, epoch milliseconds. */
export interface Band {
  label: string;
  from: number;
  to: number;
}

/** More would only be stripes. */
const MOST_BANDS = 60;

/** When each phase ran; nothing where there are too many to be told apart. */
export function bandsOf(phases: readonly PhaseRecord[], now: number): Band[] {
  const started = phases.filter((phase) => phase.started_at !== null);
  if (started.length > MOST_BANDS) return [];
  return started
    .map((phase) => {
      const from = Date.parse(phase.started_at ?? '');
      const open = isEnded(phase.status) ? from : now;
      return {
        label: phase.phase_id,
        from,
        to: phase.ended_at === null ? open : Date.parse(phase.ended_at),
      };
    })
    .filter((band) => band.to > band.from)
    .sort((a, b) => a.from - b.from);
}

export interface Backdrop {
  bands: readonly Band[];
  /** Colours of the theme. */
  fill: string;
  text: string;
  font: string;
  /** A line at each start instead of a tint, in high contrast. */
  outlined: boolean;
}

/** Draws the bands behind the lines, every second one tinted, with the phase's id where there is room. */
export function bandsPlugin(read: () => Backdrop): Plugin<'line'> {
  return {
    id: 'phases',
    beforeDatasetsDraw: (chart) => {
      const backdrop = read();
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      let labelled = -Infinity;
      backdrop.bands.forEach((band, index) => {
        labelled = drawBand(chart, backdrop, { band, index, labelled });
      });
      ctx.restore();
    },
  };
}

/** Returns where the last label ends, so that labels of phases side by side do not overlap. */
function drawBand(
  chart: Chart,
  backdrop: Backdrop,
  part: { band: Band; index: number; labelled: number },
): number {
  const { ctx, chartArea, scales } = chart;
  const { band, index, labelled } = part;
  const left = scales['x']?.getPixelForValue(band.from) ?? 0;
  const right = scales['x']?.getPixelForValue(band.to) ?? 0;
  ctx.fillStyle = backdrop.fill;
  if (backdrop.outlined) ctx.fillRect(left, chartArea.top, 1, chartArea.height);
  else if (index % 2 === 0) ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
  ctx.font = backdrop.font;
  const width = ctx.measureText(band.label).width;
  const start = Math.max(left + 3, labelled + 4);
  if (start + width > right) return labelled;
  ctx.fillStyle = backdrop.text;
  ctx.textBaseline = 'top';
  ctx.fillText(band.label, start, chartArea.top + 2);
  return start + width;
}
