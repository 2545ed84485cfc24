/** What decisions are made from: all of it follows from the journal and the configuration. */
import type { OutboxRow, Gathering } from '../../core/domain/notification.ts';
import type { AlertState } from '../../core/model.ts';
import type { Alerting } from '../../protocol/alerting.ts';
import type { Channel } from '../../protocol/channel.ts';
import type { RouteOutcome } from '../../protocol/notification.ts';
import type { Rule } from '../../protocol/rule.ts';
import type { Silence } from '../../protocol/silence.ts';

/** When a channel is, or was, told of a subject last, in epoch milliseconds, and by which notification. */
export interface Told {
  at: number;
  notification_id: string | null;
}

export interface World {
  /** Epoch milliseconds. */
  now: number;
  alerts: ReadonlyMap<string, AlertState>;
  alertsOfJob: ReadonlyMap<string, ReadonlySet<string>>;
  channels: readonly Channel[];
  rule: (rule_id: string) => Rule | undefined;
  /** Those in effect now. */
  silences: readonly Silence[];
  alerting: Alerting;
  notifications: ReadonlyMap<string, OutboxRow>;
  gatherings: ReadonlyMap<string, Gathering>;
  told: (subject: string, channel_id: string) => Told | undefined;
}

/** What becomes of a change on its way to a channel. `due_at` in epoch milliseconds. */
export interface Outcome {
  outcome: RouteOutcome;
  reason?: string;
  notification_id?: string;
  due_at?: number;
}
