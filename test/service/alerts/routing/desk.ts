/** A model with its dispatcher, without disk: what the dispatcher says is folded at once, as the service does. */
import { pino } from 'pino';
import { Dispatcher } from '../../../../service/alerts/routing/dispatcher.ts';
import { SilenceBook } from '../../../../service/alerts/routing/silences.ts';
import { Model } from '../../../../service/core/fold.ts';
import type { Gathering, OutboxRow } from '../../../../service/core/domain/notification.ts';
import { newTouched } from '../../../../service/core/touched.ts';
import { ALERTING_DEFAULTS, type Alerting } from '../../../../service/protocol/alerting.ts';
import type { Channel } from '../../../../service/protocol/channel.ts';
import type { Event, EventOf } from '../../../../service/protocol/event.ts';
import type { Rule } from '../../../../service/protocol/rule.ts';
import type { Routed } from '../../../../service/protocol/notification.ts';

export const T0 = Date.parse('2026-03-02T10:00:00Z');

export const channel = (channel_id: string, more: Partial<Channel> = {}): Channel =>
  ({
    ...{ channel_id, name: channel_id, enabled: true, min_severity: 'INFO', rules: null },
    ...{ send_resolved: true, kind: 'log', settings: {} },
    ...more,
  }) as Channel;

export class Post {
  model = new Model();
  readonly events: Event[] = [];
  now = T0;
  channels: Channel[];
  alerting: Alerting;
  rules = new Map<string, Rule>();
  /** What the storage does with the next events: refuse them all, or keep so many and then crash. */
  refuse = false;
  keep = Infinity;
  crashed = false;
  #dispatcher: Dispatcher;
  #silences: SilenceBook;
  #ids = new Set<string>();
  #seq = 0;
  #n = 0;
  #touched = newTouched();

  constructor(channels: Channel[] = [channel('ops')], alerting: Partial<Alerting> = {}) {
    this.channels = channels;
    this.alerting = { ...ALERTING_DEFAULTS, ...alerting };
    this.#silences = new SilenceBook(this.model.domain.definitions);
    this.#dispatcher = this.#newDispatcher();
  }

  #newDispatcher(): Dispatcher {
    const silences = this.#silences;
    return new Dispatcher({
      model: this.model,
      alerting: () => this.alerting,
      channels: this,
      rules: { rule: (id) => this.rules.get(id) },
      silences,
      now: () => this.now,
      append: (events) => this.#append(events),
      logger: pino({ level: 'silent' }),
    });
  }

  async #append(events: readonly Event[]): Promise<void> {
    await Promise.resolve();
    if (this.crashed) throw new Error('it is dead');
    if (this.refuse) throw new Error('the disk is full');
    for (const event of events) {
      if (this.keep <= 0) {
        this.crashed = true;
        throw new Error('it is dead');
      }
      this.keep--;
      this.#fold(event);
    }
  }

  #fold(event: Event): void {
    if (this.#ids.has(event.id)) return;
    this.#ids.add(event.id);
    this.events.push(event);
    this.model.apply({ seq: ++this.#seq, received_at: this.now, event }, this.#touched);
  }

  /** Events from elsewhere; the dispatcher sees them with the next look. */
  say(...events: object[]): void {
    for (const event of events)
      this.#fold({ id: `e${this.#n++}`, time: this.now, ...event } as Event);
  }

  raise(id: string, more: object = {}): void {
    const raised = { title: `${id} is bad`, severity: 'ERROR', component: 'phase' };
    this.say({ type: 'alert.raised', id, ...raised, ...more });
  }

  resolve(alert_id: string): void {
    this.say({ type: 'alert.resolved', alert_id });
  }

  reopen(alert_id: string): void {
    this.say({ type: 'alert.reopened', alert_id });
  }

  define(of: string, key: string, value: object | null): void {
    const held = this.model.domain.definitions.get(`${of}/${key}`)?.revision ?? 0;
    this.say({ type: 'definition.changed', of, key, revision: held + 1, value });
  }

  /** What changed is routed, as at a flush. */
  async look(): Promise<void> {
    const touched = this.#touched;
    this.#touched = newTouched();
    this.#silences.refresh();
    this.#dispatcher.changed(touched);
    await settled();
  }

  /** Lets time pass, with a tick each second. */
  async pass(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end;) {
      this.now = Math.min(end, this.now + 1000);
      this.#dispatcher.tick();
      await settled();
      await this.look();
    }
  }

  /** A new process: everything is folded anew from the journal. */
  async restart(): Promise<void> {
    await this.#dispatcher.close();
    this.crashed = false;
    this.keep = Infinity;
    this.refuse = false;
    this.model = new Model();
    this.#touched = newTouched();
    this.events.forEach((event, n) =>
      this.model.apply({ seq: n + 1, received_at: this.now, event }, this.#touched),
    );
    this.#silences = new SilenceBook(this.model.domain.definitions);
    this.#dispatcher = this.#newDispatcher();
    this.#dispatcher.begin();
    await settled();
    await this.look();
  }

  close(): Promise<void> {
    return this.#dispatcher.close();
  }

  of<T extends Event['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event) => event.type === type) as EventOf<T>[];
  }

  get notifications(): OutboxRow[] {
    return [...this.model.domain.notifications.rows.values()];
  }

  get gatherings(): Gathering[] {
    return [...this.model.domain.gatherings.rows.values()];
  }

  /** What became of the latest change of the alert, by channel. */
  outcome(alert_id: string, channel_id = 'ops'): Routed | undefined {
    const said = this.of('alert.routed').filter((one) => one.alert_id === alert_id);
    return said
      .flatMap(({ outcomes }) => outcomes)
      .findLast((one) => one.channel_id === channel_id);
  }

  told(channel_id = 'ops'): string[] {
    return this.notifications
      .filter((row) => row.channel_id === channel_id)
      .map(({ content }) => `${content.kind}: ${content.summary}`);
  }
}

async function settled(): Promise<void> {
  for (let n = 0; n < 12; n++) await Promise.resolve();
}
