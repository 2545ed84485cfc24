import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The size of one part of an element, kept up to date; a change renders the element again. */
export class Sized implements ReactiveController {
  width = 0;
  height = 0;
  readonly #host: ReactiveControllerHost & Element;
  readonly #selector: string;
  #seen: Element | null = null;
  #observer: ResizeObserver | undefined;

  constructor(host: ReactiveControllerHost & Element, selector: string) {
    this.#host = host;
    this.#selector = selector;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#seen = null;
  }

  hostUpdated(): void {
    const part = this.#host.shadowRoot?.querySelector(this.#selector) ?? null;
    if (part === this.#seen) return;
    this.#observer?.disconnect();
    this.#seen = part;
    if (part === null) return;
    this.#observer?.observe(part);
    this.#measure();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  #measure(): void {
    const { clientWidth = 0, clientHeight = 0 } = this.#seen ?? {};
    if (clientWidth === this.width && clientHeight === this.height) return;
    this.width = clientWidth;
    this.height = clientHeight;
    this.#host.requestUpdate();
  }
}
