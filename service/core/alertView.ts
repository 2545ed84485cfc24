/** Alerts as others see them. */
import { OWN_ID } from '../protocol/event.ts';
import type { AlertRecord } from '../protocol/record.ts';
import type { AlertState } from './model.ts';
import { timeOrNull, timeText } from './view.ts';

/** Null until it was raised: an acknowledgement alone is no alert. */
export function alertRecord(alert: AlertState): AlertRecord | null {
  const { raised, acknowledged, resolved } = alert;
  if (raised === null || alert.cleared) return null;
  const { type, id, time, labels, source, title, description, severity, component, tags, ...rest } =
    raised;
  const { component_id, metric, value, threshold, job_id, phase_id, ...metadata } = rest;
  return {
    alert_id: id,
    rule: id.startsWith(OWN_ID) ? (id.split(':')[1] ?? null) : null,
    title,
    description: description ?? '',
    severity,
    component,
    component_id: component_id ?? null,
    metric: metric ?? null,
    value: value ?? null,
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
    reopened_count: 0,
    last_raised_at: timeText(time),
    flapping: false,
    routed: null,
    job_id: job_id ?? null,
    phase_id: phase_id ?? null,
    tags: { ...labels, ...tags },
    metadata: { ...metadata, ...(source === undefined ? {} : { source }) },
    seq: alert.seq,
  };
}
