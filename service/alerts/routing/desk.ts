/**
 * One pass over what is to be routed. It decides from the world as it is and what the pass itself has decided, and says all of
 * it as events: the same world gives the same events with the same ids, so a pass that was cut off can be made again. Pure.
 */
import { createHash } from 'node:crypto';
import { ruleOf } from '../../core/alertView.ts';
import { type Gathering, MAX_GATHERINGS } from '../../core/domain/notification.ts';
import { routeOf } from '../../core/fold/alert.ts';
import type { AlertState } from '../../core/model.ts';
import { timeText } from '../../core/view.ts';
import type { Channel } from '../../protocol/channel.ts';
import { type Event, OWN_ID } from '../../protocol/event.ts';
import type { DigestReason, FilterReason } from '../../protocol/notification.ts';
import type { Rule } from '../../protocol/rule.ts';
import { Books, RATE_MS } from './books.ts';
import { contentOf } from './content.ts';
import { filteredBy, mutedBy } from './mutes.ts';
import { ACK_OVER, type AlertChange, changesOf, subjectOf } from './subject.ts';
import type { Outcome, Told, World } from './world.ts';

/** A channel that has so many to send gets no more than a digest: the outbox stays bounded while it is dead. */
export const MAX_WAITING = 50;
/** An alert keeps 64 of its changes. */
const MAX_FLAP_CHANGES = 60;

interface Asked {
  alert: AlertState;
  change: AlertChange;
  rule: Rule | undefined;
  subject: string;
  flapping: boolean;
}

interface Reason {
  reason: DigestReason;
  due_at: number;
}

