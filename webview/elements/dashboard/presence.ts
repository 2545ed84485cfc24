import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../app.ts';
import { PROBED } from './arrange.ts';

interface Host extends ReactiveControllerHost {
  app: App;
}
type Probed = keyof typeof PROBED;

/** Between two looks for regions that had nothing to show so far. */
const EVERY_MS = 30_000;
/** The first look is not in the way of the first view. */
const FIRST_MS = 300;

/** Knows which of the regions that only some pipelines have data for have any. What is there stays, over reloads too. */
export class Presence implements ReactiveController {
  readonly #host: Host;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;
  #stop: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  get regions(): ReadonlySet<string> {
    return new Set(this.#host.app.session.view.present);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#visible);
    this.#stop = this.#host.app.store.subscribe(['connection'], () => this.#plan(FIRST_MS));
    this.#plan(FIRST_MS);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#visible);
    this.#stop?.();
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  readonly #visible = (): void => this.#plan(FIRST_MS);

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    const { connection } = this.#host.app.store;
    if (document.hidden || connection.state !== 'connected' || this.#absent().length === 0) return;
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  #absent(): Probed[] {
    const { regions } = this;
    return (Object.keys(PROBED) as Probed[]).filter((region) => !regions.has(region));
  }

  async #look(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const { session } = this.#host.app;
    const found = await Promise.all(
      this.#absent().map(async (region) => {
        const answer = session.get<{ total?: number }>(PROBED[region], abort.signal);
        // Without an answer nothing is known; it is asked again.
        const total = await answer.then((page) => page.total ?? 0).catch(() => 0);
        return total > 0 ? [region] : [];
      }),
    );
    if (abort.signal.aborted) return;
    const present = found.flat();
    if (present.length > 0) {
      session.remember({ present: [...session.view.present, ...present] });
      this.#host.requestUpdate();
    }
    this.#plan(EVERY_MS);
  }
}
