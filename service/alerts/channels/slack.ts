/** Slack: https://docs.slack.dev/reference/block-kit/blocks - at most 50 blocks, 150 letters a header, 3000 a text. */
import type { NotificationContent, NotifiedAlert } from '../../protocol/notification.ts';
import type { Sender } from './kind.ts';
import { cut, oneLine, plainLines } from './plainText.ts';
import { postTo } from './postTo.ts';
import { type TextContext, alertTitle, factsOf, moreText, nextStep, titleOf } from './texts.ts';

const MAX_TEXT = 3000;
const MAX_HEADER = 150;
const MAX_FIELDS = 10;
const MAX_FIELD = 2000;
/** Header, counts and next step stand beside the alerts, which have at most three blocks each. */
const MAX_ALERTS = 15;

export const sendToSlack: Sender<'slack'> = (sending, means) =>
  postTo(sending, means, {
    url: sending.secret('url') ?? '',
    body: JSON.stringify(slackMessage(sending.content, sending)),
  });

export function slackMessage(content: NotificationContent, context: TextContext) {
  const shown = content.alerts.slice(0, MAX_ALERTS);
  const left = content.alerts.length - shown.length;
  const more = [moreText(content), left > 0 ? `${left} alerts more are in the dashboard.` : null];
  return {
    text: escaped(titleOf(content), MAX_TEXT),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(titleOf(content), MAX_HEADER) } },
      ...shown.flatMap((alert) => alertBlocks(alert)),
      ...more.flatMap((text) => (text === null ? [] : [section(escaped(text, MAX_TEXT))])),
      {
        type: 'context',
        elements: [mrkdwn(escaped(`Next: ${nextStep(content, context)}`, MAX_TEXT))],
      },
    ],
  };
}

function alertBlocks(alert: NotifiedAlert) {
  const description = plainLines(alert.description, 2000);
  const text = `*${bold(alertTitle(alert))}*${description === '' ? '' : `\n${escaped(description, 2500)}`}`;
  const fields = factsOf(alert).slice(0, MAX_FIELDS);
  return [
    section(text),
    ...(fields.length === 0
      ? []
      : [
          {
            type: 'section',
            fields: fields.map(({ name, value }) =>
              mrkdwn(`*${name}*\n${escaped(value, MAX_FIELD - 50)}`),
            ),
          },
        ]),
  ];
}

function section(text: string) {
  return { type: 'section', text: mrkdwn(text) };
}

/** `verbatim`: names and channels in it are not made into links that call somebody. */
function mrkdwn(text: string) {
  return { type: 'mrkdwn', text, verbatim: true };
}

function bold(text: string): string {
  return escaped(oneLine(text.replaceAll('*', '∗'), 300), 450);
}

/** Slack knows three characters with a meaning; without them no link and no call of everybody comes about. */
function escaped(text: string, most: number): string {
  let length = 0;
  let held = '';
  for (const one of text) {
    const sign = ENTITIES[one] ?? one;
    if (length + sign.length > most - 1) return `${held}…`;
    held += sign;
    length += sign.length;
  }
  return held;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
