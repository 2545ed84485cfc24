/**
 * The hub: every change goes to every client as one frame of the newest states, at most 20 a second. A client that
 * does not keep up gets nothing until it does, then what changed since: states are skipped, memory is not spent.
 * Series and named messages have feeds of their own beside it.
 */
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import type { Touched } from '../core/touched.ts';
import type { Monitor } from '../monitor.ts';
import type { RecordsFrame } from '../protocol/frame.ts';
import {
  type Change,
  FIRST_JOBS,
  addJob,
  addParts,
  changeFrame,
  changedAfter,
  removals,
  stateFrame,
} from './frames.ts';
import { MessageFeed } from './messageFeed.ts';
import type { Receiver } from './receiver.ts';
import { SeriesFeed } from './seriesFeed.ts';
import { Tombstones } from './tombstones.ts';
import { NO_TOPICS, type Topics, addedTopics, topicsKey } from './topics.ts';
import { isMoreThanFirst } from './workerFrames.ts';

/** A client as the hub sees it. */
export interface Client extends Receiver {
  topics: Topics;
}

const CATCH_UP_MS = 250;

type StoredJobs = ReadonlyMap<string, JobState>;

export interface HubOptions {
  /** Epoch milliseconds. */
  now: () => number;
  onUnexpected: (error: unknown) => void;
}

export class Hub {
  readonly #monitor: Monitor;
  readonly #clients = new Set<Client>();
  /** Clients that get no changes until they have been sent what they missed. */
  readonly #behind = new Set<Client>();
  /** Those of them for which it is being put together. */
  readonly #sending = new Set<Client>();
  readonly #tombstones: Tombstones;
  readonly #messages: MessageFeed;
  readonly #series: SeriesFeed;
  #seq: number;
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(monitor: Monitor, options: HubOptions) {
    this.#monitor = monitor;
    this.#seq = monitor.seq;
    this.#tombstones = new Tombstones(monitor.seq);
    this.#messages = new MessageFeed(monitor, options.now);
    this.#series = new SeriesFeed(monitor.series, options);
    this.#stopListening = monitor.onChange((touched, seq) => this.#changed(touched, seq));
    this.#timer = setInterval(() => this.#catchUpAll(), CATCH_UP_MS);
  }

  get epoch(): string {
    return this.#monitor.epoch;
  }

  /** Adds a client with what it knows; `since` null or unknown here means it knows nothing. */
  async add(
    client: Client,
    topics: Topics,
    known: { since: number | null; epoch?: string },
  ): Promise<void> {
    const { since, epoch } = known;
    const resumes = since !== null && epoch === this.epoch && since <= this.#monitor.seq;
    client.topics = topics;
    // Until its first frame it gets nothing: a change sent before would say that it knows all up to there.
    this.#behind.add(client);
    this.#clients.add(client);
    await this.#sendState(client, resumes ? since : null);
    this.#feed(client, client.topics, resumes ? since : null);
  }

  /** Changes what a client sees; what is new to it follows. */
  async setTopics(client: Client, topics: Topics): Promise<void> {
    const before = client.topics;
    client.topics = topics;
    const added = addedTopics(topics, before);
    this.#series.keep(client, topics.series);
    if (!topics.events) this.#messages.remove(client);
    const stored = await this.#storedJobs(added);
    const { seq } = this.#monitor;
    const frame = stateFrame(this.#model, added, { since: 0, seq: Math.min(seq, client.seq) });
    this.#addJobs(frame, added, { since: 0, stored });
    client.send(JSON.stringify(frame));
    this.#feed(client, added, null);
  }

  remove(client: Client): void {
    this.#clients.delete(client);
    this.#behind.delete(client);
    this.#messages.remove(client);
    this.#series.keep(client, NO_TOPICS.series);
    client.topics = NO_TOPICS;
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#timer);
    this.#clients.clear();
    this.#behind.clear();
    this.#messages.close();
    this.#series.close();
  }

  get #model(): Model {
    return this.#monitor.model;
  }

