import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Drawing, Size } from '../../charts/drawing.ts';
import { drawSoon } from '../../charts/drawQueue.ts';
import type { ChartSpec } from '../../charts/spec.ts';

interface Host extends ReactiveControllerHost {
  readonly isConnected: boolean;
  readonly chart: ChartSpec | null;
  readonly canvas: HTMLCanvasElement | null;
}

export interface Setting {
  near: () => boolean;
  size: () => Size;
  /** Those of a chart against time that can be read. */
  moments: () => readonly number[];
}

/** The drawing of a chart element: made when it comes near the screen, and anew with what it shows, its size and the theme. */
export class CanvasDrawing implements ReactiveController {
  readonly #host: Host;
  readonly #setting: Setting;
  #drawing: Drawing | undefined;
  #drawn: { spec: ChartSpec; width: number; height: number } | undefined;

  constructor(host: Host, setting: Setting) {
    this.#host = host;
    this.#setting = setting;
    host.addController(this);
  }

  /** Undefined until it is made. */
  get now(): Drawing | undefined {
    return this.#drawing;
  }

  hostUpdated(): void {
    void this.#draw();
  }

  hostDisconnected(): void {
    this.#drop();
  }

  async #draw(): Promise<void> {
    const { chart, canvas } = this.#host;
    if (chart === null || canvas === null) {
      this.#drop();
      return;
    }
    const { width, height } = this.#setting.size();
    if (!this.#setting.near() || width === 0 || height === 0) return;
    if (this.#drawing?.canvas !== canvas) {
      const { Drawing } = await import('../../charts/drawing.ts');
      const isLate = this.#host.canvas !== canvas || !this.#host.isConnected;
      if (isLate || this.#drawing?.canvas === canvas) return;
      this.#drop();
      this.#drawing = new Drawing(canvas);
      return this.#draw();
    }
    if (!this.#isDrawn(chart)) drawSoon(this.#redraw);
  }

  #isDrawn(chart: ChartSpec): boolean {
    const { width, height } = this.#setting.size();
    const drawn = this.#drawn;
    return drawn?.spec === chart && drawn.width === width && drawn.height === height;
  }

  /** Other things may have come while it waited. */
  readonly #redraw = (): void => {
    const { chart } = this.#host;
    if (chart === null || this.#drawing === undefined || this.#isDrawn(chart)) return;
    const size = this.#setting.size();
    if (this.#drawn?.spec === chart) this.#drawing.resize(size);
    else this.#drawing.show(chart, this.#setting.moments, size);
    this.#drawn = { spec: chart, ...size };
    // What lies over the drawing moves with it.
    this.#host.requestUpdate();
  };

  #drop(): void {
    this.#drawing?.destroy();
    this.#drawing = undefined;
    this.#drawn = undefined;
  }
}
