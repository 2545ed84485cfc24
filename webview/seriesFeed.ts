import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { SeriesAnswer } from '../service/protocol/series.ts';
import type { App } from './app.ts';
import { messageOf, ProductError } from '../service/protocol/errors.ts';
import { problem, type SeriesState, WAITING } from './seriesState.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  seen: boolean;
}

/** A question that is asked by GET: once where the range stands still, else again and again. */
interface Asked {
  state: SeriesState;
  abort: AbortController | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Between two questions for a line that the service does not follow for us. */
const POLL_MS = 5_000;

/**
 * Lines of the series for an element, in the range of the page: live points while the range moves and the element is
 * seen (asked for again and again where the service follows no more series), one question where the range stands still.
 * A question is the query of GET /api/v1/series without its range, such as
 * `metric=cpu_percent&label.source=host&aggregation=avg`.
 */
export class SeriesFeed implements ReactiveController {
  readonly #host: Host;
  readonly #questions: () => readonly string[];
  /** Live topics that are held, by their query, with the function that lets go of each. */
  readonly #held = new Map<string, () => void>();
  readonly #asked = new Map<string, Asked>();
  /** What was known of live topics when the element was last seen. */
  readonly #last = new Map<string, SeriesState>();
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
    this.#unsubscribe = store.subscribe(['series', 'view'], render);
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#follow([]);
    this.#ask([]);
    this.#last.clear();
  }

  hostUpdate(): void {
    if (this.#host.seen) this.#look();
    else this.#rest();
  }

  /** What is known of a question in the range that is shown. */
  get(question: string): SeriesState {
    const query = this.#full(question);
    const live = this.#held.has(query) ? this.#host.app.store.series.get(query) : undefined;
    return live ?? this.#asked.get(query)?.state ?? this.#last.get(query) ?? WAITING;
  }

  #full(question: string): string {
    return `${question}&${this.#host.app.time.query()}`;
  }

  #look(): void {
    const wanted = [...new Set(this.#questions().map((one) => this.#full(one)))];
    const live = this.#host.app.time.live ? this.#follow(wanted) : this.#follow([]);
    this.#ask(wanted.filter((query) => !live.has(query)));
    for (const query of this.#last.keys()) if (!wanted.includes(query)) this.#last.delete(query);
  }

  /** Unseen nothing is held and nothing asked; what is known stays for when it is seen again. */
  #rest(): void {
    const { series } = this.#host.app.store;
    for (const query of this.#held.keys()) {
      const state = series.get(query);
      if (state !== undefined) this.#last.set(query, state);
    }
    this.#follow([]);
    for (const one of this.#asked.values()) cancel(one);
  }

  /** Holds the live topics of these queries, and answers which the service follows. */
  #follow(queries: readonly string[]): ReadonlySet<string> {
    const { session } = this.#host.app;
    for (const [query, release] of this.#held) {
      if (queries.includes(query) && session.follows(query)) continue;
      release();
      this.#held.delete(query);
    }
    for (const query of queries) {
      const release = this.#held.has(query) ? null : session.wantSeries(query);
      if (release !== null) this.#held.set(query, release);
    }
    return new Set(this.#held.keys());
  }

  /** Asks for what is not known, and forgets what is not wanted any more. */
  #ask(queries: readonly string[]): void {
    for (const [query, one] of this.#asked) {
      if (queries.includes(query)) continue;
      cancel(one);
      this.#asked.delete(query);
    }
    const { live } = this.#host.app.time;
    for (const query of queries) {
      const known = this.#asked.get(query);
      if (known === undefined) this.#get(query);
      else if (known.abort === undefined && known.timer === undefined)
        if (live || known.state.kind === 'waiting') this.#get(query, known.state);
    }
  }

  #get(query: string, state: SeriesState = WAITING): void {
    const abort = new AbortController();
    const asked: Asked = { state, abort, timer: undefined };
    this.#asked.set(query, asked);
    const done = (answer: SeriesState): void => {
      if (abort.signal.aborted) return;
      Object.assign(asked, { state: answer, abort: undefined });
      this.#again(asked);
      this.#host.requestUpdate();
    };
    this.#host.app.session.get<SeriesAnswer>(`/api/v1/series?${query}`, abort.signal).then(
      (answer) => done({ kind: 'ready', answer }),
      (error: unknown) => done(whyNone(query, error)),
    );
  }

  /** In a moving range the answer is soon old: the next rendering then asks anew. */
  #again(asked: Asked): void {
    if (!this.#host.app.time.live) return;
    asked.timer = setTimeout(() => {
      asked.timer = undefined;
      if (this.#host.seen) this.#host.requestUpdate();
    }, POLL_MS);
  }
}

function whyNone(query: string, error: unknown): SeriesState {
  const message = messageOf(error);
  return error instanceof ProductError
    ? problem({ query, code: error.code, message })
    : { kind: 'none', message };
}

function cancel(asked: Asked): void {
  clearTimeout(asked.timer);
  asked.abort?.abort();
  asked.timer = asked.abort = undefined;
}
