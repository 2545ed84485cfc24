/**
 * The topics `series:<query>`: each distinct query is asked once a second for all its clients, and only for the steps
 * that can have changed since: the last complete one and the current one. Nobody subscribed, nothing happens.
 */
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

type Outbox = Map<Receiver, SeriesUpdate[]>;

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
      if (wanted) await this.#ask(topic, isDue, outbox);
    }
    for (const [client, series] of outbox) send(client, { series });
  }

  async #ask(topic: Topic, isDue: boolean, outbox: Outbox): Promise<void> {
    for (const [client, need] of topic.clients)
      if (need === 'live' && client.isBehind()) topic.clients.set(client, 'new');
    const { whole, live } = sorted(topic, isDue);
    if (whole.length + live.length === 0) return;
    try {
      const range = whole.length > 0 ? 'whole' : 'tail';
      const answer = await topic.live.ask(this.#reader, range, this.#options.now());
      topic.problem = null;
      const update = live.length > 0 ? topic.live.changes(answer) : null;
      if (live.length > 0 || ![...topic.clients.values()].includes('live'))
        topic.live.remember(answer);
      for (const client of whole) this.#sendWhole(topic, client, answer);
      if (update === null) return;
      for (const client of live)
        if (topic.clients.has(client)) outbox.set(client, [...(outbox.get(client) ?? []), update]);
    } catch (thrown) {
      this.#failed(topic, [...whole, ...live], thrown);
    }
  }

  #sendWhole(topic: Topic, client: Receiver, answer: SeriesUpdate): void {
    // It may have left while the store was asked.
    if (!topic.clients.has(client)) return;
    topic.clients.set(client, 'live');
    send(client, { series: [{ ...answer, reset: true }] });
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
function sorted({ clients }: Topic, isDue: boolean) {
  const whole: Receiver[] = [];
  const live: Receiver[] = [];
  for (const [client, need] of clients) {
    if (client.isBehind()) continue;
    if (need === 'new' || (need === 'told' && isDue)) whole.push(client);
    else if (need === 'live' && isDue) live.push(client);
  }
  return { whole, live };
}

function send(client: Receiver, parts: Pick<RecordsFrame, 'series' | 'series_problems'>): void {
  client.send(JSON.stringify({ ...emptyFrame(client.seq), ...parts }));
}
