import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Topic } from '../../../service/protocol/frame.ts';
import type { App } from '../../app.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  seen: boolean;
}

/** Gets the records of a topic while its element is seen. */
export class Wants implements ReactiveController {
  readonly #host: Host;
  readonly #topic: Topic;
  #release: (() => void) | undefined;

  constructor(host: Host, topic: Topic) {
    this.#host = host;
    this.#topic = topic;
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.#host.seen) this.#release ??= this.#host.app.session.want(this.#topic);
    else this.hostDisconnected();
  }

  hostDisconnected(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
