import type { Chart } from 'chart.js';
import type { ChartTheme } from '../chartTheme.ts';
import type { Sign } from '../spec.ts';
import { cut } from './cut.ts';
import { clipped, pixel } from './picture.ts';

const LONGEST = 24;
/** Half the width of the sign at the top of its line, pixels. */
const HALF = 4;

/** Vertical lines, each with a triangle that points up or down where it is worse or better, and its word where there is room. */
export function drawSigns(
  chart: Chart,
  signs: readonly Sign[] | undefined,
  theme: ChartTheme,
): void {
  if (signs === undefined || signs.length === 0) return;
  clipped(chart, () => {
    const sorted = [...signs].sort((a, b) => a.at - b.at);
    let free = -Infinity;
    for (const sign of sorted) free = drawSign(chart, { sign, free }, theme);
  });
}

/** Returns where its word ends, so that words beside each other do not overlap. */
function drawSign(
  chart: Chart,
  { sign, free }: { sign: Sign; free: number },
  theme: ChartTheme,
): number {
  const { ctx, chartArea } = chart;
  const x = Math.round(pixel(chart, 'x', sign.at)) + 0.5;
  if (x < chartArea.left || x > chartArea.right) return free;
  ctx.strokeStyle = ctx.fillStyle = colorOf(sign, theme);
  ctx.lineWidth = 1;
  ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.setLineDash([]);
  drawTip(ctx, { x, y: chartArea.top }, sign.tone);
  return drawWord(chart, { x, sign, free }, theme);
}

function colorOf({ tone }: Sign, theme: ChartTheme): string {
  return tone === 'bad' ? theme.bad : tone === 'good' ? theme.good : theme.text;
}

function drawTip(
  ctx: CanvasRenderingContext2D,
  { x, y }: { x: number; y: number },
  tone: Sign['tone'],
): void {
  const [tip, base] = tone === 'good' ? [y + 2 * HALF, y] : [y, y + 2 * HALF];
  ctx.beginPath();
  ctx.moveTo(x, tip);
  ctx.lineTo(x + HALF, base);
  ctx.lineTo(x - HALF, base);
  ctx.closePath();
  ctx.fill();
}

function drawWord(
  { ctx, chartArea }: Chart,
  { x, sign, free }: { x: number; sign: Sign; free: number },
  theme: ChartTheme,
): number {
  const word = cut(sign.label, LONGEST);
  ctx.font = `10px ${theme.font}`;
  const { width } = ctx.measureText(word);
  const right = x + HALF + 3 + width <= chartArea.right;
  const left = right ? x + HALF + 3 : x - HALF - 3 - width;
  if (left <= free || left < chartArea.left) return free;
  ctx.fillStyle = theme.background;
  ctx.fillRect(left - 2, chartArea.top, width + 4, 12);
  ctx.fillStyle = theme.text;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(word, left, chartArea.top + 1);
  return Math.max(free, left + width + 4);
}
