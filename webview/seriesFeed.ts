import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { SeriesAnswer } from '../service/protocol/series.ts';
import type { App } from './app.ts';
import { messageOf } from '../service/protocol/errors.ts';
import { type SeriesState, WAITING } from './seriesState.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  seen: boolean;
}

/** Of a question that is asked once: a range that does not move. */
interface Asked {
  state: SeriesState;
  abort: AbortController;
}

/**
 * Lines of the series for an element, in the range of the page: live points while the range moves and the element is
 * seen, one question where the range stands still. A question is the query of GET /api/v1/series without its range, such
 * as `metric=cpu_percent&label.source=host&aggregation=avg`.
 */
export class SeriesFeed implements ReactiveController {
  readonly #host: Host;
  readonly #questions: () => readonly string[];
  /** Live topics that are held, by their query, with the function that lets go of each. */
  readonly #held = new Map<string, () => void>();
  readonly #asked = new Map<string, Asked>();
  #unsubscribe: (() => void) | undefined;

  constructor(host: Host, questions: () => readonly string[]) {
    this.#host = host;
    this.#questions = questions;
    host.addController(this);
  }

  hostConnected(): void {
    const { store } = this.#host.app;
    const render = (): void => {
      if (this.#host.seen) this.#host.requestUpdate();
    };
    const stops = [store.subscribe(['series'], render), store.subscribe(['view'], render)];
    this.#unsubscribe = () => stops.forEach((stop) => stop());
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#keep([], []);
  }

  hostUpdate(): void {
    // Unseen: nothing live is held, and what was asked once stays for when it is seen again.
    if (!this.#host.seen) this.#keep([], [...this.#asked.keys()]);
    else {
      const wanted = this.#questions().map((one) => this.#full(one));
      if (this.#host.app.time.live) this.#keep(wanted, []);
      else this.#keep([], wanted);
    }
  }

  /** What is known of a question in the range that is shown. */
  get(question: string): SeriesState {
    const query = this.#full(question);
    const { app } = this.#host;
    if (app.time.live) return app.store.series.get(query) ?? WAITING;
    return this.#asked.get(query)?.state ?? WAITING;
  }

  #full(question: string): string {
    return `${question}&${this.#host.app.time.query()}`;
  }

  #keep(live: readonly string[], once: readonly string[]): void {
    const { session } = this.#host.app;
    for (const [query, release] of this.#held) {
      if (live.includes(query)) continue;
      release();
      this.#held.delete(query);
    }
    for (const query of live)
      if (!this.#held.has(query)) this.#held.set(query, session.want(`series:${query}`));
    for (const [query, { abort }] of this.#asked) {
      if (once.includes(query)) continue;
      abort.abort();
      this.#asked.delete(query);
    }
    for (const query of once) if (!this.#asked.has(query)) this.#ask(query);
  }

  #ask(query: string): void {
    const asked: Asked = { state: WAITING, abort: new AbortController() };
    this.#asked.set(query, asked);
    const done = (state: SeriesState): void => {
      asked.state = state;
      this.#host.requestUpdate();
    };
    this.#host.app.session.get<SeriesAnswer>(`/api/v1/series?${query}`, asked.abort.signal).then(
      (answer) => done({ kind: 'ready', answer }),
      (error: unknown) => {
        if (!asked.abort.signal.aborted) done({ kind: 'none', message: messageOf(error) });
      },
    );
  }
}
