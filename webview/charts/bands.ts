import type { Chart } from 'chart.js';
import type { PhaseRecord } from '../../service/protocol/record.ts';
import { isEnded } from '../../service/protocol/states.ts';
import type { ChartTheme } from './chartTheme.ts';
import type { Band } from './spec.ts';

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

/** Draws the bands behind the lines, every second one tinted, with the phase's id where there is room. */
export function drawBands(chart: Chart, bands: readonly Band[], theme: ChartTheme): void {
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
  ctx.clip();
  bands.forEach((band, index) => fillBand(chart, theme, { band, index }));
  // After all tints: phases side by side would hide each other's labels.
  let labelled = -Infinity;
  for (const band of bands) labelled = labelBand(chart, theme, { band, labelled });
  ctx.restore();
}

/** In high contrast a line at each start instead of a tint. */
function fillBand(
  { ctx, chartArea, scales }: Chart,
  theme: ChartTheme,
  { band, index }: { band: Band; index: number },
): void {
  const left = scales['x']?.getPixelForValue(band.from) ?? 0;
  const right = scales['x']?.getPixelForValue(band.to) ?? 0;
  ctx.fillStyle = theme.contrast ? theme.grid : theme.tint;
  if (theme.contrast) ctx.fillRect(left, chartArea.top, 1, chartArea.height);
  else if (index % 2 === 0) ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
}

/** Returns where the last label ends, so that labels of phases side by side do not overlap. */
function labelBand(
  { ctx, chartArea, scales }: Chart,
  theme: ChartTheme,
  { band, labelled }: { band: Band; labelled: number },
): number {
  // A band that begins before what is shown is named at the edge.
  const left = Math.max(scales['x']?.getPixelForValue(band.from) ?? 0, chartArea.left);
  const right = scales['x']?.getPixelForValue(band.to) ?? 0;
  ctx.font = `10px ${theme.font}`;
  const start = Math.max(left + 3, labelled + 4);
  const end = start + ctx.measureText(band.label).width;
  if (end > Math.min(right, chartArea.right)) return labelled;
  ctx.fillStyle = theme.muted;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(band.label, start, chartArea.top + 2);
  return end;
}
