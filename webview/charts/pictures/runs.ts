import type { Chart, ChartDataset, Tick } from 'chart.js';
import { type ChartTheme, faded } from '../chartTheme.ts';
import { isValue } from '../moments.ts';
import type { RunsChart } from '../spec.ts';
import { cut } from './cut.ts';
import {
  clipped,
  fixedWidth,
  fontOf,
  inside,
  LEFT,
  type Picture,
  pixel,
  type Place,
  PLAIN,
  valueAxis,
} from './picture.ts';
import { drawSigns } from './signs.ts';

type Run = RunsChart['runs'][number];
type Of = (run: Run) => number | null | undefined;
type Point = { x: number; y: number | null };

/** Pixels that the name of a run takes on the axis. */
const LABEL_ROOM = 72;

/** A value a run, oldest first, with the usual value and its band of the runs before, and a shape that says how it ended. */
export function runsPicture(spec: RunsChart, theme: ChartTheme): Picture {
  const { runs } = spec;
  const last = runs.length - 1;
  return {
    config: {
      type: 'line',
      data: { datasets: datasets(spec, theme) },
      options: {
        ...PLAIN,
        scales: {
          x: nameScale(spec, theme),
          y: { ...valueAxis({ ...spec, high: highest(runs) }, theme), afterFit: fixedWidth(LEFT) },
        },
      },
    },
    under: (chart) => drawSigns(chart, spec.signs, theme),
    over: (chart) =>
      clipped(chart, () =>
        runs.forEach((run, column) => drawRun(chart, { run, column }, { spec, theme })),
      ),
    place: (chart, { column }) => {
      const value = runs[column]?.value;
      return runs[column] === undefined
        ? null
        : {
            x: pixel(chart, 'x', column),
            y: isValue(value) ? pixel(chart, 'y', value) : chart.chartArea.bottom,
          };
    },
    find: (chart, place) => {
      if (!inside(chart, place) || last < 0) return null;
      const index = Math.round(chart.scales['x']?.getValueForPixel(place.x) ?? 0);
      return { column: Math.max(0, Math.min(last, index)), row: 0 };
    },
  };
}

function highest(runs: readonly Run[]): number {
  const all = runs
    .flatMap(({ value, median, high, range }) => [value, median, high, range?.high])
    .filter(isValue);
  return all.reduce((a, b) => Math.max(a, b), 0);
}

function datasets({ runs, color }: RunsChart, theme: ChartTheme): ChartDataset<'line', Point[]>[] {
  const line = theme.color(color);
  const points = (of: Of): Point[] =>
    runs.map((run, x) => {
      const y = of(run);
      return { x, y: isValue(y) ? y : null };
    });
  const plain = { pointRadius: 0, pointHitRadius: 0, fill: false as const };
  // What is filled cannot be told apart in high contrast: there the edges are dotted, those of the wider band further apart.
  const band = (low: Of, high: Of, { shade, dash }: { shade: number; dash: number }) => {
    const edge = theme.contrast
      ? { borderWidth: 1, borderColor: theme.muted, borderDash: [1, dash] }
      : { borderWidth: 0 };
    const fill = theme.contrast ? {} : { fill: '-1', backgroundColor: faded(line, shade) };
    return [
      { ...plain, ...edge, data: points(low) },
      { ...plain, ...edge, data: points(high), ...fill },
    ];
  };
  const wide = runs.some(({ range }) => range !== undefined && range !== null)
    ? band(
        ({ range }) => range?.low,
        ({ range }) => range?.high,
        { shade: 0.1, dash: 6 },
      )
    : [];
  return [
    ...wide,
    ...band(
      ({ low }) => low,
      ({ high }) => high,
      { shade: 0.18, dash: 3 },
    ),
    {
      ...plain,
      data: points(({ median }) => median),
      borderColor: theme.muted,
      borderWidth: 1,
      borderDash: [4, 4],
    },
    {
      ...plain,
      data: points(({ value }) => value),
      borderColor: line,
      borderWidth: theme.contrast ? 2 : 1.5,
    },
  ];
}

function nameScale({ runs }: RunsChart, theme: ChartTheme): object {
  return {
    ...{ type: 'linear', min: -0.5, max: Math.max(0.5, runs.length - 0.5) },
    ticks: {
      ...{ color: theme.muted, font: fontOf(theme), maxRotation: 0, autoSkip: false },
      callback: (value: number | string) => cut(runs[Number(value)]?.label ?? '', 12),
    },
    afterBuildTicks: (scale: { ticks: Tick[]; width: number }) => {
      const most = Math.max(1, Math.floor((scale.width || 300) / LABEL_ROOM));
      const step = Math.max(1, Math.ceil(runs.length / most));
      scale.ticks = runs.map((_, value) => ({ value })).filter(({ value }) => value % step === 0);
    },
    grid: { display: false },
    border: { color: theme.grid },
  };
}

/** A dot where all is well, a cross where it failed, a diamond where it is off the usual, a ring for the rest. */
function drawRun(
  chart: Chart,
  { run, column }: { run: Run; column: number },
  { spec, theme }: { spec: RunsChart; theme: ChartTheme },
): void {
  if (!isValue(run.value)) return;
  const { ctx } = chart;
  const at = { x: pixel(chart, 'x', column), y: pixel(chart, 'y', run.value) };
  const size = spec.runs.length > 150 ? 1.5 : 3;
  ctx.lineWidth = 2;
  ctx.setLineDash([]);
  ctx.fillStyle = ctx.strokeStyle = {
    ...{ ok: theme.color(spec.color), failed: theme.bad, outlier: theme.warn, other: theme.muted },
  }[run.status];
  ctx.beginPath();
  shape(ctx, at, { status: run.status, size });
  if (run.status === 'ok' || run.status === 'outlier') ctx.fill();
  else ctx.stroke();
  if (run.shown === true) drawRing(ctx, at, { radius: size + 5, theme });
}

function drawRing(
  ctx: CanvasRenderingContext2D,
  { x, y }: Place,
  { radius, theme }: { radius: number; theme: ChartTheme },
): void {
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.stroke();
}

function shape(
  ctx: CanvasRenderingContext2D,
  { x, y }: Place,
  { status, size }: { status: Run['status']; size: number },
): void {
  const wide = size + 2;
  switch (status) {
    case 'ok':
    case 'other':
      ctx.arc(x, y, size, 0, 2 * Math.PI);
      return;
    case 'failed':
      ctx.moveTo(x - wide, y - wide);
      ctx.lineTo(x + wide, y + wide);
      ctx.moveTo(x + wide, y - wide);
      ctx.lineTo(x - wide, y + wide);
      return;
    case 'outlier':
      ctx.moveTo(x, y - wide);
      ctx.lineTo(x + wide, y);
      ctx.lineTo(x, y + wide);
      ctx.lineTo(x - wide, y);
      ctx.closePath();
  }
}
