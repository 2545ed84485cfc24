/** Notifications: what a channel is to be told. Kept in an outbox until it was told, or given up. */
import { type Static, Type } from '@sinclair/typebox';
import { OneOf, OrNull, Time } from './schema.ts';
import { SEVERITIES } from './states.ts';

/** `digest`: what was held back, in one. */
export const NOTIFICATION_KINDS = ['raised', 'resolved', 'digest', 'test'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export const NOTIFICATION_STATES = ['WAITING', 'SENT', 'DEAD'] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** An alert as it was when the notification was made: every try sends the same. */
export const NotifiedAlert = Type.Object({
  alert_id: Type.String(),
  rule: OrNull(Type.String()),
  /** The name of the rule; null for alerts that no rule raised. */
  rule_name: OrNull(Type.String()),
  state: OneOf(['active', 'resolved'] as const),
  severity: OneOf(SEVERITIES),
  title: Type.String(),
  description: Type.String(),
  component: Type.String(),
  component_id: OrNull(Type.String()),
  metric: OrNull(Type.String()),
  value: OrNull(Type.Number()),
  threshold: OrNull(Type.Number()),
  job_id: OrNull(Type.String()),
  phase_id: OrNull(Type.String()),
  tags: Type.Record(Type.String(), Type.String()),
  raised_at: Time,
  resolved_at: OrNull(Time),
});
export type NotifiedAlert = Static<typeof NotifiedAlert>;

/** How many of a rule were held back, and why. */
export const HeldBack = Type.Object({
  rule: OrNull(Type.String()),
  rule_name: OrNull(Type.String()),
  count: Type.Integer(),
});
export type HeldBack = Static<typeof HeldBack>;

/** What is sent: the same on every try. */
export const NotificationContent = Type.Object({
  kind: OneOf(NOTIFICATION_KINDS),
  /** One line that says it all: the subject of a mail. */
  summary: Type.String(),
  /** The worst of its alerts. */
  severity: OneOf(SEVERITIES),
  /** Those that are told one by one, at most 20. */
  alerts: Type.Array(NotifiedAlert),
  /** "and 37 more": what is told as counts only. */
  more: Type.Array(HeldBack),
  more_count: Type.Integer(),
  created_at: Time,
});
export type NotificationContent = Static<typeof NotificationContent>;

export const NotificationRecord = Type.Object({
  notification_id: Type.String({ description: 'the same on every try' }),
  channel_id: Type.String(),
  state: OneOf(NOTIFICATION_STATES),
  kind: OneOf(NOTIFICATION_KINDS),
  summary: Type.String(),
  severity: OneOf(SEVERITIES),
  alert_ids: Type.Array(Type.String()),
  attempts: Type.Integer(),
  created_at: Time,
  next_attempt_at: OrNull(Time),
  sent_at: OrNull(Time),
  last_error: OrNull(Type.String()),
});
export type NotificationRecord = Static<typeof NotificationRecord>;

/** What became of an alert on its way to a channel. */
export const ROUTE_OUTCOMES = [
  /** In the outbox, by itself or with others. */
  'queued',
  /** Told with the channel's next digest. */
  'digest',
  'silenced',
  'inhibited',
  'quiet_hours',
  /** The channel does not take it: switched off, severity, rule filter, or resolved ones not wanted. */
  'filtered',
] as const;
export type RouteOutcome = (typeof ROUTE_OUTCOMES)[number];

/** Why it was not told by itself, or not at all. Of a silence and of what inhibits it, the reason is the id. */
export const ROUTE_REASONS = {
  digest: ['cooldown', 'rate', 'flapping', 'backlog'],
  filtered: ['off', 'severity', 'rule', 'rule_channels', 'resolved', 'not_told', 'acknowledged'],
} as const;
export type DigestReason = (typeof ROUTE_REASONS.digest)[number];
export type FilterReason = (typeof ROUTE_REASONS.filtered)[number];

export const Routed = Type.Object({
  channel_id: Type.String(),
  outcome: OneOf(ROUTE_OUTCOMES),
  /** One of ROUTE_REASONS, or the id of a silence or of the alert that inhibits it. */
  reason: Type.Optional(Type.String()),
  notification_id: Type.Optional(Type.String()),
  /** When it is told at the latest, where it waits. */
  due_at: Type.Optional(Time),
});
export type Routed = Static<typeof Routed>;
