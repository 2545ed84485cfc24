import {
  Chart,
  type ChartConfiguration,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type Plugin,
  type Tick,
} from 'chart.js';
import { offset } from '../format.ts';
import { themeValue } from '../theme.ts';
import { ticks } from '../timeScale.ts';
import { type Backdrop, type Band, bandsPlugin } from './bands.ts';
import type { ChartPoint } from './series.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale);

export interface LineOptions {
  /** The theme variable of the line's colour, and what stands in for it. */
  color: readonly [`--${string}`, string];
  /** How a value on the axis is said. */
  format(value: number): string;
  /** Where an axis for values up to this one ends: a round number. */
  top(highest: number): number;
}

export interface LineData {
  points: ChartPoint[];
  bands: readonly Band[];
  /** Epoch milliseconds, the same for all charts on the page. */
  from: number;
  to: number;
  /** What 0 on the time axis stands for: the job's start. */
  origin: number;
}

/** Left and right of the drawing, the same in all charts, so that one time stands at one place. */
const LEFT = 64;

/** One line against time, with the phases behind it and a vertical line at the moment that is looked at. */
export class LineChart {
  readonly #chart: Chart<'line', ChartPoint[]>;
  readonly #options: LineOptions;
  #bands: readonly Band[] = [];
  #cursor: number | null = null;
  #origin = 0;

  constructor(canvas: HTMLCanvasElement, options: LineOptions) {
    this.#options = options;
    const plugins = [bandsPlugin(() => this.#backdrop()), this.#crosshair()];
    this.#chart = new Chart(
      canvas,
      configuration(options, plugins, () => this.#origin),
    );
    this.retheme();
  }

  show(data: LineData): void {
    this.#bands = data.bands;
    const [dataset] = this.#chart.data.datasets;
    if (dataset !== undefined) dataset.data = data.points;
    const { x, y } = this.#chart.options.scales ?? {};
    this.#origin = data.origin;
    if (x !== undefined) Object.assign(x, { min: data.from, max: data.to });
    const highest = data.points.reduce((most, point) => Math.max(most, point.y ?? 0), 0);
    if (y !== undefined) Object.assign(y, { max: this.#options.top(highest) });
    this.#chart.update('none');
  }

  /** Marks a time in epoch milliseconds; null takes the mark away. */
  mark(time: number | null): void {
    if (this.#cursor === time) return;
    this.#cursor = time;
    this.#chart.draw();
  }

  /** The time at a place on the canvas, in pixels from its left. */
  timeAt(pixel: number): number | null {
    const { left, right } = this.#chart.chartArea;
    if (pixel < left || pixel > right) return null;
    return this.#chart.scales['x']?.getValueForPixel(pixel) ?? null;
  }

  /** Reads the theme's colours again: a canvas does not follow CSS variables by itself. */
  retheme(): void {
    const [dataset] = this.#chart.data.datasets;
    const color = themeValue(...this.#options.color);
    if (dataset !== undefined)
      Object.assign(dataset, { borderColor: color, pointBackgroundColor: color });
    const font = { family: themeValue('--vscode-font-family', 'sans-serif'), size: 11 };
    for (const scale of Object.values(this.#chart.options.scales ?? {})) {
      if (scale === undefined) continue;
      const ticks = { color: themeValue('--vscode-descriptionForeground', '#888'), font };
      Object.assign(scale.ticks ?? {}, ticks);
      Object.assign(scale.grid ?? {}, { color: gridColor() });
    }
    this.#chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #backdrop(): Backdrop {
    const contrast = themeValue('--vscode-contrastBorder', '');
    return {
      bands: this.#bands,
      fill: contrast || themeValue('--vscode-list-hoverBackground', '#8882'),
      text: themeValue('--vscode-descriptionForeground', '#888'),
      font: `10px ${themeValue('--vscode-font-family', 'sans-serif')}`,
      outlined: contrast !== '',
    };
  }

  #crosshair(): Plugin<'line'> {
    return {
      id: 'crosshair',
      afterDatasetsDraw: (chart) => {
        if (this.#cursor === null) return;
        const x = chart.scales['x']?.getPixelForValue(this.#cursor) ?? -1;
        const { left, right, top, height } = chart.chartArea;
        if (x < left || x > right) return;
        chart.ctx.fillStyle = themeValue('--vscode-focusBorder', '#007fd4');
        chart.ctx.fillRect(Math.round(x), top, 1, height);
      },
    };
  }
}

function configuration(
  options: LineOptions,
  plugins: Plugin<'line'>[],
  origin: () => number,
): ChartConfiguration<'line', ChartPoint[]> {
  return {
    type: 'line',
    data: {
      datasets: [
        { data: [], borderWidth: 1.5, pointRadius: lonePoint, pointHitRadius: 0, spanGaps: false },
      ],
    },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { right: 8 } },
      scales: {
        x: {
          type: 'linear',
          ticks: {
            maxRotation: 0,
            autoSkip: false,
            callback: (value) => offset(Number(value) - origin()),
          },
          afterBuildTicks: (scale) => void (scale.ticks = timeTicks(scale, origin())),
          grid: { display: false },
        },
        y: {
          beginAtZero: true,
          ticks: { callback: (value) => options.format(Number(value)) },
          afterBuildTicks: (scale) =>
            void (scale.ticks = [0, scale.max / 2, scale.max].map((value) => ({ value }))),
          grid: { drawTicks: false },
          border: { display: false },
          afterFit: (scale) => void (scale.width = LEFT),
        },
      },
    },
    plugins,
  };
}

/** A value between two gaps has no line: only then a point is drawn. */
function lonePoint(context: { dataIndex: number; dataset: { data: unknown[] } }): number {
  const { data } = context.dataset;
  const known = (index: number): boolean =>
    ((data[index] as ChartPoint | undefined)?.y ?? null) !== null;
  return !known(context.dataIndex - 1) && !known(context.dataIndex + 1) ? 2 : 0;
}

/** Round times since the job's start, as on the timeline. */
function timeTicks(scale: { min: number; max: number; width: number }, origin: number): Tick[] {
  const span = { from: scale.min - origin, to: scale.max - origin };
  return ticks(span, scale.width || 300, 70).map((time) => ({ value: time + origin }));
}

/** In high contrast the panel's border is as strong as the line itself. */
function gridColor(): string {
  const contrast = themeValue('--vscode-contrastBorder', '');
  return contrast === ''
    ? themeValue('--vscode-panel-border', '#8884')
    : themeValue('--vscode-charts-lines', '#8888');
}
