import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../app.ts';

type Host = ReactiveControllerHost &
  Element & { app: App; readonly renderRoot: HTMLElement | DocumentFragment };

/** Heights of a page of another width say nothing. */
const SAME_WIDTH = 40;
const SAVE_MS = 500;

/**
 * Keeps the room of regions that are not there yet: what each took at last on a page of this width. It is given up when
 * the region has its content, not when it has its code: between the two stands a skeleton.
 */
export class Room implements ReactiveController {
  readonly #host: Host;
  readonly #heights = new Map<string, number>();
  readonly #settled = new Set<string>();
  readonly #watched = new Map<Element, string>();
  #observer: ResizeObserver | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  /** Pixels to keep free, or null for a region that has its content. `usual` where nothing is remembered. */
  of(key: string, usual: number): number | null {
    if (this.#settled.has(key)) return null;
    const { heights } = this.#host.app.session.view;
    const known = Math.abs(heights.page - innerWidth) <= SAME_WIDTH ? heights.of[key] : undefined;
    return known ?? usual;
  }

  hostConnected(): void {
    this.#observer = new ResizeObserver((entries) => {
      for (const { target } of entries) this.#measure(target);
    });
  }

  hostUpdated(): void {
    const frames = this.#host.renderRoot.querySelectorAll('[data-region] > *');
    const there = new Set(frames);
    for (const [region, key] of this.#watched) {
      if (there.has(region)) continue;
      this.#observer?.unobserve(region);
      this.#watched.delete(region);
      this.#settled.delete(key);
    }
    for (const region of frames) {
      if (this.#watched.has(region)) continue;
      const key = region.parentElement?.getAttribute('data-region') ?? '';
      this.#watched.set(region, key);
      this.#observer?.observe(region);
    }
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#watched.clear();
    clearTimeout(this.#timer);
  }

  #measure(region: Element): void {
    const key = this.#watched.get(region);
    if (key === undefined || isLoading(region)) return;
    const height = Math.round(region.getBoundingClientRect().height);
    if (height > 0) this.#heights.set(key, height);
    this.#timer ??= setTimeout(() => this.#save(), SAVE_MS);
    if (this.#settled.has(key)) return;
    this.#settled.add(key);
    this.#host.requestUpdate();
  }

  #save(): void {
    this.#timer = undefined;
    const { session } = this.#host.app;
    const { heights } = session.view;
    const before = Math.abs(heights.page - innerWidth) <= SAME_WIDTH ? heights.of : {};
    const of = { ...before, ...Object.fromEntries(this.#heights) };
    session.remember({ heights: { page: innerWidth, of } });
  }
}

/** Whether a skeleton stands in it, or it says that it waits. */
function isLoading(region: Element): boolean {
  const root = region.shadowRoot;
  return root === null || root.querySelector('.skeleton, [aria-busy="true"]') !== null;
}
