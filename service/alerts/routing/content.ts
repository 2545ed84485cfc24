/** What a notification says: alerts as they are when it is made, one by one, and the rest as counts. Pure. */
import { alertRecord, ruleOf } from '../../core/alertView.ts';
import type { Gathering } from '../../core/domain/notification.ts';
import { timeText } from '../../core/view.ts';
import type {
  HeldBack,
  NotificationContent,
  NotificationKind,
  NotifiedAlert,
} from '../../protocol/notification.ts';
import type { AlertRecord } from '../../protocol/record.ts';
import { type Severity, severityRank } from '../../protocol/states.ts';
import type { World } from './world.ts';

/** Those that are told one by one. */
const MOST_ALERTS = 20;
const LONGEST_TITLE = 300;
const LONGEST_DESCRIPTION = 2000;
const LONGEST_TAG = 200;
const MOST_TAGS = 30;

export function contentOf(gathering: Gathering, world: World): NotificationContent {
  const named = gathering.alert_ids.flatMap((id) => {
    const alert = world.alerts.get(id);
    return (alert && alertRecord(alert)) ?? [];
  });
  named.sort(
    (a, b) =>
      Number(b.active) - Number(a.active) || severityRank(b.severity) - severityRank(a.severity),
  );
  const told = named.slice(0, MOST_ALERTS);
  const more = heldBack(gathering, told, world);
  const more_count = more.reduce((sum, { count }) => sum + count, 0);
  const kind = kindOf(gathering, told);
  return {
    kind,
    summary: summaryOf(kind, told, more_count),
    severity: worst(named),
    alerts: told.map((alert) => notified(alert, world)),
    more,
    more_count,
    created_at: timeText(world.now),
  };
}

function kindOf({ kind }: Gathering, told: readonly AlertRecord[]): NotificationKind {
  if (kind === 'digest') return 'digest';
  return told.length > 0 && told.every(({ active }) => !active) ? 'resolved' : 'raised';
}

/**
 * By rule, the most first. A digest counts every change that was held back: those of alerts that are told one by one count
 * once less. What is told at once counts the alerts that had no room.
 */
function heldBack(gathering: Gathering, told: readonly AlertRecord[], world: World): HeldBack[] {
  const counts = new Map<string, number>();
  if (gathering.kind === 'digest')
    for (const [rule, count] of gathering.counts) counts.set(rule, count);
  else
    for (const id of gathering.alert_ids) {
      const rule = ruleOf(id) ?? '';
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
  for (const { rule } of told) {
    const name = rule ?? '';
    counts.set(name, (counts.get(name) ?? 0) - 1);
  }
  const more = [...counts].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  return more.map(([name, count]) => {
    const rule = name === '' ? null : name;
    return { rule, rule_name: nameOf(rule, world), count };
  });
}

function nameOf(rule: string | null, world: World): string | null {
  return rule === null ? null : (world.rule(rule)?.name ?? rule);
}

function worst(alerts: readonly AlertRecord[]): Severity {
  const [first, ...rest] = alerts.map(({ severity }) => severity);
  return rest.reduce((a, b) => (severityRank(b) > severityRank(a) ? b : a), first ?? 'INFO');
}

/** One line that says it all. */
function summaryOf(kind: NotificationKind, told: readonly AlertRecord[], more: number): string {
  const [first] = told;
  if (!first) return more === 1 ? '1 alert that is gone' : `${more} alerts that are gone`;
  const others = told.length - 1 + more;
  const rest = others === 0 ? '' : ` and ${others} more`;
  const title = cut(first.title, 120);
  if (kind === 'digest') return `Held back: ${title}${rest}`;
  return `${kind === 'resolved' ? 'Resolved: ' : ''}${title}${rest}`;
}

function notified(alert: AlertRecord, world: World): NotifiedAlert {
  const { alert_id, rule, severity, component, component_id, metric } = alert;
  const { value, threshold, job_id, phase_id } = alert;
  const tags = Object.entries(alert.tags).slice(0, MOST_TAGS);
  return {
    ...{ alert_id, rule, rule_name: nameOf(rule, world) },
    state: alert.active ? 'active' : 'resolved',
    severity,
    title: cut(alert.title, LONGEST_TITLE),
    description: cut(alert.description, LONGEST_DESCRIPTION),
    ...{ component, component_id, metric: metric && cut(metric, LONGEST_TAG), value, threshold },
    ...{ job_id, phase_id },
    tags: Object.fromEntries(
      tags.map(([name, text]) => [cut(name, LONGEST_TAG), cut(text, LONGEST_TAG)]),
    ),
    raised_at: alert.last_raised_at,
    resolved_at: alert.resolved_at,
  };
}

/** Never within a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
