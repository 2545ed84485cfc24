/** What is routed: the changes of an alert, and what it is about. */
import { ruleOf } from '../../core/alertView.ts';
import type { AlertState } from '../../core/model.ts';
import { OWN_ID } from '../../protocol/event.ts';

/** One change that people may have to be told of. `of` is the id of the event that made it; `time` in epoch milliseconds. */
export interface AlertChange {
  of: string;
  time: number;
  kind: 'raised' | 'resolved';
}

/** Ids of `alert.unacknowledged` events that say that the time of an acknowledgement is over begin so. */
export const ACK_OVER = `${OWN_ID}ack-over:`;

/** Its changes in their order: where it began, ended and came back, and where an acknowledgement was over. */
export function changesOf(alert: AlertState): AlertChange[] {
  const { raised, life, acks, imported } = alert;
  if (raised === null || imported || alert.cleared) return [];
  const changes: AlertChange[] = [{ of: raised.id, time: raised.time, kind: 'raised' }];
  for (const { id, type, time } of life) {
    const kind = type === 'alert.resolved' ? 'resolved' : 'raised';
    if (kind !== changes.at(-1)?.kind) changes.push({ of: id, time, kind });
  }
  const over = acks.filter(({ id }) => id.startsWith(ACK_OVER));
  for (const { id, time } of over) {
    const after = changes.findLastIndex((change) => change.time <= time);
    if (changes[after]?.kind === 'raised')
      changes.splice(after + 1, 0, { of: id, time, kind: 'raised' });
  }
  return changes;
}

/** Those after the one that was routed last. */
export function unroutedChanges(alert: AlertState): AlertChange[] {
  const changes = changesOf(alert);
  const { routed } = alert;
  if (routed === null) return changes;
  const at = changes.findIndex(({ of }) => of === routed.of);
  return at >= 0 ? changes.slice(at + 1) : changes.filter(({ time }) => time > routed.time);
}

/**
 * Names what an alert is about, whichever run of it: two alerts of the same rule and subject are told once in a cool-down.
 * Null until it was raised.
 */
export function subjectOf({ raised }: AlertState): string | null {
  if (raised === null) return null;
  const { id, component, component_id, job_id, phase_id, metric, tags, title } = raised;
  const rule = ruleOf(id);
  const pipeline = tags?.['pipeline'] ?? job_id;
  // Runs of a pipeline differ in their job only. What no rule raised is told apart by what it says.
  const which = rule !== null && job_id !== undefined ? (phase_id ?? null) : (component_id ?? null);
  const own = rule === null ? [title, phase_id] : [];
  return JSON.stringify([rule, component, pipeline, which, metric, ...own]);
}
