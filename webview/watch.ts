import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from './app.ts';
import type { Part } from './notifier.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  /** False while nobody sees the element. An element without it is always seen. */
  seen?: boolean;
}

/**
 * Renders its element again when one of these parts changes, and with the clock where it shows growing times; not while
 * nobody sees it: what is seen again renders by itself.
 */
export class Watch implements ReactiveController {
  readonly #host: Host;
  readonly #parts: readonly Part[];
  readonly #clock: boolean;
  #stop: (() => void)[] = [];

  constructor(host: Host, parts: readonly Part[], options: { clock?: boolean } = {}) {
    this.#host = host;
    this.#parts = parts;
    this.#clock = options.clock ?? false;
    host.addController(this);
  }

  hostConnected(): void {
    const render = (): void => {
      if (this.#host.seen !== false) this.#host.requestUpdate();
    };
    const { store, clock } = this.#host.app;
    this.#stop = [store.subscribe(this.#parts, render)];
    if (this.#clock) this.#stop.push(clock.subscribe(render));
  }

  hostDisconnected(): void {
    for (const stop of this.#stop.splice(0)) stop();
  }
}
