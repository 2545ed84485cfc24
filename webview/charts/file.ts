/** A chart as a file: a picture with its name, numbers and legend on the theme's background, or its table. */
import type { Chart } from 'chart.js';
import type { ChartFormat } from './format.ts';
import { type ChartTheme, readTheme } from './chartTheme.ts';
import { csvOf } from './csv.ts';
import type { Paper } from '../report/drawn.ts';
import { drawOn, type Sheet } from './drawing.ts';
import { cut } from './pictures/cut.ts';
import type { ChartSpec, Color } from './spec.ts';
import { SvgContext } from './svgContext.ts';
import { tableOf } from './table.ts';

export interface Titled {
  name: string;
  numbers: string;
  spec: ChartSpec;
  /** Pixels of the drawing. */
  height: number;
}

const WIDTH = 960;
const SCALE = 2;
/** Lines of the heading. */
const NAME_AT = 24;
const NUMBERS_AT = 42;
const LEGEND_AT = 60;
const LINE = 18;

export interface ChartFile {
  name: string;
  base64: string;
}

/** `name` is one that every file system takes; the base64 is of the file's bytes. */
export function chartFile(format: ChartFormat, titled: Titled, now: number): ChartFile {
  return { name: fileName(titled.name, now, format), base64: contentOf(format, titled) };
}

function contentOf(format: ChartFormat, titled: Titled): string {
  switch (format) {
    case 'csv':
      // With the mark of UTF-8, without which spreadsheets take it for their own old encoding.
      return encode(`\uFEFF${csvOf(tableOf(titled.spec))}`);
    case 'png':
      return png(titled);
    case 'svg':
      return encode(svgText(titled));
  }
}

/** `CPU-2026-11-22T08-30-00.png`: letters and digits of any script, and the time in UTC. */
export function fileName(name: string, now: number, format: ChartFormat): string {
  const safe = cut(name, 60)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  return `${safe === '' ? 'chart' : safe}-${time}.${format}`;
}

function png(titled: Titled): string {
  const canvas = document.createElement('canvas');
  const theme = readTheme();
  const sheet = sheetOf(titled, theme, SCALE);
  const chart = drawOn(canvas, titled.spec, sheet);
  const url = canvas.toDataURL('image/png');
  chart.destroy();
  return url.slice(url.indexOf(',') + 1);
}

/** `paper` where it is no file of its own. */
export function svgText(titled: Titled, paper?: Paper): string {
  const { size } = sheetOf(titled, readTheme(), 1);
  const context = new SvgContext(size.width, size.height, paper?.prefix);
  // The pattern is a recorder's own; chart.js hands it through as it is.
  const theme = readTheme(
    (color, index) => context.hatch(color, index) as unknown as CanvasPattern,
    paper?.element,
  );
  const chart = drawOn(context.canvas, titled.spec, {
    ...sheetOf(titled, theme, 1),
    recorded: true,
  });
  const text = context.text(`${titled.name} ${titled.numbers}`);
  chart.destroy();
  return text;
}

function sheetOf(titled: Titled, theme: ChartTheme, scale: number): Sheet {
  const keys = keysOf(titled.spec);
  const above = (keys.length > 1 ? LEGEND_AT : NUMBERS_AT) + LINE;
  return {
    ...{ size: { width: WIDTH, height: titled.height + above }, theme, scale, above },
    behind: (chart) => drawHeading(chart, titled, theme),
  };
}

function keysOf(spec: ChartSpec): readonly { name: string; color: Color }[] {
  if (spec.kind === 'time') return spec.lines;
  return spec.kind === 'bars' ? spec.bars : [];
}

function drawHeading({ ctx, width, height }: Chart, titled: Titled, theme: ChartTheme): void {
  ctx.save();
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, width, height);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = theme.text;
  ctx.font = `600 14px ${theme.font}`;
  ctx.fillText(cut(titled.name, 100), 12, NAME_AT);
  ctx.fillStyle = theme.muted;
  ctx.font = `12px ${theme.font}`;
  ctx.fillText(cut(titled.numbers, 140), 12, NUMBERS_AT);
  drawKeys(ctx, titled.spec, theme);
  ctx.restore();
}

function drawKeys(ctx: CanvasRenderingContext2D, spec: ChartSpec, theme: ChartTheme): void {
  const keys = keysOf(spec);
  if (keys.length < 2) return;
  let x = 12;
  keys.forEach(({ name, color }, index) => {
    const label = cut(name, 30);
    if (x + 24 + ctx.measureText(label).width > WIDTH) return;
    ctx.fillStyle = theme.area(color, index);
    ctx.fillRect(x, LEGEND_AT - 8, 12, 8);
    ctx.fillStyle = theme.muted;
    ctx.fillText(label, x + 16, LEGEND_AT);
    x += 32 + ctx.measureText(label).width;
  });
}

/** In pieces: a call takes only so many arguments. */
function encode(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
