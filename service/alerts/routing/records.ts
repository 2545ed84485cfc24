/** The outbox as others see it. */
import type { Deliveries } from '../channels/index.ts';
import type { OutboxRow } from '../../core/domain/notification.ts';
import type { Table } from '../../core/domain/table.ts';
import { timeOrNull, timeText } from '../../core/view.ts';
import type { NotificationRecord, NotificationState } from '../../protocol/notification.ts';

export interface OutboxFilter {
  state?: NotificationState | undefined;
  channel_id?: string | undefined;
}

/** The newest first. */
export function notificationRecords(
  notifications: Table<OutboxRow>,
  { state, channel_id }: OutboxFilter = {},
): NotificationRecord[] {
  const rows = [...notifications.rows.values()].filter(
    (row) =>
      (state === undefined || row.state === state) &&
      (channel_id === undefined || row.channel_id === channel_id),
  );
  rows.sort((a, b) => b.created_at - a.created_at);
  return rows.map(notificationRecord);
}

export function notificationRecord(row: OutboxRow): NotificationRecord {
  const { notification_id, channel_id, content, state, attempts, last_error } = row;
  const { kind, summary, severity, alerts } = content;
  return {
    ...{ notification_id, channel_id, state, kind, summary, severity },
    alert_ids: alerts.map(({ alert_id }) => alert_id),
    attempts,
    created_at: timeText(row.created_at),
    next_attempt_at: timeOrNull(row.next_at),
    sent_at: state === 'SENT' ? timeOrNull(row.ended_at) : null,
    last_error,
  };
}

/** How each channel does; channels without any are not there. */
export function deliveriesOf(notifications: Table<OutboxRow>): Map<string, Deliveries> {
  const found = new Map<string, Deliveries>();
  const triedAt = new Map<string, number>();
  for (const {
    channel_id,
    state,
    ended_at,
    next_at,
    last_error,
    attempts,
  } of notifications.rows.values()) {
    const held = found.get(channel_id) ?? { ...NONE };
    found.set(channel_id, held);
    if (state === 'WAITING') held.waiting++;
    if (state === 'DEAD') held.dead++;
    if (state === 'SENT') held.last_sent_at = Math.max(held.last_sent_at ?? 0, ended_at ?? 0);
    // The latest word counts: of those that wait, the one that is tried last has it.
    const at = ended_at ?? next_at ?? 0;
    if (attempts === 0 || at < (triedAt.get(channel_id) ?? 0)) continue;
    triedAt.set(channel_id, at);
    held.last_error = last_error;
  }
  return found;
}

export const NONE: Deliveries = { waiting: 0, dead: 0, last_sent_at: null, last_error: null };
