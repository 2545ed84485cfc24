/**
 * Microsoft Teams by a workflow's webhook: an Adaptive Card in a message.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
import type { NotificationContent, NotifiedAlert } from '../../protocol/notification.ts';
import type { Severity } from '../../protocol/states.ts';
import type { Sender } from './kind.ts';
import { oneLine, plainLines } from './plainText.ts';
import { postTo } from './postTo.ts';
import { type TextContext, alertTitle, factsOf, moreText, nextStep, titleOf } from './texts.ts';

/** A message has at most 28 KB, letters of four bytes included. */
const MAX_ALERTS = 5;
const MAX_DESCRIPTION = 600;
const MAX_FACT = 120;

const COLORS: Record<Severity, string> = {
  INFO: 'Accent',
  WARNING: 'Warning',
  ERROR: 'Attention',
  CRITICAL: 'Attention',
};

export const sendToTeams: Sender<'teams'> = (sending, means) =>
  postTo(sending, means, {
    url: sending.secret('url') ?? '',
    body: JSON.stringify(teamsMessage(sending.content, sending)),
  });

export function teamsMessage(content: NotificationContent, context: TextContext) {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: card(content, context),
      },
    ],
  };
}

function card(content: NotificationContent, context: TextContext) {
  const shown = content.alerts.slice(0, MAX_ALERTS);
  const left = content.alerts.length - shown.length;
  const color = content.kind === 'resolved' ? 'Good' : COLORS[content.severity];
  const more = [moreText(content), left > 0 ? `${left} alerts more are in the dashboard.` : null];
  const { dashboardUrl: url } = context;
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      lines([{ text: titleOf(content), weight: 'Bolder', size: 'Large', color }]),
      ...shown.flatMap(alertItems),
      ...more.flatMap((text) => (text === null ? [] : [lines([{ text: oneLine(text, 1000) }])])),
      lines([{ text: `Next: ${nextStep(content, context)}`, isSubtle: true }]),
    ],
    ...(url !== null && { actions: [{ type: 'Action.OpenUrl', title: 'Open dashboard', url }] }),
  };
}

function alertItems(alert: NotifiedAlert) {
  const description = plainLines(alert.description, MAX_DESCRIPTION);
  return [
    lines([{ text: oneLine(alertTitle(alert), 200), weight: 'Bolder' }]),
    ...(description === '' ? [] : [lines([{ text: description }])]),
    ...factsOf(alert).map(({ name, value }) =>
      lines([{ text: `${name}: `, weight: 'Bolder' }, { text: oneLine(value, MAX_FACT) }]),
    ),
  ];
}

interface Run {
  text: string;
  weight?: string;
  size?: string;
  color?: string;
  isSubtle?: boolean;
}

/** Runs of text, unlike blocks of text, are shown as they are: no Markdown, so no link of a stranger. */
function lines(inlines: readonly Run[]) {
  return {
    type: 'RichTextBlock',
    inlines: inlines.map((run) => ({ type: 'TextRun', ...run })),
  };
}
