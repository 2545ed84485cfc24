/** What is said of an alert after it was raised, and of its way to the channels. Only the service itself writes these. */
import { Type } from '@sinclair/typebox';
import { event, Id, literals, Text, Values } from './eventParts.ts';
import { NotificationContent, Routed } from './notification.ts';
import { SEVERITIES } from './states.ts';

/** What comes after an alert was raised. */
export const ALERT_CHANGES = {
  'alert.acknowledged': event('alert.acknowledged', {
    alert_id: Id('the alert'),
    by: Type.Optional(Text('who')),
    note: Type.Optional(Text('why')),
    /** Epoch milliseconds at which it counts no more; it stands when absent. */
    until: Type.Optional(Type.Number()),
  }),
  /** Somebody took the acknowledgement back, or its time is over. */
  'alert.unacknowledged': event('alert.unacknowledged', {
    alert_id: Id('the alert'),
    by: Type.Optional(Text('who')),
    reason: Type.Optional(Text('why')),
  }),
  'alert.resolved': event('alert.resolved', {
    alert_id: Id('the alert'),
    by: Type.Optional(Text('who; the service itself when absent')),
    reason: Type.Optional(Text('why')),
  }),
  /** The cause came back soon after it had ended: the same alert goes on, with what is true of it now. */
  'alert.reopened': event('alert.reopened', {
    alert_id: Id('the alert'),
    description: Type.Optional(Text('what happened')),
    value: Type.Optional(Type.Number()),
    severity: Type.Optional(literals(SEVERITIES, 'INFO, WARNING, ERROR or CRITICAL')),
  }),
  /** Who is told of a change of the alert (`of`: the id of the event that changed it), and who is not, and why. */
  'alert.routed': event('alert.routed', {
    alert_id: Id('the alert'),
    of: Id('the event'),
    /** Only those that changed, where it is said again of the same change. */
    outcomes: Type.Array(Routed),
    flapping: Type.Optional(Type.Boolean({ description: 'it comes and goes: told in digests' })),
  }),
  'alert.cleared': event('alert.cleared', {
    alert_id: Id('the alert'),
    by: Type.Optional(Text('who')),
  }),
};

/** What people define for alerts. */
export const DEFINITIONS = ['rule', 'channel', 'silence'] as const;
export type Definition = (typeof DEFINITIONS)[number];

/** What people define, and what channels are told. */
export const ALERTING_EVENTS = {
  /** Somebody changed a rule, a channel or a silence. The newest revision of a key is in effect. */
  'definition.changed': event('definition.changed', {
    of: literals(DEFINITIONS, 'rule, channel or silence'),
    key: Id('which one'),
    revision: Type.Integer({ minimum: 1 }),
    /** All of it as it is now; null when it was removed, or is as it came again. */
    value: Type.Union([Values, Type.Null()]),
    by: Type.Optional(Text('who')),
  }),
  /** A channel is to be told; the same id is sent on every try. */
  'notification.queued': event('notification.queued', {
    notification_id: Id('the notification'),
    channel_id: Id('the channel'),
    content: NotificationContent,
    /** Epoch milliseconds before which it is not sent. */
    not_before: Type.Optional(Type.Number()),
  }),
  /** It was sent, or not: then it is tried again at `next_at`, or given up when that is absent. */
  'notification.tried': event('notification.tried', {
    notification_id: Id('the notification'),
    attempt: Type.Integer({ minimum: 1 }),
    ok: Type.Boolean(),
    error: Type.Optional(Text('what went wrong')),
    next_at: Type.Optional(Type.Number()),
  }),
  /** Somebody wants one that was given up to be tried again. */
  'notification.revived': event('notification.revived', {
    notification_id: Id('the notification'),
    by: Type.Optional(Text('who')),
  }),
};
