import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A little beyond the screen, so that scrolling shows no blank. */
const MARGIN = '200px 0px';

/** Whether an element is on the screen or close to it; a change renders it again. False while the page is hidden. */
export class Near implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #near = false;
  #observer: IntersectionObserver | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get is(): boolean {
    return this.#near && !document.hidden;
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#near = entries.at(-1)?.isIntersecting ?? false;
        this.#host.requestUpdate();
      },
      { rootMargin: MARGIN },
    );
    this.#observer.observe(this.#host);
    document.addEventListener('visibilitychange', this.#render);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#near = false;
    document.removeEventListener('visibilitychange', this.#render);
  }

  readonly #render = (): void => this.#host.requestUpdate();
}
