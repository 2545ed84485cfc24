/**
 * The hub: every change goes to every client as one frame of the newest states, at most 20 a second. A client that
 * does not keep up gets nothing until it does, then what changed since: states are skipped, memory is not spent.
 */
import type { Model } from '../core/fold.ts';
import type { Touched } from '../core/touched.ts';
import type { Monitor } from '../monitor.ts';
import { addParts, changeFrame, emptyFrame, removals, stateFrame } from './frames.ts';
import { NO_TOPICS, type Topics, topicsKey } from './topics.ts';

/** A client as the hub sees it. */
export interface Client {
  topics: Topics;
  /** What it knows up to. */
  seq: number;
  /** True while frames would only pile up. */
  isBehind(): boolean;
  send(text: string): void;
}

/** So many removals are remembered for those who come back; who knows less starts from nothing. */
const MAX_TOMBSTONES = 10_000;
const CATCH_UP_MS = 250;

interface Tombstone {
  seq: number;
  job_id?: string;
  alert_id?: string;
}

export class Hub {
  readonly #monitor: Monitor;
  readonly #clients = new Set<Client>();
  readonly #behind = new Set<Client>();
  #tombstones: Tombstone[] = [];
  /** Removals before this entry are no longer known. */
  #tombstonesFrom: number;
  #seq: number;
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(monitor: Monitor) {
    this.#monitor = monitor;
    this.#seq = monitor.seq;
    this.#tombstonesFrom = monitor.seq;
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
    const resumes =
      since !== null &&
      epoch === this.epoch &&
      since >= this.#tombstonesFrom &&
      since <= this.#monitor.seq;
    this.#clients.add(client);
    client.topics = topics;
    await this.#sendState(client, topics, resumes ? since : null);
  }

  /** Changes what a client sees; what is new to it follows. */
  async setTopics(client: Client, topics: Topics): Promise<void> {
    const before = client.topics;
    client.topics = topics;
    const added: Topics = {
      jobs: topics.jobs && !before.jobs,
      alerts: topics.alerts && !before.alerts,
      jobIds: new Set([...topics.jobIds].filter((id) => !before.jobIds.has(id))),
    };
    await this.#sendState(client, added, 0);
  }

  remove(client: Client): void {
    this.#clients.delete(client);
    this.#behind.delete(client);
    client.topics = NO_TOPICS;
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#timer);
    this.#clients.clear();
    this.#behind.clear();
  }

  get #model(): Model {
    return this.#monitor.model;
  }

  #changed(touched: Touched, seq: number): void {
    this.#remember(touched, seq);
    const change = { touched, seq, before: this.#seq };
    this.#seq = seq;
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
      client.seq = seq;
      if (text !== null) client.send(text);
    }
  }

  #remember({ removedJobs, removedAlerts }: Touched, seq: number): void {
    for (const job_id of removedJobs) this.#tombstones.push({ seq, job_id });
    for (const alert_id of removedAlerts) this.#tombstones.push({ seq, alert_id });
    const surplus = this.#tombstones.length - MAX_TOMBSTONES;
    if (surplus <= 0) return;
    this.#tombstonesFrom = this.#tombstones[surplus - 1]?.seq ?? seq;
    this.#tombstones = this.#tombstones.slice(surplus);
  }

  #catchUpAll(): void {
    for (const client of this.#behind) {
      if (client.isBehind()) continue;
      this.#behind.delete(client);
      const since = client.seq >= this.#tombstonesFrom ? client.seq : null;
      // A client that leaves meanwhile is no longer interested in the answer.
      this.#sendState(client, client.topics, since).catch(() => this.remove(client));
    }
  }

  /** Everything of the topics that changed after `since`; null: from nothing. */
  async #sendState(client: Client, topics: Topics, since: number | null): Promise<void> {
    const { seq } = this.#monitor;
    const frame = stateFrame(this.#model, topics, { since: since ?? 0, seq });
    if (since === null) frame.reset = true;
    else if (since > 0) frame.removed = removals(topics, this.#removedAfter(since));
    client.seq = seq;
    client.send(JSON.stringify(frame));
    for (const job_id of topics.jobIds) await this.#sendParts(client, job_id, since ?? 0);
  }

  async #sendParts(client: Client, job_id: string, since: number): Promise<void> {
    const known =
      this.#model.jobs.get(job_id) ??
      (this.#model.finished.has(job_id) ? await this.#monitor.job(job_id) : null);
    if (!known || !client.topics.jobIds.has(job_id)) return;
    if (known.seq <= since) return;
    // The job may have come back to memory while its file was read: then that state is the newer one.
    const job = this.#model.jobs.get(job_id) ?? known;
    const frame = emptyFrame(this.#monitor.seq);
    addParts(frame, job, { before: since });
    client.send(JSON.stringify(frame));
  }

  #removedAfter(since: number): { removedJobs: Set<string>; removedAlerts: Set<string> } {
    const later = this.#tombstones.filter((tombstone) => tombstone.seq > since);
    return {
      removedJobs: new Set(later.flatMap(({ job_id }) => job_id ?? [])),
      removedAlerts: new Set(later.flatMap(({ alert_id }) => alert_id ?? [])),
    };
  }
}
