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
      backdrop.bands.forEach((band, index) => fillBand(chart, backdrop, { band, index }));
      // After all tints: phases side by side would hide each other's labels.
      let labelled = -Infinity;
      for (const band of backdrop.bands) labelled = labelBand(chart, backdrop, { band, labelled });
      ctx.restore();
    },
  };
}

function fillBand(
  { ctx, chartArea, scales }: Chart,
  { fill, outlined }: Backdrop,
  { band, index }: { band: Band; index: number },
): void {
  const left = scales['x']?.getPixelForValue(band.from) ?? 0;
  const right = scales['x']?.getPixelForValue(band.to) ?? 0;
  ctx.fillStyle = fill;
  if (outlined) ctx.fillRect(left, chartArea.top, 1, chartArea.height);
  else if (index % 2 === 0) ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
}

/** Returns where the last label ends, so that labels of phases side by side do not overlap. */
function labelBand(
  { ctx, chartArea, scales }: Chart,
  { text, font }: Backdrop,
  { band, labelled }: { band: Band; labelled: number },
): number {
  const left = scales['x']?.getPixelForValue(band.from) ?? 0;
  const right = scales['x']?.getPixelForValue(band.to) ?? 0;
  ctx.font = font;
  const start = Math.max(left + 3, labelled + 4);
  const end = start + ctx.measureText(band.label).width;
  if (end > right) return labelled;
  ctx.fillStyle = text;
  ctx.textBaseline = 'top';
  ctx.fillText(band.label, start, chartArea.top + 2);
  return end;
}
