/** What a notification says, in words: what happened, where, how much of what was allowed, since when, what next. Pure. */
import type { HeldBack, NotificationContent, NotifiedAlert } from '../../protocol/notification.ts';
import { duration } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';
import { oneLine, plainLines } from './plainText.ts';
import { quantity } from './quantity.ts';

export interface TextContext {
  notification_id: string;
  /** Null where nobody knows at which address the dashboard is. */
  dashboardUrl: string | null;
}

export interface Fact {
  name: string;
  value: string;
}

/** The line above everything: `[ERROR] P06 Clustering failed`, `[RESOLVED] …`, `[TEST] …`. */
export function titleOf(content: NotificationContent): string {
  return oneLine(`[${labelOf(content)}] ${content.summary}`, 250);
}

export function labelOf({ kind, severity }: NotificationContent): string {
  if (kind === 'resolved') return 'RESOLVED';
  return kind === 'test' ? 'TEST' : severity;
}

/** The title of one alert, with what became of it. */
export function alertTitle(alert: NotifiedAlert): string {
  const label = alert.state === 'resolved' ? 'Resolved' : severityName(alert.severity);
  return `${label}: ${oneLine(alert.title, 250)}`;
}

function severityName(severity: string): string {
  return severity.charAt(0) + severity.slice(1).toLowerCase();
}

/** Where it is, how much, and since when; only what is known. */
export function factsOf(alert: NotifiedAlert): Fact[] {
  const { job_id, phase_id, component, component_id, rule_name, rule } = alert;
  const isOfJob = component === 'job' || component === 'phase';
  const place = component_id === null ? component : `${component} ${component_id}`;
  return [
    ...fact('Where', isOfJob && job_id !== null ? null : place),
    ...fact('Phase', phase_id),
    ...fact('Job', job_id),
    ...fact('Pipeline', alert.tags['pipeline'] === job_id ? null : alert.tags['pipeline']),
    ...fact('Worker', component === 'worker' ? null : alert.tags['worker']),
    ...fact('Measured', measured(alert)),
    ...fact('Since', utc(alert.raised_at)),
    ...fact('Resolved', alert.resolved_at === null ? null : resolvedText(alert)),
    ...fact('Rule', rule_name ?? rule),
  ];
}

function fact(name: string, value: string | null | undefined): Fact[] {
  const text = value === null || value === undefined ? '' : oneLine(value, 300);
  return text === '' ? [] : [{ name, value: text }];
}

/** `97 %, threshold 90 %`. */
export function measured({ metric, value, threshold }: NotifiedAlert): string | null {
  if (value === null) return null;
  const bound = threshold === null ? '' : `, threshold ${quantity(metric, threshold)}`;
  return `${quantity(metric, value)}${bound}`;
}

function resolvedText({ raised_at, resolved_at }: NotifiedAlert): string | null {
  if (resolved_at === null) return null;
  const ms = Date.parse(resolved_at) - Date.parse(raised_at);
  return Number.isFinite(ms) ? `${utc(resolved_at)}, after ${duration(ms)}` : utc(resolved_at);
}

/** `2026-11-22 14:05:09 UTC`: readers are in many time zones. */
export function utc(time: string): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return oneLine(time, 40);
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `and 37 more: 30 x Slow phase, 7 x High CPU`; null when nothing was held back. */
export function moreText({ more, more_count }: NotificationContent): string | null {
  if (more_count <= 0) return null;
  const counts = more
    .slice(0, MOST_COUNTS)
    .map((one) => `${numeral(one.count)} × ${ruleName(one)}`);
  const rest = more.length > MOST_COUNTS ? [`others of ${more.length - MOST_COUNTS} rules`] : [];
  const list = [...counts, ...rest].join(', ');
  return `and ${numeral(more_count)} more${list === '' ? '' : `: ${list}`}`;
}

const MOST_COUNTS = 20;

function ruleName({ rule, rule_name }: HeldBack): string {
  return oneLine(rule_name ?? rule ?? 'alerts of pipelines', 100);
}

/** What a person does now. */
export function nextStep(content: NotificationContent, { dashboardUrl }: TextContext): string {
  const place =
    dashboardUrl === null
      ? 'the dashboard (run "pipescope open")'
      : `the dashboard: ${dashboardUrl}`;
  if (content.kind === 'test') return 'Nothing to do: this channel works.';
  if (content.kind === 'resolved') return `Nothing to do. The history is in ${place}`;
  const first = content.alerts.length === 1 ? content.alerts[0] : undefined;
  const what = first ? LOOK_AT[first.component] : undefined;
  const which = first ? 'the alert' : 'the alerts';
  return `${what ?? 'See what happened'}, and acknowledge ${which}, in ${place}`;
}

const LOOK_AT: Readonly<Record<string, string | undefined>> = {
  phase: 'Read the errors of the phase',
  job: 'Read the errors of the job',
  worker: 'See whether the worker still runs',
  queue: 'See which tasks wait',
};

/** All of it as lines of text. */
export function plainText(content: NotificationContent, context: TextContext): string {
  const blocks = content.alerts.map((alert) =>
    [
      alertTitle(alert),
      ...(alert.description === '' ? [] : [plainLines(alert.description, 4000)]),
      ...factsOf(alert).map(({ name, value }) => `${name}: ${value}`),
    ].join('\n'),
  );
  const more = moreText(content);
  return [
    oneLine(content.summary, 500),
    ...blocks,
    ...(more === null ? [] : [more]),
    `Next: ${nextStep(content, context)}`,
  ].join('\n\n');
}

/** A notification for a test of the channel. */
export function testContent(channelName: string, created_at: string): NotificationContent {
  const name = oneLine(channelName, 100);
  return {
    ...{ kind: 'test', severity: 'INFO', created_at, more: [], more_count: 0 },
    summary: `Test alert for ${name}`,
    alerts: [
      {
        ...{ alert_id: 'test', rule: null, rule_name: null, state: 'active', severity: 'INFO' },
        title: `Test alert for ${name}`,
        description: 'Somebody asked for this alert, to see that alerts arrive here.',
        ...{ component: 'service', component_id: null, metric: null, value: null, threshold: null },
        ...{ job_id: null, phase_id: null, tags: {}, raised_at: created_at, resolved_at: null },
      },
    ],
  };
}
