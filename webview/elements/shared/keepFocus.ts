import type { LitElement, ReactiveController } from 'lit';

/** Gives the focus to `place`, a selector or what is found, when what had it is drawn no more: a keyboard goes on from there. */
export class KeepFocus implements ReactiveController {
  #had: Element | null = null;

  constructor(
    private readonly host: LitElement,
    private readonly place: string | (() => HTMLElement | null),
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    this.#had = this.host.shadowRoot?.activeElement ?? null;
  }

  hostUpdated(): void {
    const had = this.#had;
    if (had === null || (had.isConnected && !had.hasAttribute('disabled'))) return;
    const { place, host } = this;
    const found =
      typeof place === 'string' ? host.renderRoot.querySelector<HTMLElement>(place) : place();
    found?.focus();
  }
}
