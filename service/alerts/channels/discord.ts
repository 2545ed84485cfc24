/** Discord: https://discord.com/developers/docs/resources/webhook#execute-webhook - at most 10 embeds, 6000 letters in all. */
import type { NotificationContent, NotifiedAlert } from '../../protocol/notification.ts';
import type { Severity } from '../../protocol/states.ts';
import type { Sender } from './kind.ts';
import { cut, oneLine, plainLines } from './plainText.ts';
import { postTo } from './postTo.ts';
import { type TextContext, alertTitle, factsOf, moreText, nextStep, titleOf } from './texts.ts';

const MAX_CONTENT = 2000;
const MAX_EMBEDS = 10;
const MAX_TITLE = 256;
/** Ten embeds of these sizes stay below 6000 letters. */
const MAX_ALL = 5800;
const MAX_DESCRIPTION = 1000;
const COLORS: Record<Severity, number> = {
  INFO: 0x3794ff,
  WARNING: 0xcca700,
  ERROR: 0xf14c4c,
  CRITICAL: 0xb00020,
};
const RESOLVED = 0x388a34;

export const sendToDiscord: Sender<'discord'> = (sending, means) => {
  const url = sending.secret('url') ?? '';
  return postTo(sending, means, {
    url: URL.canParse(url) ? waiting(url) : url,
    body: JSON.stringify(discordMessage(sending.content, sending)),
  });
};

/** Without it Discord says "no content" before it knows whether it can take the message. */
function waiting(text: string): string {
  const url = new URL(text);
  url.searchParams.set('wait', 'true');
  return url.href;
}

export function discordMessage(content: NotificationContent, context: TextContext) {
  const embeds = fitting(content.alerts.slice(0, MAX_EMBEDS).map(embed));
  const left = content.alerts.length - embeds.length;
  const more = [moreText(content), left > 0 ? `${left} alerts more are in the dashboard.` : null];
  const lines = [
    `**${escaped(titleOf(content))}**`,
    ...more,
    `Next: ${nextStep(content, context)}`,
  ];
  const text = lines.filter((line) => line !== null).join('\n');
  return {
    content: cut(text, MAX_CONTENT),
    embeds,
    // Nobody is called by a text, whatever stands in it.
    allowed_mentions: { parse: [] },
  };
}

type Embed = ReturnType<typeof embed>;

function embed(alert: NotifiedAlert) {
  const description = plainLines(alert.description, MAX_DESCRIPTION / 2);
  return {
    title: cut(escaped(oneLine(alertTitle(alert), MAX_TITLE / 2)), MAX_TITLE),
    description: cut(escaped(description), MAX_DESCRIPTION),
    color: alert.state === 'resolved' ? RESOLVED : COLORS[alert.severity],
    fields: factsOf(alert).map(({ name, value }) => ({
      name,
      value: cut(escaped(oneLine(value, 100)), 200),
      inline: true,
    })),
  };
}

function fitting(embeds: Embed[]): Embed[] {
  let length = 0;
  return embeds.filter((one) => {
    length += lengthOf(one);
    return length <= MAX_ALL;
  });
}

function lengthOf({ title, description, fields }: Embed): number {
  const all = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return title.length + description.length + all;
}

/** Markdown of Discord; addresses stay as they are, and lead where they say. */
function escaped(text: string): string {
  return text.replace(/[\\*_~`|>#[\]()<@-]/g, '\\$&');
}
