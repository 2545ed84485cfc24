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
  readonly #clock: boolean | (() => boolean);
  #stop: (() => void)[] = [];
  /** When the host was rendered last, for whatever reason. */
  #updated = -Infinity;

  /** `clock` may say whether any time that is shown grows now. */
  constructor(
    host: Host,
    parts: readonly Part[],
    { clock = false }: { clock?: boolean | (() => boolean) } = {},
  ) {
    this.#host = host;
    this.#parts = parts;
    this.#clock = clock;
    host.addController(this);
  }

  hostConnected(): void {
    const render = (): unknown => {
      if (this.#host.seen === false) return undefined;
      this.#host.requestUpdate();
      return this.#host.updateComplete;
    };
    const { store, clock } = this.#host.app;
    const clocked = this.#clock;
    this.#stop = [store.subscribe(this.#parts, render)];
    if (clocked === false) return;
    const grow = (): unknown => {
      const fresh = performance.now() - this.#updated < FRESH_MS;
      return fresh || (clocked !== true && !clocked()) ? undefined : render();
    };
    this.#stop.push(clock.subscribe(grow));
  }

  hostUpdated(): void {
    this.#updated = performance.now();
  }

  hostDisconnected(): void {
    for (const stop of this.#stop.splice(0)) stop();
  }
}
