/** Why nobody is told of a change for the moment, and why a channel never is. Pure. */
import { ruleOf, severityOf } from '../../core/alertView.ts';
import type { AlertState } from '../../core/model.ts';
import type { Channel } from '../../protocol/channel.ts';
import type { FilterReason } from '../../protocol/notification.ts';
import type { Rule } from '../../protocol/rule.ts';
import { severityRank } from '../../protocol/states.ts';
import { matchesSilence } from './matcher.ts';
import { isQuiet } from './quietHours.ts';
import type { AlertChange } from './subject.ts';
import type { Outcome, World } from './world.ts';

/** Why the channel does not take it; null where it does. */
export function filteredBy(
  alert: AlertState,
  change: AlertChange,
  channel: Channel,
  rule: Rule | undefined,
): FilterReason | null {
  const name = (alert.raised && ruleOf(alert.raised.id)) ?? 'external';
  if (!channel.enabled) return 'off';
  if (rule?.channels && !rule.channels.includes(channel.channel_id)) return 'rule_channels';
  if (channel.rules && !channel.rules.includes(name)) return 'rule';
  const severity = severityOf(alert) ?? 'INFO';
  if (severityRank(severity) < severityRank(channel.min_severity)) return 'severity';
  if (change.kind === 'resolved') return channel.send_resolved ? null : 'resolved';
  return alert.acknowledged === null ? null : 'acknowledged';
}

/** Silences, inhibition, quiet hours: the same for all channels. When that ends, it is told if it still holds. */
export function mutedBy(alert: AlertState, world: World): Outcome | null {
  const silence = world.silences.find((one) => matchesSilence(one, alert));
  if (silence) return { outcome: 'silenced', reason: silence.silence_id };
  const cause = inhibitorOf(alert, world);
  if (cause !== null) return { outcome: 'inhibited', reason: cause };
  const severity = severityOf(alert) ?? 'INFO';
  return isQuiet(world.alerting.quiet_hours, world.now, severity)
    ? { outcome: 'quiet_hours' }
    : null;
}

/** What a failure explains: of the phases of a failed job, nobody needs to hear that they were slow as well. */
const EXPLAINED: ReadonlySet<string> = new Set([
  ...(['slow_phase', 'high_cpu', 'high_memory', 'error_count'] as const),
]);
const FAILURES: ReadonlySet<string> = new Set(['phase_failed', 'job_failed']);

/** The active alert that says already what is wrong; null where there is none. */
function inhibitorOf(alert: AlertState, world: World): string | null {
  const job_id = alert.raised?.job_id;
  if (job_id === undefined || !EXPLAINED.has(kindOf(alert.alert_id, world))) return null;
  for (const id of world.alertsOfJob.get(job_id) ?? []) {
    const other = world.alerts.get(id);
    const isActive = other?.raised && !other.resolved && !other.cleared;
    if (isActive && FAILURES.has(kindOf(id, world))) return id;
  }
  return null;
}

/** Rules that people made have ids of their own. */
function kindOf(alert_id: string, { rule }: World): string {
  const id = ruleOf(alert_id) ?? '';
  return rule(id)?.kind ?? id;
}
