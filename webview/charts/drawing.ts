/** A chart on a canvas, by chart.js: made once, and drawn again when its data, its size or its theme change. */
import {
  BarController,
  BarElement,
  BasicPlatform,
  CategoryScale,
  Chart,
  type ChartData,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js';
import { type ChartTheme, readTheme } from './chartTheme.ts';
import { pictureOf } from './pictures/pictures.ts';
import { type At, type Picture, type Place, pixel } from './pictures/picture.ts';
import type { ChartSpec } from './spec.ts';

Chart.register(
  ...[LineController, LineElement, PointElement, LinearScale, Filler, CategoryScale],
  ...[BarController, BarElement],
);

export interface Size {
  width: number;
  height: number;
}

/** What chart.js needs of a canvas; a recorder of SVG is one too. */
export interface Surface {
  width: number;
  height: number;
  getContext: (kind: '2d') => unknown;
}

export interface Sheet {
  size: Size;
  theme: ChartTheme;
  /** Pixels of the device a pixel. */
  scale: number;
  /** Pixels that are kept free above. */
  above: number;
  /** Drawn before everything else. */
  behind: (chart: Chart) => void;
  /** Whether the surface records: it cannot look into the paths that chart.js keeps. */
  recorded?: boolean;
}

/** Draws a chart once, for a file; what is done with it is the caller's, `destroy` too. */
export function drawOn(surface: Surface, spec: ChartSpec, sheet: Sheet): Chart {
  const { size, theme, above } = sheet;
  const picture = pictureOf(spec, theme, () => []);
  surface.width = size.width;
  surface.height = size.height;
  // Lines whose parts may differ are drawn part by part, not as a kept path.
  if (sheet.recorded === true)
    for (const dataset of picture.config.data.datasets) Object.assign(dataset, { segment: {} });
  return new Chart(surface as unknown as HTMLCanvasElement, {
    ...picture.config,
    options: {
      ...picture.config.options,
      devicePixelRatio: sheet.scale,
      layout: { padding: { top: above, right: 16, bottom: 8, left: 8 } },
    },
    platform: BasicPlatform,
    plugins: [{ id: 'behind', beforeDraw: sheet.behind }, drawnBy(() => picture)],
  });
}

/** What is drawn by hand behind and before the data. */
function drawnBy(picture: () => Picture | undefined): Plugin {
  return {
    id: 'pipescope',
    beforeDatasetsDraw: (chart) => picture()?.under?.(chart),
    afterDatasetsDraw: (chart) => picture()?.over?.(chart),
  };
}

export class Drawing {
  readonly canvas: HTMLCanvasElement;
  #chart: Chart | undefined;
  #picture: Picture | undefined;
  #spec: ChartSpec | undefined;
  #moments: () => readonly number[] = () => [];
  #theme: ChartTheme;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.#theme = readTheme();
  }

  /** `moments` are those of a chart against time that can be read; asked for when somebody points. */
  show(spec: ChartSpec, moments: () => readonly number[], size: Size): void {
    const kind = this.#spec?.kind;
    this.#spec = spec;
    this.#moments = moments;
    if (kind !== spec.kind) this.#destroyChart();
    this.#picture = pictureOf(spec, this.#theme, this.#moments);
    if (this.#chart === undefined) this.#create(size);
    else {
      this.resize(size);
      this.#update();
    }
  }

  resize({ width, height }: Size): void {
    if (this.#chart?.width !== width || this.#chart.height !== height)
      this.#chart?.resize(width, height);
  }

  /** Reads the theme's colours again. */
  retheme(): void {
    this.#theme = readTheme();
    if (this.#spec === undefined) return;
    this.#picture = pictureOf(this.#spec, this.#theme, this.#moments);
    this.#update();
  }

  find(place: Place): At | null {
    return this.#chart === undefined ? null : (this.#picture?.find(this.#chart, place) ?? null);
  }

  place(at: At): Place | null {
    return this.#chart === undefined ? null : (this.#picture?.place(this.#chart, at) ?? null);
  }

  /** The time at a place of a chart against time, kept within what is shown. */
  timeAt(x: number): number | null {
    const scale = this.#chart?.scales['x'];
    if (scale === undefined || this.#chart === undefined) return null;
    const { left, right } = this.#chart.chartArea;
    return scale.getValueForPixel(Math.max(left, Math.min(right, x))) ?? null;
  }

  /** Pixels from the left, kept within what is shown. */
  pixelAt(time: number): number {
    if (this.#chart === undefined) return 0;
    const { left, right } = this.#chart.chartArea;
    return Math.max(left, Math.min(right, pixel(this.#chart, 'x', time)));
  }

  /** Where the data are drawn. */
  area(): { left: number; top: number; width: number; height: number } | null {
    return this.#chart?.chartArea ?? null;
  }

  destroy(): void {
    this.#destroyChart();
  }

  #create({ width, height }: Size): void {
    const { config } = this.#picture as Picture;
    this.canvas.width = width;
    this.canvas.height = height;
    this.#chart = new Chart(this.canvas, {
      ...config,
      options: { ...config.options, devicePixelRatio: window.devicePixelRatio },
      platform: BasicPlatform,
      plugins: [drawnBy(() => this.#picture)],
    });
  }

  #update(): void {
    if (this.#chart === undefined || this.#picture === undefined) return;
    const { data, options } = this.#picture.config;
    keep(this.#chart.data, data);
    this.#chart.options = { ...options, devicePixelRatio: window.devicePixelRatio };
    this.#chart.update('none');
  }

  #destroyChart(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }
}

/** Puts new data into what chart.js knows: it makes all its points anew for a dataset that is another object. */
function keep(known: ChartData, data: ChartData): void {
  if (data.labels === undefined) delete known.labels;
  else known.labels = data.labels;
  known.datasets = data.datasets.map((dataset, index) => {
    const before = known.datasets[index];
    if (before === undefined) return dataset;
    for (const key of Object.keys(before))
      if (!(key in dataset)) Reflect.deleteProperty(before, key);
    return Object.assign(before, dataset);
  });
}