export class Desk {
  readonly events: Event[] = [];
  readonly #world: World;
  readonly #books: Books;
  /** Alert -> time of its latest word of routing. */
  readonly #routedAt = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.#books = new Books(world);
  }

  /** Decides on a change for every channel. */
  route(alert: AlertState, change: AlertChange): void {
    const asked = this.#asked(alert, change);
    const muted = mutedBy(alert, this.#world);
    const outcomes = this.#world.channels.map((channel) => ({
      channel_id: channel.channel_id,
      ...this.#decide(asked, channel, muted),
    }));
    this.#say(asked, outcomes);
  }

  /** Decides anew for those channels: what held them back may be over. Says only what is different. */
  again(alert: AlertState, change: AlertChange, channelIds: readonly string[]): void {
    const asked = this.#asked(alert, change);
    const muted = mutedBy(alert, this.#world);
    const outcomes = this.#world.channels.flatMap((channel) => {
      const { channel_id } = channel;
      if (!channelIds.includes(channel_id)) return [];
      const outcome = this.#decide(asked, channel, muted);
      const held = routeOf(alert.routes, channel_id);
      const isSame = held?.outcome === outcome.outcome && held.reason === outcome.reason;
      return isSame ? [] : [{ channel_id, ...outcome }];
    });
    if (outcomes.length > 0) this.#say(asked, outcomes);
  }

  /** Says that it no longer comes and goes, where that is so. */
  calm(alert: AlertState, change: AlertChange): void {
    const asked = this.#asked(alert, change);
    if (!asked.flapping) this.#say(asked, []);
  }

  /** Makes the notifications whose time has come. A dead channel's digest goes on gathering until it has caught up. */
  makeDue(): void {
    const { now, channels } = this.#world;
    const { recent } = this.#books;
    const known = new Set(channels.map(({ channel_id }) => channel_id));
    const mayBeMade = ({ kind, channel_id }: Gathering) =>
      kind === 'group' || recent.waiting(channel_id) < MAX_WAITING || !known.has(channel_id);
    for (const row of this.#books.takeDue(now, mayBeMade)) {
      const { notification_id, channel_id } = row;
      recent.add(channel_id);
      this.events.push({
        ...{ type: 'notification.queued', id: notification_id, time: now },
        ...{ notification_id, channel_id, content: contentOf(row, this.#world) },
      });
    }
  }

  #asked(alert: AlertState, change: AlertChange): Asked {
    const id = ruleOf(alert.alert_id);
    return {
      ...{ alert, change, flapping: this.#isFlapping(alert, change) },
      rule: id === null ? undefined : this.#world.rule(id),
      subject: subjectOf(alert) ?? alert.alert_id,
    };
  }

  #isFlapping(alert: AlertState, change: AlertChange): boolean {
    const { now, alerting } = this.#world;
    const { reopen_ms, flap_changes } = alerting;
    const near = changesOf(alert).filter(
      ({ time, of }) => !of.startsWith(ACK_OVER) && time <= change.time && time > now - reopen_ms,
    );
    return near.length >= Math.min(flap_changes, MAX_FLAP_CHANGES);
  }

  #decide(asked: Asked, channel: Channel, muted: Outcome | null): Outcome {
    const { alert, change, rule } = asked;
    const filter = filteredBy(alert, change, channel, rule);
    if (filter !== null) return { outcome: 'filtered', reason: filter };
    if (change.kind === 'resolved') {
      const told = this.#books.toldOf(alert, channel.channel_id);
      if (told === undefined || windowMissed(alert, channel))
        return { outcome: 'filtered', reason: 'not_told' satisfies FilterReason };
      const joined = this.#join(asked, told, 'cooldown');
      if (joined) return joined;
    }
    return muted ?? this.#heldBack(asked, channel) ?? this.#queue(asked, channel);
  }

  /** What waits to be made tells it as it is by then. */
  #join({ alert }: Asked, told: Told | undefined, reason: DigestReason): Outcome | null {
    const open = this.#books.open(told, alert.alert_id);
    if (!open) return null;
    const { notification_id, due_at, kind } = open;
    return kind === 'group'
      ? { outcome: 'queued', notification_id, due_at }
      : { outcome: 'digest', reason, notification_id, due_at };
  }

  /** Told too often, or too much: it goes into the channel's next digest. */
  #heldBack(asked: Asked, channel: Channel): Outcome | null {
    const { now, alerting } = this.#world;
    const cooldown = asked.rule?.cooldown_ms ?? alerting.cooldown_ms;
    // A person in front of a window sees each run; what is held back there is the same alert that comes and goes.
    const subject = channel.kind === 'vscode' ? asked.alert.alert_id : asked.subject;
    const last = this.#books.lastTold(asked.alert, subject, channel.channel_id);
    if (asked.flapping && last !== undefined) {
      const due_at = now + Math.max(cooldown, alerting.reopen_ms);
      return this.#holdBack(asked, channel, last, { reason: 'flapping', due_at });
    }
    if (asked.change.kind === 'raised' && last && now < last.at + cooldown) {
      const due_at = last.at + cooldown;
      return this.#holdBack(asked, channel, last, { reason: 'cooldown', due_at });
    }
    return channel.kind === 'vscode' ? null : this.#tooMuch(asked, channel);
  }

  #holdBack(asked: Asked, channel: Channel, last: Told, why: Reason): Outcome {
    return this.#join(asked, last, why.reason) ?? this.#digest(asked, channel, why);
  }

  #tooMuch(asked: Asked, channel: Channel): Outcome | null {
    const { now, alerting } = this.#world;
    const { channel_id } = channel;
    const { recent } = this.#books;
    const due_at = now + RATE_MS;
    if (recent.waiting(channel_id) >= MAX_WAITING)
      return this.#digest(asked, channel, { reason: 'backlog', due_at });
    if (this.#openGroup(asked, channel)) return null;
    const made = recent.made(channel_id) + this.#books.groups(channel_id);
    if (made < alerting.rate_per_minute && this.#books.size < MAX_GATHERINGS / 2) return null;
    return this.#digest(asked, channel, { reason: 'rate', due_at });
  }

  #digest({ change }: Asked, channel: Channel, { reason, due_at }: Reason): Outcome {
    // Windows have no digest: they are told when the time is over, if it still holds.
    if (channel.kind === 'vscode') return { outcome: 'digest', reason, due_at };
    const open = this.#books.digestOf(channel.channel_id);
    const notification_id = open?.notification_id ?? idOf(channel, change);
    return { outcome: 'digest', reason, notification_id, due_at };
  }

  #queue(asked: Asked, channel: Channel): Outcome {
    if (channel.kind === 'vscode') return { outcome: 'queued' };
    const open = this.#openGroup(asked, channel);
    if (open)
      return { outcome: 'queued', notification_id: open.notification_id, due_at: open.due_at };
    const due_at = this.#world.now + this.#waitOf(asked, channel);
    return { outcome: 'queued', notification_id: idOf(channel, asked.change), due_at };
  }

  /** Alerts of one job come together; in mails that are sent every so often, all. */
  #waitOf({ alert }: Asked, channel: Channel): number {
    const { group_wait_ms } = this.#world.alerting;
    return mailMs(channel) || (alert.raised?.job_id === undefined ? 0 : group_wait_ms);
  }

  #openGroup({ alert }: Asked, channel: Channel): Gathering | undefined {
    const { channel_id } = channel;
    if (mailMs(channel) > 0) return this.#books.groupOf(channel_id, null);
    const job_id = alert.raised?.job_id;
    return job_id === undefined ? undefined : this.#books.groupOf(channel_id, job_id);
  }

  #say(asked: Asked, outcomes: readonly ({ channel_id: string } & Outcome)[]): void {
    const { alert, change, subject, flapping } = asked;
    const { alert_id, routed } = alert;
    const before = this.#routedAt.get(alert_id) ?? routed?.time ?? 0;
    // Of what is said of one alert, the later word has the later time.
    const time = Math.max(this.#world.now, before + 1);
    const said = outcomes.map(({ due_at, ...outcome }) => ({
      ...outcome,
      ...(due_at !== undefined && { due_at: timeText(due_at) }),
    }));
    // It may be said again of the same change: then after another word.
    const id = `${OWN_ID}routed:${digestOf([alert_id, change.of, String(before)])}`;
    this.events.push({
      ...{ type: 'alert.routed', id, time, alert_id, of: change.of, outcomes: said, flapping },
    });
    this.#routedAt.set(alert_id, time);
    for (const one of outcomes) {
      const { channel_id, outcome, due_at, notification_id = null } = one;
      if (outcome !== 'queued' && (outcome !== 'digest' || notification_id === null)) continue;
      const gathered = { channel_id, outcome, alert_id, time };
      this.#books.note(
        subject,
        { at: due_at ?? time, notification_id },
        { ...gathered, ...(due_at !== undefined && { due_at: timeText(due_at) }) },
      );
    }
  }
}

/** What a window was not told has no end for it either. */
function windowMissed(alert: AlertState, channel: Channel): boolean {
  const before = routeOf(alert.routes, channel.channel_id);
  return channel.kind === 'vscode' && before !== undefined && before.outcome !== 'queued';
}

/** How long a mail gathers; 0 for other channels. */
function mailMs(channel: Channel): number {
  return channel.kind === 'email' ? channel.settings.digest_minutes * 60_000 : 0;
}

/** The same change makes the same notification for a channel, however often it is decided. */
function idOf({ channel_id }: Channel, { of }: AlertChange): string {
  return `${OWN_ID}ntf:${digestOf([channel_id, of])}`;
}

/** Short, and the same for the same parts. */
export function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
