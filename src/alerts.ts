import type { AlertRecord } from '../service/protocol/record.ts';
import { severityRank } from '../service/protocol/states.ts';

/** The active alerts: unacknowledged first, then the gravest, then the newest. */
export function activeAlerts(alerts: Iterable<AlertRecord>): AlertRecord[] {
  return [...alerts]
    .filter((alert) => alert.active)
    .sort(
      (a, b) =>
        Number(a.acknowledged) - Number(b.acknowledged) ||
        severityRank(b.severity) - severityRank(a.severity) ||
        Date.parse(b.raised_at) - Date.parse(a.raised_at),
    );
}

/** Active alerts that nobody has acknowledged, in the same order. */
export function openAlerts(alerts: Iterable<AlertRecord>): AlertRecord[] {
  return activeAlerts(alerts).filter((alert) => !alert.acknowledged);
}
