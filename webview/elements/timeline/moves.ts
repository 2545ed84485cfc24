import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../app.ts';

interface Host extends ReactiveControllerHost {
  app: App;
}

/** Renders its element with each step of the page's range while somebody moves it; what only charts show waits for its rest. */
export class Moves implements ReactiveController {
  readonly #host: Host;
  #stop: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = this.#host.app.time.follow(() => this.#host.requestUpdate());
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
