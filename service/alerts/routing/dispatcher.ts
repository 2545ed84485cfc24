/**
 * The dispatcher: decides who is told of each change of an alert, and says so as events. It looks when something changed and
 * every second. What it decides from follows from the journal, so a restart goes on where it was: what was not routed yet is
 * routed then, and the ids are the same.
 *
 * What a silence, an active failure of the same job or quiet hours hold back is looked at again when that ends: where the
 * change is still the alert's latest, it is told then, as if it had just come (`alert.routed` says it once more, with the
 * channels for which the outcome is another). The same holds for a window in its cool-down, which has no digest.
 */
import type { Logger } from 'pino';
import type { Model } from '../../core/fold.ts';
import type { AlertState } from '../../core/model.ts';
import type { Touched } from '../../core/touched.ts';
import type { Alerting } from '../../protocol/alerting.ts';
import type { Channel } from '../../protocol/channel.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { Event } from '../../protocol/event.ts';
import type { Rule } from '../../protocol/rule.ts';
import { Desk, digestOf } from './desk.ts';
import { isQuiet } from './quietHours.ts';
import type { SilenceBook } from './silences.ts';
import { ACK_OVER, changesOf, unroutedChanges } from './subject.ts';
import { ToldIndex } from './told.ts';
import type { World } from './world.ts';

export interface DispatcherParts {
  model: Model;
  alerting: () => Alerting;
  channels: { readonly channels: readonly Channel[] };
  rules: { rule: (rule_id: string) => Rule | undefined };
  silences: SilenceBook;
  /** Epoch milliseconds that never run back. */
  now: () => number;
  /** Stores events; they are in the model when it resolves. */
  append: (events: readonly Event[]) => Promise<unknown>;
  logger: Logger;
}

/** Nobody is told of what happened longer ago: a late event about the past, or a history of before. */
const PAST_MS = 86_400_000;
/** More alerts are not routed in one pass. */
const A_PASS = 500;
const TICK_MS = 1000;
const HELD: ReadonlySet<string> = new Set(['silenced', 'inhibited', 'quiet_hours']);

