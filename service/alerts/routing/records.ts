/** The outbox as others see it. */
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

/** Of one channel: what waits, what was given up, and when it was told last, in epoch milliseconds. */
export function outboxOf(notifications: Table<OutboxRow>, channel_id: string) {
  const found = { waiting: 0, dead: 0, last_sent_at: null as number | null };
  for (const row of notifications.rows.values()) {
    if (row.channel_id !== channel_id) continue;
    if (row.state === 'WAITING') found.waiting++;
    if (row.state === 'DEAD') found.dead++;
    if (row.state === 'SENT')
      found.last_sent_at = Math.max(found.last_sent_at ?? 0, row.ended_at ?? 0);
  }
  return found;
}
