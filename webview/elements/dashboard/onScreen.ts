import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Regions this far outside the screen are made ready, so that scrolling shows no blank. */
const MARGIN = '300px 0px';

type Host = ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };

/** Which regions are on the screen, by the `data-region` of their frames; none while the page is hidden. */
export class OnScreen implements ReactiveController {
  readonly #host: Host;
  readonly #near = new Set<string>();
  readonly #watched = new Set<Element>();
  #observer: IntersectionObserver | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  has(region: string): boolean {
    return !document.hidden && this.#near.has(region);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver((entries) => this.#moved(entries), {
      rootMargin: MARGIN,
    });
    document.addEventListener('visibilitychange', this.#render);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#watched.clear();
    this.#near.clear();
    document.removeEventListener('visibilitychange', this.#render);
  }

  hostUpdated(): void {
    const frames = new Set(this.#host.renderRoot.querySelectorAll('[data-region]'));
    for (const frame of this.#watched) {
      if (frames.has(frame)) continue;
      this.#observer?.unobserve(frame);
      this.#watched.delete(frame);
    }
    for (const frame of frames) {
      if (this.#watched.has(frame)) continue;
      this.#watched.add(frame);
      this.#observer?.observe(frame);
    }
  }

  #moved(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const region = target.getAttribute('data-region') ?? '';
      if (isIntersecting) this.#near.add(region);
      else this.#near.delete(region);
    }
    this.#render();
  }

  readonly #render = (): void => this.#host.requestUpdate();
}
