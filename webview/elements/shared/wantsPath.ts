import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../app.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  seen: boolean;
}

/** Has the path asked for while its element is seen. */
export class WantsPath implements ReactiveController {
  readonly #host: Host;
  #release: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.#host.seen) this.#release ??= this.#host.app.path.want();
    else this.hostDisconnected();
  }

  hostDisconnected(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
