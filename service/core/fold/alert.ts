/**
 * The life of an alert: raised, acknowledged, resolved, reopened, told. Everything in its state is a function of the set of
 * its events: late, repeated and shuffled ones give the same alert.
 */
import type { AlertEvent, Entry, EventOf } from '../../protocol/event.ts';
import type { AckMark, AlertState, LifeMark, Route } from '../model.ts';

type AlertFold = AlertEvent | EventOf<'alert.imported'>;

/** More marks than this are not kept: an alert that came and went a thousand times shows how it is now. */
export const MAX_LIFE_MARKS = 64;
const MAX_ACK_MARKS = 32;
/** Channels whose outcome is remembered; there are fewer by far. */
const MAX_ROUTES = 500;

export function alertIdOf(event: AlertFold): string {
  return event.type === 'alert.raised' ? event.id : event.alert_id;
}

export function newAlert(alert_id: string): AlertState {
  return {
    alert_id,
    raised: null,
    acknowledged: null,
    resolved: null,
    reopened: null,
    reopened_count: 0,
    cleared: false,
    imported: false,
    life: [],
    acks: [],
    reopened_before: 0,
    routed: null,
    routes: [],
    told: [],
    changed_seq: 0,
    seq: 0,
  };
}

/** Folds one event in; `imported` when it comes out of an import. */
export function foldAlert(
  alert: AlertState,
  event: AlertFold,
  entry: Entry,
  imported = false,
): void {
  alert.seq = entry.seq;
  if (event.type !== 'alert.routed') alert.changed_seq = entry.seq;
  switch (event.type) {
    case 'alert.raised':
      alert.raised = event;
      // Nobody is told of what happened long ago elsewhere.
      alert.imported = imported;
      break;
    case 'alert.acknowledged':
    case 'alert.unacknowledged':
      if (addMark(alert.acks, event) && alert.acks.length > MAX_ACK_MARKS) alert.acks.shift();
      alert.acknowledged = acknowledgementOf(alert.acks);
      break;
    case 'alert.resolved':
    case 'alert.reopened':
      if (addMark(alert.life, event)) cutLife(alert);
      deriveLife(alert);
      break;
    case 'alert.cleared':
      alert.cleared = true;
      break;
    case 'alert.routed':
      foldRouted(alert, event);
      break;
    case 'alert.imported':
      for (const inner of event.events) foldAlert(alert, inner, entry, true);
      break;
  }
}

/** At the same moment an end comes before what begins again after it. */
const RANK = {
  'alert.acknowledged': 0,
  'alert.unacknowledged': 1,
  'alert.resolved': 0,
  'alert.reopened': 1,
} as const;

function order(a: LifeMark | AckMark, b: LifeMark | AckMark): number {
  return a.time - b.time || RANK[a.type] - RANK[b.type] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Adds a mark in its place. False when it is there already. */
function addMark<M extends LifeMark | AckMark>(marks: M[], mark: M): boolean {
  let at = marks.length;
  while (at > 0) {
    const before = marks[at - 1];
    const side = before === undefined ? -1 : order(before, mark);
    if (side === 0) return false;
    if (side < 0) break;
    at--;
  }
  marks.splice(at, 0, mark);
  return true;
}

/** Whole spells go, so that what is left begins with an end; those that came back are still counted. */
function cutLife(alert: AlertState): void {
  if (alert.life.length <= MAX_LIFE_MARKS) return;
  alert.life.shift();
  while (alert.life[0]?.type === 'alert.reopened') {
    alert.life.shift();
    alert.reopened_before++;
  }
}

/** The first end of a spell stands, and the first return after it; what is said of a spell is what its return said. */
function deriveLife(alert: AlertState): void {
  alert.resolved = null;
  alert.reopened = null;
  alert.reopened_count = alert.reopened_before;
  for (const mark of alert.life) {
    if (mark.type === 'alert.resolved') alert.resolved ??= mark;
    else if (alert.resolved !== null) {
      alert.resolved = null;
      alert.reopened = mark;
      alert.reopened_count++;
    }
  }
}

/** The first acknowledgement stands, "acknowledged since" must not move, unless its time was over. */
function acknowledgementOf(acks: readonly AckMark[]): EventOf<'alert.acknowledged'> | null {
  let standing: EventOf<'alert.acknowledged'> | null = null;
  for (const mark of acks) {
    if (mark.type === 'alert.unacknowledged') standing = null;
    else if (standing === null || (standing.until ?? Infinity) <= mark.time) standing = mark;
  }
  return standing;
}

function foldRouted(alert: AlertState, event: EventOf<'alert.routed'>): void {
  const { id, time, of, flapping = false } = event;
  if (isNewer(event, alert.routed)) alert.routed = { id, time, of, flapping };
  for (const { channel_id, outcome, reason, notification_id, due_at } of event.outcomes) {
    const route: Route = {
      ...{ channel_id, id, time, of, outcome },
      ...(reason !== undefined && { reason }),
      ...(notification_id !== undefined && { notification_id }),
      ...(due_at !== undefined && { due_at: Date.parse(due_at) }),
    };
    setRoute(alert.routes, route);
    // A window has no digest: it is told later, or never.
    const isTold = outcome === 'queued' || (outcome === 'digest' && notification_id !== undefined);
    if (isTold) setRoute(alert.told, route);
  }
}

/** The latest of each channel, by their names. */
function setRoute(routes: Route[], route: Route): void {
  const at = routes.findIndex(({ channel_id }) => channel_id >= route.channel_id);
  const held = routes[at];
  if (held?.channel_id === route.channel_id) {
    if (isNewer(route, held)) routes[at] = route;
  } else if (routes.length < MAX_ROUTES) routes.splice(at < 0 ? routes.length : at, 0, route);
}

export function routeOf(routes: readonly Route[], channel_id: string): Route | undefined {
  return routes.find((one) => one.channel_id === channel_id);
}

interface Stamp {
  time: number;
  id: string;
}

function isNewer(one: Stamp, held: Stamp | null | undefined): boolean {
  if (!held) return true;
  return one.time > held.time || (one.time === held.time && one.id > held.id);
}

/** An alert as a checkpoint holds it: those of earlier versions have its first events only. */
export function restoredAlert(held: Partial<AlertState> & { alert_id: string }): AlertState {
  const alert: AlertState = { ...newAlert(held.alert_id), ...held };
  if (held.life === undefined) alert.life = held.resolved ? [held.resolved] : [];
  if (held.acks === undefined) alert.acks = held.acknowledged ? [held.acknowledged] : [];
  if (held.changed_seq === undefined) alert.changed_seq = alert.seq;
  return alert;
}

/** When the service or a person last said something of an alert, in epoch milliseconds; 0 for nothing. */
export function lastWord(alerts: Iterable<AlertState>): number {
  let last = 0;
  for (const { life, acks, routed } of alerts)
    last = Math.max(last, life.at(-1)?.time ?? 0, acks.at(-1)?.time ?? 0, routed?.time ?? 0);
  return last;
}
