import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Drawing } from './drawing.ts';
import { fit } from './layout.ts';
import { clip, contains, type Rect, scaledBy } from './placeIndex.ts';

type Host = ReactiveControllerHost & Element;
interface Point {
  x: number;
  y: number;
}

const MOST_ZOOM = 2;
/** Whoever zooms out sees all of the graph, but it may be small already. */
const LEAST_ZOOM = 0.2;
/** Drawn beyond each edge of the view, as a share of it: scrolling has something to show at once. */
const SPARE = 0.15;
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
  /** Pixels that the view is scrolled by, and that there are for it. */
  #at: Point = { x: 0, y: 0 };
  #room = 0;
  #scale = 1;
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
    if (this.#anchor === null) return;
    this.#anchor = null;
    this.view?.scrollTo(this.#at.x, this.#at.y);
  }

  get view(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.view') ?? null;
  }

  /** As it was drawn last. */
  get zoom(): number {
    return this.#scale;
  }

  /** Pixels that the view is high at most. */
  get high(): number {
    return Math.min(600, 0.8 * window.innerHeight);
  }

  /** True where not all of the graph is in the view. */
  get scrolls(): boolean {
    const { width, height } = this.#size;
    return width > this.#room + 1 || height > this.high + 1;
  }

  /** What is seen, in pixels of the graph. */
  get seen(): Rect {
    const { width, height } = this.#view;
    return scaledBy({ x: this.#at.x - this.#left, y: this.#at.y, width, height }, 1 / this.#scale);
  }

  /** Takes the drawing, the pixels there are for it, and the scale that the page keeps; returns what is to be drawn. */
  look(drawing: Drawing, room: number, kept: number | null): Rect {
    if (kept !== this.#kept) {
      this.#kept = kept;
      this.#zoom = kept;
      clearTimeout(this.#timer);
    }
    this.#drawing = drawing;
    this.#room = room;
    this.#scale = this.#zoom ?? this.#fitted();
    this.#settle();
    const { x, y, width, height } = this.seen;
    const [spareX, spareY] = [width * SPARE, height * SPARE];
    this.#window = clip(
      { x: x - spareX, y: y - spareY, width: width + 2 * spareX, height: height + 2 * spareY },
      { x: 0, y: 0, width: drawing.width, height: drawing.height },
    );
    return this.#window;
  }

  /** To be called when the view scrolled: renders only when something would be seen that is not drawn. */
  scrolled(): void {
    const drawing = this.#drawing;
    if (drawing === null || this.#anchor !== null) return;
    this.#read();
    const { width, height } = drawing;
    const seen = clip(this.seen, { x: 0, y: 0, width, height });
    if (!contains(this.#window, seen)) this.#host.requestUpdate();
  }

  /** The scale that fits: less where the graph is so high that a scrollbar stands beside it. */
  #fitted(): number {
    const drawing = this.#drawing;
    if (drawing === null) return 1;
    const tall = drawing.height * fit(drawing, this.#room) > this.high;
    return fit(drawing, tall ? this.#room - SCROLLBAR : this.#room);
  }

  /** The scale at which all of the graph is seen. */
  get #whole(): number {
    if (this.#drawing === null) return 1;
    const { width, height } = this.#drawing;
    return Math.min(1, this.#room / Math.max(1, width), this.high / Math.max(1, height));
  }

  /** Pixels of the whole graph on the screen. */
  get #size(): { width: number; height: number } {
    const { width, height } = this.#drawing ?? { width: 0, height: 0 };
    return { width: width * this.#scale, height: height * this.#scale };
  }

  /** Pixels of the view: computed, because a reading after a change makes the browser arrange everything. */
  get #view(): { width: number; height: number } {
    return { width: this.#room, height: Math.min(this.high, this.#size.height) };
  }

  /** Pixels to the left of a graph that is narrower than the view. */
  get #left(): number {
    return Math.max(0, (this.#room - this.#size.width) / 2);
  }

  /** Where the view is scrolled to, or will be once it is drawn at another scale. */
  #settle(): void {
    if (this.#anchor === null) {
      this.#read();
      return;
    }
    const { graph, view } = this.#anchor;
    const [size, seen] = [this.#size, this.#view];
    const within = (value: number, most: number): number => Math.max(0, Math.min(value, most));
    this.#at = {
      x: within(graph.x * this.#scale + this.#left - view.x, size.width - seen.width),
      y: within(graph.y * this.#scale - view.y, size.height - seen.height),
    };
  }

  #read(): void {
    const { view } = this;
    this.#at = { x: view?.scrollLeft ?? 0, y: view?.scrollTop ?? 0 };
  }

  /** Zooms around a point of the view, else around its middle. */
  zoomBy(factor: number, around?: Point): void {
    this.#to(Math.min(MOST_ZOOM, Math.max(this.#least(), this.zoom * factor)), around);
  }

  /** All of the graph in the view; as it is shown anyway where that fits and can be read. */
  fitIn(): void {
    this.#to(this.#fitted() <= this.#whole ? null : this.#whole);
  }

  /** Pixels of the screen. */
  panBy(x: number, y: number): void {
    this.view?.scrollBy(x, y);
  }

  /** Puts a point of the graph into the middle of the view. */
  centre(graph: Point): void {
    const { width, height } = this.#view;
    const [x, y] = [graph.x * this.#scale + this.#left, graph.y * this.#scale];
    this.view?.scrollTo(x - width / 2, y - height / 2);
  }

  /** Scrolls as little as shows the rectangle; from far away into the middle. */
  reveal(rect: Rect, where: 'near' | 'middle' = 'near'): void {
    const { zoom } = this;
    if (contains(this.seen, rect)) return;
    const near =
      where === 'near' &&
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
    return Math.min(LEAST_ZOOM, this.#whole);
  }

  #to(zoom: number | null, around?: Point): void {
    const { width, height } = this.#view;
    const view = around ?? { x: width / 2, y: height / 2 };
    const { seen } = this;
    const graph = { x: seen.x + view.x / this.#scale, y: seen.y + view.y / this.#scale };
    this.#anchor = { graph, view };
    this.#zoom = zoom;
    // Several turns of the wheel in one frame go on from each other.
    this.#scale = zoom ?? this.#fitted();
    this.#settle();
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#kept = zoom;
      this.#keep(zoom);
    }, KEEP_MS);
  }
}
