/**
 * The topic `events`: named messages for other programs, out of what changed, at most 20 times a second. Each program has
 * a place in the history up to which it was told; who does not keep up is told the newest states later.
 */
import { findJob } from '../core/list.ts';
import type { Model } from '../core/fold.ts';
import type { Touched } from '../core/touched.ts';
import type { Monitor } from '../monitor.ts';
import { DashboardPulse, dashboardState } from './dashboardPulse.ts';
import { JobNews, type Span } from './jobNews.ts';
import {
  type FindJob,
  type MessageGroup,
  messageGroups,
  messageText,
  subjectsSince,
  touchedSubjects,
} from './messageList.ts';
import type { Receiver } from './receiver.ts';

export class MessageFeed {
  readonly #monitor: Monitor;
  readonly #now: () => number;
  /** Client -> entry up to which it was told. */
  readonly #told = new Map<Receiver, number>();
  readonly #pulse: DashboardPulse;
  /** From the first program on: comparing costs, and most services have none. */
  #news: JobNews | null = null;
  /** Last entry of the last change. */
  #seq: number;

  constructor(monitor: Monitor, now: () => number) {
    this.#monitor = monitor;
    this.#now = now;
    this.#seq = monitor.seq;
    this.#pulse = new DashboardPulse(() => this.#sendDashboard([...this.#told.keys()]));
  }

  /** `since` null: only what is new from now on. */
  add(client: Receiver, since: number | null): void {
    if (this.#told.has(client)) return;
    this.#news ??= new JobNews(this.#model);
    this.#told.set(client, since ?? this.#seq);
    this.#sendDashboard([client]);
    this.#catchUp(client);
  }

  remove(client: Receiver): void {
    this.#told.delete(client);
    if (this.#told.size === 0) this.#pulse.rest();
  }

  changed(touched: Touched, span: Span): void {
    this.#seq = span.seq;
    if (this.#news === null) return;
    const find = rememberedJobs(this.#model);
    const noted = this.#news.note(touched, span, find);
    if (this.#told.size === 0) return;
    let groups: MessageGroup[] | undefined;
    for (const [client, told] of this.#told) {
      if (told !== span.before) continue;
      const news = this.#news.since(span.before);
      const model = this.#model;
      const subjects = touchedSubjects(touched, noted, { news, model, before: span.before });
      groups ??= messageGroups(this.#model, subjects, find);
      this.#deliver(client, groups, span.seq);
    }
    this.#pulse.changed();
  }

  /** Tells those who did not keep up, as far as they do now. */
  catchUpAll(): void {
    for (const client of this.#told.keys()) this.#catchUp(client);
  }

  close(): void {
    this.#told.clear();
    this.#pulse.rest();
  }

  get #model(): Model {
    return this.#monitor.model;
  }

  #sendDashboard(clients: readonly Receiver[]): void {
    const reading = clients.filter((client) => !client.isBehind());
    if (reading.length === 0) return;
    const data = dashboardState(this.#model, this.#now());
    for (const client of reading)
      client.send(messageText({ type: 'DashboardUpdate', data }, this.#told.get(client) ?? 0));
  }

  #catchUp(client: Receiver): void {
    const seq = this.#seq;
    const told = this.#told.get(client) ?? seq;
    if (told >= seq || client.isBehind()) return;
    const subjects = subjectsSince(this.#model, told, this.#news?.since(told) ?? []);
    const groups = messageGroups(this.#model, subjects, rememberedJobs(this.#model));
    // What changed again since the last change comes with the next one.
    this.#deliver(
      client,
      groups.filter((group) => group.seq <= seq),
      seq,
    );
  }

  #deliver(client: Receiver, groups: readonly MessageGroup[], seq: number): void {
    for (const group of groups) {
      if (client.isBehind()) return;
      for (const text of group.texts) client.send(text);
      this.#told.set(client, group.seq);
    }
    this.#told.set(client, seq);
  }
}

/** Each job's record is made once. */
function rememberedJobs(model: Model): FindJob {
  const records = new Map<string, ReturnType<FindJob>>();
  return (id) => {
    let record = records.get(id);
    if (record === undefined) records.set(id, (record = findJob(model, id)));
    return record;
  };
}
