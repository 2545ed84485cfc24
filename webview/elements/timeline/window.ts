/** The page's range of time as the timeline draws it: the part of the run in it, and how keys, wheel, fingers and the strip change it. */
import type { App } from '../../app.ts';
import type { TimeRange } from '../../timeRange.ts';
import { pan, type Span, zoom } from '../../timeScale.ts';
import type { Range } from '../../view.ts';

/** Nothing shorter is zoomed into by drawing a frame around it. */
const SHORTEST_MS = 10;

/** A run, in milliseconds since `origin` (epoch milliseconds). */
export interface Whole {
  origin: number;
  /** All of it, with some room behind. */
  whole: Span;
  /** Where the last of it ends. */
  until: number;
}

export interface Extent extends Whole {
  /** What is drawn: the same object as `whole` where that is all of it. */
  shown: Span;
  /** Nothing of the run lies in the range of the page. */
  outside: boolean;
}

/** `range`: that of the page, or where it is being moved. */
export function extentIn(time: TimeRange, run: Whole, range: Range = time.moving): Extent {
  const part = partOf(time, run, range);
  return { ...run, shown: part ?? run.whole, outside: part === null };
}

function partOf(time: TimeRange, run: Whole, range: Range): Span | null {
  const { origin, whole, until } = run;
  const isRun = range.kind === 'run';
  if (isRun && !time.paused) return whole;
  const page = time.span(range);
  const from = isRun ? whole.from : Math.max(whole.from, page.from - origin);
  const to = page.to - origin;
  if (from === whole.from && to >= until) return whole;
  const part = { from, to: Math.min(to, whole.to) };
  return part.to > part.from ? part : null;
}

export class TimeWindow {
  readonly #app: () => App;
  readonly #run: () => Whole | undefined;

  constructor(app: () => App, run: () => Whole | undefined) {
    this.#app = app;
    this.#run = run;
  }

  get zoomed(): boolean {
    const extent = this.#extent;
    return extent !== undefined && (extent.outside || extent.shown !== extent.whole);
  }

  /** Above 1: closer. `around` stays where it is; the middle by default. */
  zoomBy(factor: number, around?: number): void {
    const extent = this.#extent;
    if (extent === undefined || extent.outside || (factor < 1 && !this.zoomed)) return;
    const { shown, whole } = extent;
    this.#move(zoom(shown, whole, factor, around ?? (shown.from + shown.to) / 2), extent);
  }

  /** A part of the run, as when a frame was drawn around it. */
  zoomTo(part: Span): void {
    this.moveTo(part);
    this.rest();
  }

  /** The same in steps, as fingers and the strip do. */
  moveTo({ from, to }: Span): void {
    const extent = this.#extent;
    if (extent === undefined) return;
    const { whole } = extent;
    const part = { from: Math.max(whole.from, from), to: Math.min(whole.to, to) };
    const all = part.from === whole.from && part.to === whole.to;
    if (part.to - part.from >= SHORTEST_MS) this.#move(all ? null : part, extent);
  }

  /** By a share of what is shown, from where it was: what is shown now by default. */
  panBy(share: number, was = this.#extent?.shown): void {
    const extent = this.#extent;
    if (extent === undefined || was === undefined || !this.zoomed || extent.outside) return;
    this.#move(pan(was, extent.whole, share), extent);
  }

  /** The steps are done: the charts follow at once. */
  rest(): void {
    this.#app().time.rest();
  }

  back(): void {
    this.#app().time.back();
  }

  reset(): void {
    this.#app().time.showRun();
  }

  get #extent(): Extent | undefined {
    const run = this.#run();
    return run && extentIn(this.#app().time, run);
  }

  #move(part: Span | null, { origin }: Extent): void {
    const { time } = this.#app();
    if (part === null) time.move({ kind: 'run' });
    else time.move({ kind: 'between', from: origin + part.from, to: origin + part.to });
  }
}
