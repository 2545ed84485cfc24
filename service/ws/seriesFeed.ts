/**
 * The topics `series:<query>`: each distinct query is asked once a second for all its clients, and only for the steps
 * that can have changed since: the last complete one and the current one. Nobody subscribed, nothing happens.
 */
import { setImmediate } from 'node:timers/promises';
import type { SeriesReader } from '../series/types.ts';
import type { RecordsFrame, SeriesProblem, SeriesUpdate } from '../protocol/frame.ts';
import { ProductError } from '../protocol/errors.ts';
import { emptyFrame } from './frames.ts';
import { LiveQuery } from './liveQuery.ts';
import type { Receiver } from './receiver.ts';

const EVERY_MS = 1000;

export interface SeriesFeedOptions {
  /** Epoch milliseconds. */
  now: () => number;
  onUnexpected: (error: unknown) => void;
}

/** `new`: needs the whole range. `told`: of a problem, and needs the whole range once it is over. */
type Need = 'new' | 'told' | 'live';

interface Topic {
  live: LiveQuery;
  clients: Map<Receiver, Need>;
  /** What is wrong with it for now. */
  problem: SeriesProblem | null;
}

type Outbox = Map<Receiver, { topic: Topic; update: SeriesUpdate }[]>;

interface Due {
  whole: Receiver[];
  live: Receiver[];
}

interface Round {
  topic: Topic;
  due: Due;
  outbox: Outbox;
}

export class SeriesFeed {
  readonly #reader: SeriesReader;
  readonly #options: SeriesFeedOptions;
  readonly #topics = new Map<string, Topic>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #newcomers = false;

  constructor(reader: SeriesReader, options: SeriesFeedOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** The whole range comes soon, then what changes. The query was checked with the topic. */
  add(client: Receiver, query: string): void {
    let topic = this.#topics.get(query);
    if (!topic) {
      topic = { live: new LiveQuery(query), clients: new Map(), problem: null };
      this.#topics.set(query, topic);
    }
    topic.clients.set(client, 'new');
    this.#timer ??= setInterval(() => this.#work(true), EVERY_MS);
    this.#newcomers = true;
    this.#work(false);
  }

  /** Ends all queries of the client but these. */
  keep(client: Receiver, queries: ReadonlySet<string>): void {
    for (const [query, { clients }] of this.#topics) {
      if (!queries.has(query)) clients.delete(client);
      if (clients.size === 0) this.#topics.delete(query);
    }
    if (this.#topics.size === 0) this.close();
  }

  close(): void {
    this.#topics.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One round at a time: a store that needs longer than a second is asked less often. */
  #work(isDue: boolean): void {
    if (this.#working) return;
    this.#working = this.#round(isDue)
      .catch(this.#options.onUnexpected)
      .finally(() => {
        this.#working = undefined;
        if (this.#newcomers) this.#work(false);
      });
  }

  async #round(isDue: boolean): Promise<void> {
    this.#newcomers = false;
    const outbox: Outbox = new Map();
    for (const topic of [...this.#topics.values()]) {
      const wanted = [...topic.clients].some(([, need]) => isDue || need === 'new');
      if (!wanted) continue;
      await this.#ask(topic, isDue, outbox);
      // Thousands of short questions in a row would hold up everything else.
      await setImmediate();
    }
    for (const [client, updates] of outbox) {
      const series = updates.flatMap(({ topic, update }) =>
        topic.clients.has(client) ? [update] : [],
      );
      if (series.length > 0) send(client, { series });
    }
  }

  async #ask(topic: Topic, isDue: boolean, outbox: Outbox): Promise<void> {
    const due = dueClients(topic, isDue);
    const now = this.#options.now();
    try {
      const isWhole = due.whole.length > 0;
      if (!isWhole && due.live.length === 0) return;
      if (!isWhole && !topic.live.canHaveChanged(this.#reader, now)) return;
      const answer = await topic.live.ask(this.#reader, isWhole ? 'whole' : 'tail', now);
      topic.problem = null;
      tell({ topic, due, outbox }, answer);
    } catch (thrown) {
      this.#failed(topic, [...due.whole, ...due.live], thrown);
    }
  }

  /** Tells each client once, and goes on trying: a metric may have its first point later. */
  #failed(topic: Topic, clients: readonly Receiver[], thrown: unknown): void {
    const isExpected = thrown instanceof ProductError;
    if (!isExpected && topic.problem === null) this.#options.onUnexpected(thrown);
    const { code, message } = isExpected ? thrown : new ProductError('INTERNAL');
    topic.problem = { query: topic.live.text, code, message };
    for (const client of clients) {
      const need = topic.clients.get(client);
      if (need === undefined) continue;
      topic.clients.set(client, 'told');
      if (need !== 'told') send(client, { series_problems: [topic.problem] });
    }
  }
}

/** Who gets what now: newcomers at once, the others when a second is over; nobody who does not read. */
function dueClients({ clients }: Topic, isDue: boolean): Due {
  const due: Due = { whole: [], live: [] };
  for (const [client, need] of clients) {
    // Who misses an update needs the whole range when it reads again.
    if (client.isBehind()) clients.set(client, need === 'live' ? 'new' : need);
    else if (need === 'new' || (need === 'told' && isDue)) due.whole.push(client);
    else if (need === 'live' && isDue) due.live.push(client);
  }
  return due;
}

/** Those who left while the store was asked get nothing. */
function tell({ topic, due, outbox }: Round, answer: SeriesUpdate): void {
  const { live, clients } = topic;
  if (!live.fits(answer)) startAnew(clients);
  const update = due.live.length > 0 ? live.changes(answer) : null;
  const hasOthers = [...clients].some(
    ([client, need]) => need === 'live' && !due.live.includes(client),
  );
  // What is told of the last steps must not be newer than what any client has.
  if (!hasOthers) live.remember(answer);
  for (const client of due.whole) {
    if (!clients.has(client)) continue;
    clients.set(client, 'live');
    send(client, { series: [{ ...answer, reset: true }] });
  }
  if (update === null) return;
  for (const client of due.live) {
    if (clients.get(client) !== 'live') continue;
    const updates = outbox.get(client) ?? [];
    outbox.set(client, [...updates, { topic, update }]);
  }
}

/** Points of other steps do not go together with those that were told. */
function startAnew(clients: Map<Receiver, Need>): void {
  for (const [client, need] of clients) if (need === 'live') clients.set(client, 'new');
}

function send(client: Receiver, parts: Pick<RecordsFrame, 'series' | 'series_problems'>): void {
  client.send(JSON.stringify({ ...emptyFrame(client.seq), ...parts }));
}
