/** Alerts as others see them. */
import { OWN_ID } from '../protocol/event.ts';
import type { Routed } from '../protocol/notification.ts';
import type { AlertRecord } from '../protocol/record.ts';
import type { Severity } from '../protocol/states.ts';
import type { AlertState } from './model.ts';
import { timeOrNull, timeText } from './view.ts';

/** Null until it was raised: an acknowledgement alone is no alert. */
export function alertRecord(alert: AlertState): AlertRecord | null {
  const { raised, acknowledged, resolved, reopened } = alert;
  if (raised === null || alert.cleared) return null;
  const { type, id, time, labels, source, title, description, severity, component, tags, ...rest } =
    raised;
  const { component_id, metric, value, threshold, job_id, phase_id, ...metadata } = rest;
  return {
    alert_id: id,
    rule: ruleOf(id),
    title,
    description: reopened?.description ?? description ?? '',
    severity: reopened?.severity ?? severity,
    component,
    component_id: component_id ?? null,
    metric: metric ?? null,
    value: reopened?.value ?? value ?? null,
    threshold: threshold ?? null,
    active: resolved === null,
    acknowledged: acknowledged !== null,
    acknowledged_by: acknowledged?.by ?? null,
    acknowledged_at: timeOrNull(acknowledged?.time ?? null),
    acknowledged_until: timeOrNull(acknowledged?.until ?? null),
    note: acknowledged?.note ?? null,
    raised_at: timeText(time),
    resolved_at: timeOrNull(resolved?.time ?? null),
    resolved_by: resolved?.by ?? null,
    resolve_reason: resolved?.reason ?? null,
    reopened_count: alert.reopened_count,
    last_raised_at: timeText(reopened?.time ?? time),
    flapping: alert.routed?.flapping ?? false,
    routed: routedOf(alert),
    job_id: job_id ?? null,
    phase_id: phase_id ?? null,
    tags: { ...labels, ...tags },
    metadata: { ...metadata, ...(source === undefined ? {} : { source }) },
    seq: alert.seq,
  };
}

/** The rule that raised the alert of this id; null for alerts that no rule raised. */
export function ruleOf(alert_id: string): string | null {
  return alert_id.startsWith(OWN_ID) ? (alert_id.split(':')[1] ?? null) : null;
}

/** How bad it is now: a cause that comes back may be worse than before. Null until it was raised. */
export function severityOf({ raised, reopened }: AlertState): Severity | null {
  return reopened?.severity ?? raised?.severity ?? null;
}

/** Null where it is not active. */
export function activeSeverity(alert: AlertState): Severity | null {
  return alert.resolved !== null || alert.cleared ? null : severityOf(alert);
}

/** What became of the latest routed change, by channel. */
function routedOf({ routed, routes }: AlertState): Routed[] | null {
  if (routed === null) return null;
  const latest = routes.filter(({ of }) => of === routed.of);
  return latest.map(({ channel_id, outcome, reason, notification_id, due_at }) => ({
    channel_id,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(notification_id !== undefined && { notification_id }),
    ...(due_at !== undefined && { due_at: timeText(due_at) }),
  }));
}