  /** Starts the feeds of those topics that the client still has: it may have left, or changed its mind, meanwhile. */
  #feed(client: Client, topics: Topics, since: number | null): void {
    if (!this.#clients.has(client)) return;
    if (topics.events && client.topics.events) this.#messages.add(client, since);
    for (const query of topics.series)
      if (client.topics.series.has(query)) this.#series.add(client, query);
  }

  #changed(touched: Touched, seq: number): void {
    this.#tombstones.remember(touched, seq);
    const change = { touched, seq, before: this.#seq };
    this.#seq = seq;
    this.#sendChange(change);
    this.#messages.changed(touched, change);
  }

  #sendChange(change: Change): void {
    const texts = new Map<string, string | null>();
    for (const client of this.#clients) {
      if (this.#behind.has(client)) continue;
      if (client.isBehind()) {
        this.#behind.add(client);
        continue;
      }
      const key = topicsKey(client.topics);
      let text = texts.get(key);
      if (text === undefined) {
        const frame = changeFrame(this.#model, client.topics, change);
        text = frame && JSON.stringify(frame);
        texts.set(key, text);
      }
      client.seq = change.seq;
      if (text !== null) client.send(text);
    }
  }

  #catchUpAll(): void {
    for (const client of this.#behind) {
      if (this.#sending.has(client) || client.isBehind()) continue;
      // A client that leaves meanwhile is no longer interested in the answer.
      this.#sendState(client, client.seq).catch(() => this.remove(client));
    }
    this.#messages.catchUpAll();
  }

  /**
   * Everything of the client's topics that changed after `since`, or from nothing, as one frame: half of it, followed
   * by a lost connection, would count as known. From then on the client gets the changes.
   */
  async #sendState(client: Client, since: number | null): Promise<void> {
    this.#sending.add(client);
    try {
      const stored = await this.#storedJobs(client.topics);
      if (!this.#clients.has(client)) return;
      const frame = this.#stateFrame(client.topics, since, stored);
      client.seq = frame.seq;
      client.send(JSON.stringify(frame));
      this.#behind.delete(client);
    } finally {
      this.#sending.delete(client);
    }
  }

  #stateFrame(topics: Topics, known: number | null, stored: StoredJobs): RecordsFrame {
    const { seq } = this.#monitor;
    const remembers = known !== null && this.#tombstones.reachesTo(known);
    const frame = remembers ? stateFrame(this.#model, topics, { since: known, seq }) : null;
    // More than a window starts with has changed: starting anew is less.
    const isTooMuch = frame === null || frame.jobs.length > FIRST_JOBS || isMoreThanFirst(frame);
    const since = isTooMuch ? null : known;
    const chosen =
      frame !== null && since !== null
        ? { ...frame, removed: removals(this.#model, topics, this.#tombstones.since(since)) }
        : { ...stateFrame(this.#model, topics, { since: 0, seq }), reset: true };
    this.#addJobs(chosen, topics, { since: since ?? 0, stored });
    // What was missed of rules and channels is not remembered: whoever was away asks for them again.
    if (known !== null && topics.alerts) chosen.definitions = true;
    return chosen;
  }

  /** The parts of the jobs that have a topic of their own. */
  #addJobs(
    frame: RecordsFrame,
    topics: Topics,
    { since, stored }: { since: number; stored: StoredJobs },
  ): void {
    for (const job_id of topics.jobIds) {
      // It may have come back to memory while its file was read: then that state is the newer one.
      const job = this.#model.jobs.get(job_id) ?? stored.get(job_id);
      if (!job || !changedAfter(job, since)) continue;
      addJob(frame, this.#model, job_id);
      addParts(frame, job, { before: since });
    }
  }

  /** Jobs with a topic of their own that are on disk only. */
  async #storedJobs({ jobIds }: Topics): Promise<StoredJobs> {
    const stored = new Map<string, JobState>();
    for (const job_id of jobIds) {
      if (this.#model.finished.has(job_id)) stored.set(job_id, await this.#monitor.job(job_id));
    }
    return stored;
  }
}
