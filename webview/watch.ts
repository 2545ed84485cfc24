import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from './app.ts';
import type { Part } from './notifier.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  /** False while nobody sees the element. An element without it is always seen. */
  seen?: boolean;
}

/** What was rendered so lately has times that are new enough. */
const FRESH_MS = 300;

/**
 * Renders its element again when one of these parts changes, and with the clock where it shows growing times; not while
 * nobody sees it: what is seen again renders by itself.
 */
export class Watch implements ReactiveController {
  readonly #host: Host;
  readonly #parts: readonly Part[];
  readonly #clock: boolean;
  #stop: (() => void)[] = [];
  /** When the host was rendered last, for whatever reason. */
  #updated = -Infinity;

  constructor(host: Host, parts: readonly Part[], options: { clock?: boolean } = {}) {
    this.#host = host;
    this.#parts = parts;
    this.#clock = options.clock ?? false;
    host.addController(this);
  }

  hostConnected(): void {
    const render = (): unknown => {
      if (this.#host.seen === false) return undefined;
      this.#host.requestUpdate();
      return this.#host.updateComplete;
    };
    const { store, clock } = this.#host.app;
    this.#stop = [store.subscribe(this.#parts, render)];
    if (!this.#clock) return;
    const grow = (): unknown =>
      performance.now() - this.#updated < FRESH_MS ? undefined : render();
    this.#stop.push(clock.subscribe(grow));
  }

  hostUpdated(): void {
    this.#updated = performance.now();
  }

  hostDisconnected(): void {
    for (const stop of this.#stop.splice(0)) stop();
  }
}
