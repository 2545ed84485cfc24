import { t } from '@vscode/l10n';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../app.ts';
import type { Place, Store } from '../../store.ts';

type Host = ReactiveControllerHost & {
  app: App;
  readonly renderRoot: HTMLElement | DocumentFragment;
};

/** Whoever is brought somewhere later than that did not mean to go there any more. */
const PATIENCE_MS = 5_000;

/** Brings the place into view that something on the page led to; what does not come in time is forgotten. */
export class Goal implements ReactiveController {
  readonly #host: Host;
  /** False while the page shows something else than its places. */
  readonly #open: () => boolean;
  readonly #reached = new Set<string>();
  /** Since when the place could have come. */
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  constructor(host: Host, open: () => boolean) {
    this.#host = host;
    this.#open = open;
    host.addController(this);
  }

  /** What is shown whatever the layout says. */
  get summoned(): ReadonlySet<string> {
    const { goal } = this.#host.app.store;
    return goal === null ? this.#reached : new Set([...this.#reached, goal]);
  }

  summon(place: Place): void {
    this.#reached.add(place);
  }

  hostConnected(): void {
    this.#stop = this.#host.app.store.subscribe(['goal'], () => this.#begin());
    this.#begin();
  }

  hostDisconnected(): void {
    this.#stop?.();
    clearTimeout(this.#timer);
  }

  hostUpdated(): void {
    const { store } = this.#host.app;
    const { goal } = store;
    if (goal === null) return;
    if (!this.#open() || !store.loaded) this.#begin();
    if (!this.#open()) return;
    const frame = `[data-region="${CSS.escape(goal)}"]`;
    const place = this.#host.renderRoot.querySelector<HTMLElement>(frame);
    if (place !== null) this.#reach(goal, place);
    else if (!mayCome(store, performance.now() - this.#since)) this.#forget();
  }

  #begin(): void {
    this.#since = performance.now();
    clearTimeout(this.#timer);
    if (this.#host.app.store.goal === null) return;
    this.#timer = setTimeout(() => this.#host.requestUpdate(), PATIENCE_MS);
  }

  #reach(goal: Place, place: HTMLElement): void {
    this.#reached.add(goal);
    this.#host.app.store.goal = null;
    clearTimeout(this.#timer);
    place.scrollIntoView({ block: 'start', behavior: 'auto' });
    place.focus({ preventScroll: true });
  }

  #forget(): void {
    const { store } = this.#host.app;
    store.goal = null;
    clearTimeout(this.#timer);
    if (store.job === undefined)
      store.say({ level: 'info', message: t('No run is shown. Choose one at the top first.') });
  }
}

/** Whether a place that is not drawn may still come, `ms` after it could: the records of the picked run are on their way. */
export function mayCome({ loaded, detail, job }: Store, ms: number): boolean {
  if (!loaded) return true;
  return detail !== null && job === undefined && ms < PATIENCE_MS;
}
