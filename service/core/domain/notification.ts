/**
 * Notifications: what is gathered for a channel, and the outbox. The service alone writes their events, each after the one
 * it follows from, so they are folded in the order of the journal. Times are epoch milliseconds.
 */
import type { EventOf } from '../../protocol/event.ts';
import type { NotificationContent, NotificationState } from '../../protocol/notification.ts';
import { ruleOf } from '../alertView.ts';
import { Table } from './table.ts';

/** One in the outbox, or out of it. */
export interface OutboxRow {
  notification_id: string;
  channel_id: string;
  content: NotificationContent;
  state: NotificationState;
  attempts: number;
  created_at: number;
  /** Since when it is tried: its creation, or when somebody sent it again. */
  tried_since: number;
  /** Null when it is sent or was given up. */
  next_at: number | null;
  /** When it was sent or given up. */
  ended_at: number | null;
  last_error: string | null;
}

/** What one notification is going to tell: alerts that came within a moment (group), or what was held back (digest). */
export interface Gathering {
  notification_id: string;
  channel_id: string;
  kind: 'group' | 'digest';
  since: number;
  /** When it is made. */
  due_at: number;
  /** The first of them, each once. */
  alert_ids: string[];
  /** Changes by rule; '' for alerts that no rule raised. */
  counts: [rule: string, count: number][];
  total: number;
}

/** Sent ones leave a full table first. */
export const MAX_NOTIFICATIONS = 10_000;
export const MAX_GATHERINGS = 2000;
/** Alerts that a gathering knows by name; all others are counted. */
const MAX_NAMED = 100;
/** Rules that are counted; there cannot be more of them. */
const MAX_COUNTED = 10_000;

export function notificationsTable(): Table<OutboxRow> {
  const make = (notification_id: string): OutboxRow => ({
    ...{ notification_id, channel_id: '', content: NOTHING, state: 'WAITING', attempts: 0 },
    ...{ created_at: 0, tried_since: 0, next_at: null, ended_at: null, last_error: null },
  });
  return new Table({ name: 'notifications', limit: MAX_NOTIFICATIONS, pageRows: 50, make });
}

const NOTHING: NotificationContent = {
  ...{ kind: 'test', summary: '', severity: 'INFO', alerts: [], more: [], more_count: 0 },
  created_at: '1970-01-01T00:00:00.000Z',
};

export function gatheringsTable(): Table<Gathering> {
  return new Table({ name: 'gatherings', limit: MAX_GATHERINGS, pageRows: 50, make: newGathering });
}

export function newGathering(notification_id: string): Gathering {
  return {
    ...{ notification_id, channel_id: '', kind: 'group', since: 0, due_at: 0 },
    ...{ alert_ids: [], counts: [], total: 0 },
  };
}

export interface NotificationTables {
  notifications: Table<OutboxRow>;
  gatherings: Table<Gathering>;
}

/** What is to be told, and waits until it is made. */
export function foldRouted(tables: NotificationTables, event: EventOf<'alert.routed'>): boolean {
  let changed = false;
  for (const outcome of event.outcomes) {
    const id = outcome.notification_id;
    if (id === undefined || tables.notifications.get(id)) continue;
    const row = tables.gatherings.change(id);
    if (row === null) continue;
    gather(row, { ...outcome, alert_id: event.alert_id, time: event.time });
    changed = true;
  }
  return changed;
}

export interface Gathered {
  channel_id: string;
  outcome: string;
  due_at?: string;
  alert_id: string;
  time: number;
}

/** Adds a change to what is gathered. */
export function gather(row: Gathering, { channel_id, outcome, due_at, ...more }: Gathered): void {
  const { alert_id, time } = more;
  if (row.total === 0) {
    Object.assign(row, { channel_id, since: time, due_at: time });
    row.kind = outcome === 'digest' ? 'digest' : 'group';
    if (due_at !== undefined) row.due_at = Date.parse(due_at);
  } else if (due_at !== undefined) row.due_at = Math.min(row.due_at, Date.parse(due_at));
  row.total++;
  if (row.alert_ids.length < MAX_NAMED && !row.alert_ids.includes(alert_id))
    row.alert_ids.push(alert_id);
  const rule = ruleOf(alert_id) ?? '';
  const held = row.counts.find(([name]) => name === rule);
  if (held) held[1]++;
  else if (row.counts.length < MAX_COUNTED) row.counts.push([rule, 1]);
}

export function foldQueued(
  tables: NotificationTables,
  event: EventOf<'notification.queued'>,
): void {
  const { notification_id, channel_id, content, time, not_before } = event;
  tables.gatherings.delete(notification_id);
  if (tables.notifications.get(notification_id)) return;
  makeRoom(tables.notifications);
  const row = tables.notifications.change(notification_id);
  if (row === null) return;
  Object.assign(row, { channel_id, content, created_at: time, tried_since: time });
  row.next_at = not_before ?? time;
}

export function foldTried(
  { notifications }: NotificationTables,
  event: EventOf<'notification.tried'>,
): void {
  const { notification_id, attempt, ok, error, next_at, time } = event;
  const held = notifications.get(notification_id);
  const row = held && held.state !== 'SENT' ? notifications.change(notification_id) : null;
  if (row === null) return;
  row.attempts = Math.max(row.attempts, attempt);
  row.last_error = ok ? null : (error ?? null);
  row.next_at = ok ? null : (next_at ?? null);
  row.state = ok ? 'SENT' : next_at === undefined ? 'DEAD' : 'WAITING';
  row.ended_at = row.state === 'WAITING' ? null : time;
}

export function foldRevived(
  { notifications }: NotificationTables,
  { notification_id, time }: EventOf<'notification.revived'>,
): void {
  if (notifications.get(notification_id)?.state !== 'DEAD') return;
  const row = notifications.change(notification_id);
  if (row)
    Object.assign(row, { state: 'WAITING', next_at: time, tried_since: time, ended_at: null });
}

/** One leaves a full table: a sent one, then one that was given up, the oldest first. */
function makeRoom(table: Table<OutboxRow>): void {
  if (table.rows.size < table.limit) return;
  for (const state of ['SENT', 'DEAD'] as const) {
    for (const [id, row] of table.rows) {
      if (row.state !== state) continue;
      table.delete(id);
      table.refused++;
      return;
    }
  }
}

const DAY_MS = 86_400_000;
/** Sent ones are kept for a week, so that people see what was told. */
const SENT_MS = 7 * DAY_MS;
const DEAD_MS = 30 * DAY_MS;
/** So many sent ones are kept at most. */
const MAX_SENT = 2000;

/** Takes out those that were sent, or given up, long ago; how many went. */
export function retainNotifications(table: Table<OutboxRow>, now: number): number {
  const rows = [...table.rows.values()];
  let over = rows.filter(({ state }) => state === 'SENT').length - MAX_SENT;
  const old = rows.filter(({ state, ended_at }) => {
    if (ended_at === null) return false;
    return (
      now - ended_at > (state === 'SENT' ? SENT_MS : DEAD_MS) || (state === 'SENT' && over-- > 0)
    );
  });
  for (const { notification_id } of old) table.delete(notification_id);
  return old.length;
}
