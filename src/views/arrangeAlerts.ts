/** In which order and groups alerts stand in their view. */
import type { AlertRecord } from '../../service/protocol/record.ts';
import { SEVERITIES, type Severity } from '../../service/protocol/states.ts';
import { activeAlerts } from '../alerts.ts';

export const ALERT_GROUPINGS = ['severity', 'job'] as const;
export type AlertGrouping = (typeof ALERT_GROUPINGS)[number];

export interface AlertGroup {
  /** A severity, or the id of a job; empty for alerts of no job. */
  key: string;
  by: AlertGrouping;
  /** Active ones: unacknowledged first, then the gravest, then the newest. */
  alerts: readonly AlertRecord[];
}

/** The group of the gravest comes first, or that of the job whose alert comes first; alerts of no job come last. */
export function arrangeAlerts(alerts: Iterable<AlertRecord>, by: AlertGrouping): AlertGroup[] {
  const groups = new Map<string, AlertRecord[]>();
  for (const alert of activeAlerts(alerts)) {
    const key = by === 'severity' ? alert.severity : (alert.job_id ?? '');
    const group = groups.get(key);
    if (group) group.push(alert);
    else groups.set(key, [alert]);
  }
  const all = [...groups].map(([key, members]): AlertGroup => ({ key, by, alerts: members }));
  return by === 'severity' ? gravestFirst(all) : all.sort(noJobLast);
}

function gravestFirst(groups: AlertGroup[]): AlertGroup[] {
  const rank = ({ key }: AlertGroup): number => SEVERITIES.indexOf(key as Severity);
  return groups.sort((a, b) => rank(b) - rank(a));
}

function noJobLast(a: AlertGroup, b: AlertGroup): number {
  return Number(a.key === '') - Number(b.key === '');
}

/** Which rows stand in a group, and what its own row counts: while it is the same, the group need not be drawn anew. */
export function shapeOfGroup({ alerts }: AlertGroup): string {
  return JSON.stringify(alerts.map((alert) => [alert.alert_id, alert.acknowledged]));
}
