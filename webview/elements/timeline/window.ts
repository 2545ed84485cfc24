/** The part of the time that is shown: how keys, wheel, fingers and the strip change it. */
import type { App } from '../../app.ts';
import { pan, type Span, zoom } from '../../timeScale.ts';

/** Nothing shorter is zoomed into by drawing a frame around it. */
const SHORTEST_MS = 10;

export interface Extent {
  whole: Span;
  shown: Span;
}

export class TimeWindow {
  readonly #app: () => App;
  readonly #extent: () => Extent | undefined;

  constructor(app: () => App, extent: () => Extent | undefined) {
    this.#app = app;
    this.#extent = extent;
  }

  get zoomed(): boolean {
    return this.#app().session.view.timeline !== null;
  }

  /** Above 1: closer. `around` stays where it is; the middle by default. */
  zoomBy(factor: number, around?: number): void {
    const extent = this.#extent();
    if (extent === undefined) return;
    const { shown, whole } = extent;
    this.#set(zoom(shown, whole, factor, around ?? (shown.from + shown.to) / 2));
  }

  zoomTo({ from, to }: Span): void {
    const whole = this.#extent()?.whole;
    if (whole === undefined) return;
    const part = { from: Math.max(whole.from, from), to: Math.min(whole.to, to) };
    const all = part.from === whole.from && part.to === whole.to;
    if (part.to - part.from >= SHORTEST_MS) this.#set(all ? null : part);
  }

  /** By a share of what is shown, from where it was: what is shown now by default. */
  panBy(share: number, was = this.#extent()?.shown): void {
    const whole = this.#extent()?.whole;
    if (whole === undefined || was === undefined || !this.zoomed) return;
    this.#set(pan(was, whole, share));
  }

  reset(): void {
    this.#set(null);
  }

  #set(timeline: Span | null): void {
    this.#app().session.set({ timeline });
  }
}
