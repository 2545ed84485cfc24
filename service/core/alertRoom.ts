/** How many alerts there may be, and which of them go first. Pure: a replay lets the same ones go. */
import { ruleOf, severityOf } from './alertView.ts';
import type { AlertState } from './model.ts';
import { SEVERITIES, severityRank } from '../protocol/states.ts';

/** Most alerts of all kinds: about 10 MB in memory and with each checkpoint. */
export const MAX_ALERTS = 10_000;

/**
 * So many of them may be active alerts of rules: beyond, the judge raises no new one, and the rule says so. They never
 * have to go, because what they are about still holds.
 */
export function maxOpen(limit: number): number {
  return Math.floor(limit * 0.8);
}

/** Classes of alerts: what nobody misses, what has ended, then active ones, those of others before those of rules. */
const CLASSES = 2 + 2 * (SEVERITIES.length + 1);

/** `many` alerts, at most: of the class that is needed least, the ones that came first. */
export function leastNeeded(alerts: Iterable<AlertState>, many: number): AlertState[] {
  const classes: AlertState[][] = Array.from({ length: CLASSES }, () => []);
  for (const alert of alerts) {
    const same = classes[classOf(alert)];
    if (same && same.length < many) same.push(alert);
  }
  const gone: AlertState[] = [];
  for (const same of classes) {
    if (gone.length >= many) break;
    gone.push(...same.slice(0, many - gone.length));
  }
  return gone;
}

function classOf(alert: AlertState): number {
  const severity = severityOf(alert);
  if (alert.cleared || severity === null) return 0;
  if (alert.resolved !== null) return 1;
  const ofRule = ruleOf(alert.alert_id) === null ? 0 : SEVERITIES.length + 1;
  return 2 + ofRule + (alert.acknowledged ? 0 : 1 + severityRank(severity));
}
