import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../app.ts';
import { PROBED } from './arrange.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  readonly renderRoot: HTMLElement | DocumentFragment;
}
type Probed = keyof typeof PROBED;

/** Between two looks. */
const EVERY_MS = 30_000;
/** The first look is not in the way of the first view. */
const FIRST_MS = 300;
const REGIONS = Object.keys(PROBED) as Probed[];

/**
 * Knows which of the regions that only some pipelines have data for have any. What is there at first is what was there
 * at last. A region whose data is gone says so itself; it leaves when that moves nothing that is seen, or with a reload.
 */
export class Presence implements ReactiveController {
  readonly #host: Host;
  /** Null before it is known what was there at last. */
  #shown: Set<string> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;
  #stop: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  get regions(): ReadonlySet<string> {
    this.#shown ??= new Set(this.#host.app.session.view.present);
    return this.#shown;
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
    if (document.hidden || connection.state !== 'connected') return;
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const { session } = this.#host.app;
    const totals = await Promise.all(
      REGIONS.map((region) => {
        const answer = session.get<{ total?: number }>(PROBED[region], abort.signal);
        // Without an answer nothing is known; it is asked again.
        return answer.then(({ total = 0 }) => total).catch(() => null);
      }),
    );
    if (abort.signal.aborted) return;
    this.#keep(new Map(REGIONS.map((region, index) => [region, totals[index] ?? null])));
    this.#plan(EVERY_MS);
  }

  /** `totals`: null where nothing is known. */
  #keep(totals: ReadonlyMap<Probed, number | null>): void {
    const { session } = this.#host.app;
    const before = session.view.present;
    const present = REGIONS.filter((region) => {
      const total = totals.get(region) ?? null;
      return total === null ? before.includes(region) : total > 0;
    });
    if (present.join() !== before.join()) session.remember({ present });
    const gone = [...this.regions].filter((one) => !present.some((region) => region === one));
    this.#shown = new Set([...present, ...gone.filter((region) => this.#isReached(region))]);
    this.#host.requestUpdate();
  }

  /** Whether it is on the screen or above it: what is seen would move if it left. */
  #isReached(region: string): boolean {
    const frame = this.#host.renderRoot.querySelector(`[data-region="${CSS.escape(region)}"]`);
    return frame !== null && frame.getBoundingClientRect().top < innerHeight;
  }
}