export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #told = new ToldIndex();
  /** Alerts that may have changes nobody has decided on. */
  readonly #todo = new Set<string>();
  /** Those to be looked at again: held back, acknowledged for a time, flapping. */
  readonly #held = new Set<string>();
  readonly #expiring = new Set<string>();
  readonly #flapping = new Set<string>();
  /** What held back what is held: when it is another, all of it is looked at again. */
  #mutes = '';
  #timer: NodeJS.Timeout | undefined;
  #busy: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Takes note of what is there at the start, and decides what was left. */
  begin(): void {
    this.#note(this.#parts.model.alerts.keys());
    this.#run();
  }

  /** To be called with what changed. */
  changed(touched: Touched): void {
    for (const id of touched.removedAlerts) this.#forget(id);
    this.#note(touched.alerts);
    if (this.#todo.size > 0 || touched.definitions.size > 0) this.#run();
  }

  /** To be called every second. */
  tick(): void {
    this.#run();
  }

  /** What is being said is said; nothing new is. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#busy;
  }

  #note(ids: Iterable<string>): void {
    const { alerts } = this.#parts.model;
    for (const id of ids) {
      const alert = alerts.get(id);
      if (!alert || alert.cleared) {
        this.#forget(id);
        continue;
      }
      this.#told.note(alert);
      this.#todo.add(id);
      put(this.#held, id, heldChannels(alert).length > 0);
      put(this.#expiring, id, alert.acknowledged?.until !== undefined);
      put(this.#flapping, id, alert.routed?.flapping === true);
    }
  }

  #forget(id: string): void {
    this.#told.forget(id);
    for (const ids of [this.#todo, this.#held, this.#expiring, this.#flapping]) ids.delete(id);
  }

  #run(): void {
    if (this.#closed) return;
    this.#again = this.#busy !== null;
    if (this.#again) return;
    const taken = [...this.#todo].slice(0, A_PASS);
    for (const id of taken) this.#todo.delete(id);
    const events = this.#pass(taken);
    if (events.length > 0) this.#busy = this.#say(events, taken);
    else if (this.#todo.size > 0) this.#run();
    else this.#wait();
  }

  /** Never rejects. */
  async #say(events: readonly Event[], taken: readonly string[]): Promise<void> {
    try {
      await this.#parts.append(events);
      // They are in the model now: the next pass builds on them.
      this.#note(events.flatMap((event) => ('alert_id' in event ? event.alert_id : [])));
      this.#again ||= this.#todo.size > 0;
    } catch (error) {
      for (const id of taken) this.#todo.add(id);
      this.#mutes = '';
      if (this.#closed) return;
      this.#parts.logger.warn(
        `Could not store ${events.length} events about who is told of alerts, trying again: ${messageOf(error)}`,
      );
      this.#again = false;
    } finally {
      this.#busy = null;
    }
    if (this.#again) this.#run();
    else this.#wait();
  }

  /** Until the next notification is to be made, where that is sooner than the next tick. */
  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const due = [...this.#parts.model.domain.gatherings.rows.values()].map(({ due_at }) => due_at);
    const wait = due.reduce((least, one) => Math.min(least, one), Infinity) - this.#parts.now();
    if (wait < TICK_MS) this.#timer = setTimeout(() => this.#run(), Math.max(20, wait));
  }

  #pass(taken: readonly string[]): Event[] {
    const world = this.#world();
    const desk = new Desk(world);
    const { now } = world;
    const routed = new Set<string>();
    for (const alert of this.#alertsOf(taken)) {
      for (const change of unroutedChanges(alert)) {
        if (change.time <= now - PAST_MS) continue;
        desk.route(alert, change);
        routed.add(alert.alert_id);
      }
    }
    this.#lookAgain(desk, world, routed);
    desk.makeDue();
    return [...this.#overdue(now), ...desk.events];
  }

  #world(): World {
    const { model, channels, rules, silences, alerting, now } = this.#parts;
    const at = now();
    return {
      ...{ now: at, alerts: model.alerts, alertsOfJob: model.alertsOfJob },
      channels: channels.channels,
      rule: (id) => rules.rule(id),
      silences: silences.activeAt(at),
      alerting: alerting(),
      notifications: model.domain.notifications.rows,
      gatherings: model.domain.gatherings.rows,
      told: (subject, channel_id) => this.#told.get(subject, channel_id),
    };
  }

  /** What was held back, and those that flapped. Changes that are routed in this pass are not decided twice. */
  #lookAgain(desk: Desk, world: World, routed: ReadonlySet<string>): void {
    const isOther = this.#mutesChanged(world);
    for (const alert of this.#alertsOf(this.#held)) {
      const change = changesOf(alert).at(-1);
      if (!change || routed.has(alert.alert_id) || change.of !== alert.routed?.of) continue;
      const held = heldChannels(alert).filter(
        ({ outcome, due_at = 0 }) =>
          (isOther && HELD.has(outcome)) ||
          outcome === 'inhibited' ||
          (outcome === 'digest' && due_at <= world.now),
      );
      if (held.length > 0)
        desk.again(
          alert,
          change,
          held.map(({ channel_id }) => channel_id),
        );
    }
    for (const alert of this.#alertsOf(this.#flapping)) {
      const change = changesOf(alert).at(-1);
      if (!routed.has(alert.alert_id) && change && change.of === alert.routed?.of)
        desk.calm(alert, change);
    }
  }

  /** Silences and quiet hours that began or ended. */
  #mutesChanged({ silences, alerting, now, channels }: World): boolean {
    const quiet = alerting.quiet_hours.map((hours) => isQuiet([hours], now, 'INFO'));
    const mutes = JSON.stringify([silences, quiet, channels.map(({ enabled }) => enabled)]);
    const isOther = mutes !== this.#mutes;
    this.#mutes = mutes;
    return isOther;
  }

  /** Acknowledgements whose time is over while the alert is active: it is said once, and the alert is told again. */
  #overdue(now: number): Event[] {
    return this.#alertsOf(this.#expiring).flatMap(({ alert_id, acknowledged, resolved }) => {
      if (acknowledged?.until === undefined || acknowledged.until > now || resolved) return [];
      return {
        type: 'alert.unacknowledged' as const,
        id: `${ACK_OVER}${digestOf([alert_id, acknowledged.id])}`,
        ...{ time: now, alert_id, reason: 'The time of the acknowledgement is over.' },
      };
    });
  }

  #alertsOf(ids: Iterable<string>): AlertState[] {
    return [...ids].flatMap((id) => this.#parts.model.alerts.get(id) ?? []);
  }
}

/** What may be decided otherwise later. */
function heldChannels({ routes, routed }: AlertState) {
  return routes.filter(
    ({ of, outcome, notification_id }) =>
      of === routed?.of &&
      (HELD.has(outcome) || (outcome === 'digest' && notification_id === undefined)),
  );
}

function put(ids: Set<string>, id: string, isIn: boolean): void {
  if (isIn) ids.add(id);
  else ids.delete(id);
}
