/** Mouse and fingers on the drawing: a frame is drawn to zoom in, Shift or the middle button moves, two fingers pinch. */
import type { Span } from '../../timeScale.ts';
import type { TimeWindow } from './window.ts';

export interface GestureHost {
  readonly window: TimeWindow;
  /** What is shown now; undefined while nothing is drawn. */
  shown(): Span | undefined;
  /** Left edge and width of the drawing on the screen, in pixels. */
  place(): { left: number; width: number };
  /** The frame that is being drawn; null when it is done. */
  brush(span: Span | null): void;
  /** The moment below the pointer; null when it has left. */
  point(time: number | null, event: PointerEvent): void;
}

/** Less is a click. */
const CLICK_PX = 4;

type Drag =
  | { kind: 'brush'; from: number; x: number }
  | { kind: 'pan'; x: number; shown: Span }
  | { kind: 'pinch'; apart: number; shown: Span; around: number };

export class Gestures {
  readonly #host: GestureHost;
  readonly #fingers = new Map<number, number>();
  #drag: Drag | undefined;
  /** Whether the last press moved: the click that follows it then means nothing. */
  moved = false;

  constructor(host: GestureHost) {
    this.#host = host;
  }

  get dragging(): boolean {
    return this.#drag !== undefined && this.moved;
  }

  readonly down = (event: PointerEvent): void => {
    const shown = this.#host.shown();
    if (shown === undefined || event.button > 1) return;
    this.moved = false;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const x = event.clientX;
    if (event.pointerType === 'touch') return this.#finger(event.pointerId, x, shown);
    if (event.button === 1) event.preventDefault(); // The page would scroll by itself.
    const pans = event.shiftKey || event.button === 1;
    this.#drag = pans ? { kind: 'pan', x, shown } : { kind: 'brush', x, from: this.#timeAt(x) };
  };

  readonly move = (event: PointerEvent): void => {
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, event.clientX);
    if (this.#drag === undefined) this.#host.point(this.#timeAt(event.clientX), event);
    else this.#follow(this.#drag, event.clientX);
  };

  readonly up = (event: PointerEvent): void => {
    const drag = this.#drag;
    this.#end(event);
    if (drag?.kind === 'brush' && this.moved)
      this.#host.window.zoomTo(spanOf(drag.from, this.#timeAt(event.clientX)));
  };

  readonly cancel = (event: PointerEvent): void => this.#end(event);

  readonly leave = (event: PointerEvent): void => {
    if (this.#drag === undefined) this.#host.point(null, event);
  };

  /** Ctrl zooms (and so does a touchpad's pinch), Shift or a sideways wheel moves; the page scrolls otherwise. */
  readonly wheel = (event: WheelEvent): void => {
    const zooms = event.ctrlKey || event.metaKey;
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const { window } = this.#host;
    if (this.#host.shown() === undefined || !(zooms || (sideways && window.zoomed))) return;
    event.preventDefault();
    const turned = event.deltaY || event.deltaX;
    // A pinch comes in many small turns, a wheel in steps of about 100.
    if (zooms) window.zoomBy(Math.exp(-clamp(turned, 50) / 200), this.#timeAt(event.clientX));
    else window.panBy(clamp(event.deltaX || turned, 100) / 1000);
  };

  #follow(drag: Drag, x: number): void {
    const { window } = this.#host;
    if (drag.kind === 'pinch') {
      const [a = 0, b = 0] = this.#fingers.values();
      const factor = Math.max(1, Math.abs(a - b)) / drag.apart;
      this.moved = true;
      return window.moveTo(scaled(drag, factor));
    }
    this.moved ||= Math.abs(x - drag.x) >= CLICK_PX;
    if (!this.moved) return;
    if (drag.kind === 'pan')
      window.panBy((drag.x - x) / Math.max(1, this.#host.place().width), drag.shown);
    else this.#host.brush(spanOf(drag.from, this.#timeAt(x)));
  }

  /** One finger moves what is zoomed, the second one makes it a pinch. */
  #finger(id: number, x: number, shown: Span): void {
    this.#fingers.set(id, x);
    const [a = 0, b] = this.#fingers.values();
    if (b === undefined) this.#drag = { kind: 'pan', x, shown };
    else {
      const around = this.#timeAt((a + b) / 2);
      this.#drag = { kind: 'pinch', apart: Math.max(1, Math.abs(a - b)), shown, around };
    }
  }

  #end(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    this.#drag = undefined;
    this.#host.brush(null);
    this.#host.window.rest();
  }

  #timeAt(clientX: number): number {
    const { left, width } = this.#host.place();
    const { from, to } = this.#host.shown() ?? { from: 0, to: 1 };
    return from + ((clientX - left) / Math.max(1, width)) * (to - from);
  }
}

function scaled({ shown, around }: { shown: Span; around: number }, factor: number): Span {
  return {
    from: around - (around - shown.from) / factor,
    to: around + (shown.to - around) / factor,
  };
}

function spanOf(a: number, b: number): Span {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
