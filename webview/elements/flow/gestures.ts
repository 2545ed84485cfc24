import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Camera } from './camera.ts';

/** Less is a click with an unsteady hand. */
const DRAGGED = 4;

interface Drag {
  id: number;
  x: number;
  y: number;
  moved: boolean;
}

/** Moves the camera by hand: Ctrl and wheel, pinching on a touchpad or a screen, dragging by the mouse. */
export class Gestures implements ReactiveController {
  readonly #camera: Camera;
  #drag: Drag | undefined;
  /** Pixels between two fingers. */
  #pinch: number | undefined;

  constructor(host: ReactiveControllerHost, camera: Camera) {
    this.#camera = camera;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#drag = undefined;
    this.#pinch = undefined;
  }

  get dragging(): boolean {
    return this.#drag?.moved === true;
  }

  /** A touchpad tells pinching as a wheel with Ctrl. Without Ctrl the view scrolls as everything does. */
  readonly wheel = {
    passive: false,
    handleEvent: (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      // A notch of a wheel tells about 100, a touchpad a few at a time.
      const factor = Math.exp(-Math.max(-50, Math.min(50, event.deltaY)) / 250);
      this.#camera.zoomBy(factor, this.#inView(event.clientX, event.clientY));
    },
  };

  readonly touchmove = {
    passive: false,
    handleEvent: (event: TouchEvent): void => {
      const [a, b] = [event.touches[0], event.touches[1]];
      if (a === undefined || b === undefined) return;
      event.preventDefault();
      const apart = Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY));
      const middle = this.#inView((a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
      if (this.#pinch !== undefined) this.#camera.zoomBy(apart / this.#pinch, middle);
      this.#pinch = apart;
    },
  };

  readonly touchend = (): void => void (this.#pinch = undefined);

  /** Fingers scroll by themselves; a scrollbar is no place to drag from. */
  readonly down = (event: PointerEvent): void => {
    const view = this.#camera.view;
    if (event.pointerType !== 'mouse' || event.button > 1 || view === null) return;
    const box = view.getBoundingClientRect();
    if (event.clientX - box.left > view.clientWidth || event.clientY - box.top > view.clientHeight)
      return;
    this.#drag = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: false };
  };

  readonly move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag?.id !== event.pointerId) return;
    if (event.buttons === 0) {
      this.#drag = undefined;
      return;
    }
    const [x, y] = [drag.x - event.clientX, drag.y - event.clientY];
    if (!drag.moved && Math.hypot(x, y) < DRAGGED) return;
    // Only now: what is captured gets the click that a node waits for.
    if (!drag.moved) this.#camera.view?.setPointerCapture(event.pointerId);
    this.#drag = { id: drag.id, x: event.clientX, y: event.clientY, moved: true };
    this.#camera.panBy(x, y);
  };

  /** A click ends a drag too, and means nothing then: `click` says so, in the capture phase. */
  readonly click = {
    capture: true,
    handleEvent: (event: Event): void => {
      if (this.dragging) event.stopPropagation();
      this.#drag = undefined;
    },
  };

  #inView(clientX: number, clientY: number): { x: number; y: number } {
    const box = this.#camera.view?.getBoundingClientRect();
    return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
  }
}
