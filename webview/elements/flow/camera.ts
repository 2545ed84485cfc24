import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Drawing } from './drawing.ts';
import { fit } from './layout.ts';
import { clip, contains, type Rect } from './placeIndex.ts';

type Host = ReactiveControllerHost & Element;
interface Point {
  x: number;
  y: number;
}

const MOST_ZOOM = 2;
/** Whoever zooms out sees all of the graph, but it may be small already. */
const LEAST_ZOOM = 0.2;
/** Drawn beyond each edge of the view, as a share of it: scrolling has something to show at once. */
const SPARE = 0.25;
/** Pixels of a scrollbar, about. */
const SCROLLBAR = 16;
/** The scale is kept once it stands: not with every turn of the wheel. */
const KEEP_MS = 300;

/** Which part of the graph is seen, and how large: by the scroll position of the view and a scale of our own. */
export class Camera implements ReactiveController {
  /** Scale that the person chose; null as it fits. */
  #zoom: number | null = null;
  readonly #host: Host;
  readonly #keep: (zoom: number | null) => void;
  /** What the page keeps, as it was last told by us or to us. */
  #kept: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawing: Drawing | null = null;
  #window: Rect = { x: 0, y: 0, width: 0, height: 0 };
  /** Where a point of the graph has to be in the view after the next rendering. */
  #anchor: { graph: Point; view: Point } | null = null;

  constructor(host: Host, keep: (zoom: number | null) => void) {
    this.#host = host;
    this.#keep = keep;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  hostUpdated(): void {
    const { view } = this;
    if (this.#anchor === null || view === null) return;
    const { graph, view: at } = this.#anchor;
    this.#anchor = null;
    const left = this.left;
    view.scrollTo(graph.x * this.zoom + left - at.x, graph.y * this.zoom - at.y);
    this.scrolled();
  }

  get view(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.view') ?? null;
  }

  get zoom(): number {
    if (this.#zoom !== null) return this.#zoom;
    return this.#drawing === null ? 1 : fit(this.#drawing, this.#room);
  }

  /** Pixels that the view is high at most. */
  get high(): number {
    return Math.min(600, 0.8 * window.innerHeight);
  }

  /** Pixels that a graph may be wide: less where it is too high, so that a scrollbar stands beside it. */
  get #room(): number {
    const width = this.view?.offsetWidth ?? 0;
    const drawing = this.#drawing;
    const tall = drawing !== null && drawing.height * fit(drawing, width) > this.high;
    return tall ? width - SCROLLBAR : width;
  }

  /** The scale at which all of the graph is seen. */
  get whole(): number {
    const { view } = this;
    if (this.#drawing === null || view === null) return 1;
    const { width, height } = this.#drawing;
    return Math.min(1, view.offsetWidth / Math.max(1, width), this.high / Math.max(1, height));
  }

  /** Pixels to the left of a graph that is narrower than the view. */
  get left(): number {
    const width = (this.#drawing?.width ?? 0) * this.zoom;
    return Math.max(0, ((this.view?.clientWidth ?? 0) - width) / 2);
  }

  /** What is seen, in pixels of the graph. */
  get seen(): Rect {
    const { view, zoom, left } = this;
    if (view === null) return { x: 0, y: 0, width: 0, height: 0 };
    return {
      x: (view.scrollLeft - left) / zoom,
      y: view.scrollTop / zoom,
      width: view.clientWidth / zoom,
      height: view.clientHeight / zoom,
    };
  }

  /** Takes the drawing and the scale that the page keeps; returns the part of the graph to be drawn. */
  look(drawing: Drawing, kept: number | null): Rect {
    if (kept !== this.#kept) {
      this.#kept = kept;
      this.#zoom = kept;
      clearTimeout(this.#timer);
    }
    this.#drawing = drawing;
    const whole = { x: 0, y: 0, width: drawing.width, height: drawing.height };
    const { x, y, width, height } = this.seen;
    const [spareX, spareY] = [width * SPARE, Math.max(height, 200 / this.zoom) * SPARE];
    this.#window = clip(
      { x: x - spareX, y: y - spareY, width: width + 2 * spareX, height: height + 2 * spareY },
      whole,
    );
    return this.#window;
  }

  /** To be called when the view scrolled: renders only when something would be seen that is not drawn. */
  scrolled(): void {
    if (this.#drawing === null) return;
    const { width, height } = this.#drawing;
    const seen = clip(this.seen, { x: 0, y: 0, width, height });
    if (!contains(this.#window, seen)) this.#host.requestUpdate();
  }

  /** Zooms around a point of the view, else around its middle. */
  zoomBy(factor: number, around?: Point): void {
    this.#to(Math.min(MOST_ZOOM, Math.max(this.#least(), this.zoom * factor)), around);
  }

  /** All of the graph in the view. */
  fitIn(): void {
    const { whole } = this;
    // What can be read and fits is what is shown anyway.
    const fits = this.#drawing !== null && fit(this.#drawing, this.#room) <= whole;
    this.#to(fits ? null : whole);
  }

  /** Pixels of the screen. */
  panBy(x: number, y: number): void {
    this.view?.scrollBy(x, y);
  }

  /** Puts a point of the graph into the middle of the view. */
  centre(graph: Point): void {
    const { view, zoom, left } = this;
    view?.scrollTo(
      graph.x * zoom + left - view.clientWidth / 2,
      graph.y * zoom - view.clientHeight / 2,
    );
  }

  /** Scrolls as little as shows the rectangle; from far away into the middle. */
  reveal(rect: Rect): void {
    const { view, zoom } = this;
    if (view === null || contains(this.seen, rect)) return;
    const near =
      Math.abs(rect.x - this.seen.x) < 2 * this.seen.width &&
      Math.abs(rect.y - this.seen.y) < 2 * this.seen.height;
    if (!near) {
      this.centre({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 });
      return;
    }
    const { seen } = this;
    const shift = (from: number, size: number, start: number, length: number): number =>
      from < start ? from - start - 12 : Math.max(0, from + size - start - length + 12);
    this.panBy(
      shift(rect.x, rect.width, seen.x, seen.width) * zoom,
      shift(rect.y, rect.height, seen.y, seen.height) * zoom,
    );
  }

  /** A point of the screen as one of the graph. */
  toGraph(clientX: number, clientY: number): Point {
    const box = this.view?.getBoundingClientRect();
    const { x, y } = this.seen;
    return {
      x: x + (clientX - (box?.left ?? 0)) / this.zoom,
      y: y + (clientY - (box?.top ?? 0)) / this.zoom,
    };
  }

  /** A rectangle of the graph as one of the view. */
  toView(rect: Rect): Rect {
    const { zoom, seen } = this;
    const [x, y] = [(rect.x - seen.x) * zoom, (rect.y - seen.y) * zoom];
    return { x, y, width: rect.width * zoom, height: rect.height * zoom };
  }

  #least(): number {
    return Math.min(LEAST_ZOOM, this.whole);
  }

  #to(zoom: number | null, around?: Point): void {
    const { view, seen } = this;
    if (view === null) return;
    const at = around ?? { x: view.clientWidth / 2, y: view.clientHeight / 2 };
    const graph = { x: seen.x + at.x / this.zoom, y: seen.y + at.y / this.zoom };
    this.#anchor = { graph, view: at };
    this.#zoom = zoom;
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#kept = zoom;
      this.#keep(zoom);
    }, KEEP_MS);
  }
}
