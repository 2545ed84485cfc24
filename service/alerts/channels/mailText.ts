/** A notification as a mail: subject, text and HTML. Pure. */
import type { NotificationContent, NotifiedAlert } from '../../protocol/notification.ts';
import type { Severity } from '../../protocol/states.ts';
import { escaped, isolated } from '../../protocol/htmlText.ts';
import { oneLine, plainLines } from './plainText.ts';
import {
  type TextContext,
  alertTitle,
  factsOf,
  moreText,
  nextStep,
  plainText,
  titleOf,
} from './texts.ts';

export interface MailText {
  subject: string;
  text: string;
  html: string;
}

const COLORS: Record<Severity, string> = {
  INFO: '#1a6fb5',
  WARNING: '#8a6d00',
  ERROR: '#c72e2e',
  CRITICAL: '#8b0018',
};
const RESOLVED = '#2b7a2b';

export function mailText(content: NotificationContent, context: TextContext): MailText {
  return {
    subject: oneLine(titleOf(content), 200),
    text: `${plainText(content, context)}\n\n-- \nSent by Pipescope. Change it under Alerts, Channels in the dashboard.\n`,
    html: page(content, context),
  };
}

/** Styles stand at the elements: mail programs drop style sheets. Nothing is loaded from anywhere. */
function page(content: NotificationContent, context: TextContext): string {
  const color = content.kind === 'resolved' ? RESOLVED : COLORS[content.severity];
  const more = moreText(content);
  const parts = [
    `<h1 style="font-size:18px;color:${color}">${isolated(titleOf(content))}</h1>`,
    ...content.alerts.map(alertPart),
    ...(more === null ? [] : [`<p><strong>${escaped(more)}</strong></p>`]),
    `<p>${escaped(`Next: ${nextStep(content, { ...context, dashboardUrl: null }).replace(/ \(run "pipescope open"\)$/, '')}`)}.</p>`,
    ...(context.dashboardUrl === null ? [] : [link(context.dashboardUrl)]),
    '<p style="color:#666;font-size:12px">Sent by Pipescope. Change it under Alerts, Channels in the dashboard.</p>',
  ];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(titleOf(content))}</title></head><body style="font-family:sans-serif;font-size:14px;color:#222;max-width:640px">${parts.join('\n')}</body></html>`;
}

function alertPart(alert: NotifiedAlert): string {
  const color = alert.state === 'resolved' ? RESOLVED : COLORS[alert.severity];
  const description = plainLines(alert.description, 4000);
  const rows = factsOf(alert).map(
    ({ name, value }) =>
      `<tr><th scope="row" style="text-align:left;padding:2px 12px 2px 0;color:#666;font-weight:normal">${escaped(name)}</th><td style="padding:2px 0">${isolated(value)}</td></tr>`,
  );
  return [
    `<div style="border-left:4px solid ${color};padding:0 0 0 12px;margin:0 0 16px 0">`,
    `<p style="margin:0"><strong>${isolated(alertTitle(alert))}</strong></p>`,
    description === ''
      ? ''
      : `<p style="margin:4px 0;white-space:pre-wrap">${isolated(description)}</p>`,
    `<table style="border-collapse:collapse">${rows.join('')}</table></div>`,
  ].join('');
}

function link(url: string): string {
  return `<p><a href="${escaped(url)}">Open the dashboard</a></p>`;
}
