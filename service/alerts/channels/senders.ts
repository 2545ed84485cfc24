import type { ChannelKind } from '../../protocol/channel.ts';
import { sendToConsole } from './console.ts';
import { sendToDiscord } from './discord.ts';
import { sendMail } from './email.ts';
import { sendToFile } from './file.ts';
import type { Sender } from './kind.ts';
import { sendToLog } from './log.ts';
import { sendToSlack } from './slack.ts';
import { sendToTeams } from './teams.ts';
import { sendTemplate } from './template.ts';
import { sendToWindows } from './vscode.ts';
import { sendWebhook } from './webhook.ts';

export const SENDERS: { [K in ChannelKind]: Sender<K> } = {
  log: sendToLog,
  console: sendToConsole,
  file: sendToFile,
  webhook: sendWebhook,
  slack: sendToSlack,
  teams: sendToTeams,
  discord: sendToDiscord,
  template: sendTemplate,
  email: sendMail,
  vscode: sendToWindows,
};
