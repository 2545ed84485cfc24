import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ChannelRecord, ChannelTest } from '../../service/protocol/channel.ts';
import { duration } from '../../service/protocol/describe.ts';
import { ProductError } from '../../service/protocol/errors.ts';
import type { App } from '../app.ts';
import type { Endpoint } from '../service/endpoint.ts';
import { withoutLinks } from '../markdown.ts';
import { read } from '../service/reader.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** Longer than any channel tries for. */
const TEST_LIMIT_MS = 90_000;

type Item = vscode.QuickPickItem & { channel?: ChannelRecord };

/** Sends a test alert by the channel that a person picks, or raises one that every surface shows; says what came of it. */
export const sendTestAlert: Command = (app) => async () => {
  const channels = await channelsOf(await ready(app));
  const everywhere: Item = {
    label: t('All surfaces of Pipescope'),
    description: t('an alert of severity INFO in the views, the status bar and the dashboard'),
  };
  const title = t('Send a test alert where?');
  const picked =
    channels.length === 0
      ? everywhere
      : await vscode.window.showQuickPick([everywhere, ...channels.map(itemOf)], { title });
  if (!picked) return;
  if (picked.channel?.kind === 'vscode') void vscode.window.showInformationMessage(ownTest());
  else if (picked.channel) await test(app, picked.channel);
  else await app.supervisor.connection.request({ command: 'alert.test' });
};

/** The service sends nothing to windows: they show what they see. */
function ownTest(): string {
  return t('This is a test alert: so VS Code tells you of alerts.');
}

/** None where the service is from before there were channels. */
async function channelsOf(endpoint: Endpoint): Promise<ChannelRecord[]> {
  try {
    const answer = (await read(endpoint, '/api/v1/channels?limit=1000')) as {
      channels?: ChannelRecord[];
    };
    return answer.channels ?? [];
  } catch (error) {
    if (error instanceof ProductError && error.code === 'ROUTE_UNKNOWN') return [];
    throw error;
  }
}

function itemOf(channel: ChannelRecord): Item {
  const { name, kind, enabled, problem } = channel;
  const description = enabled ? kind : t('{0}, switched off', kind);
  return { label: name, description, ...(problem !== null && { detail: problem }), channel };
}

async function test(app: App, { channel_id, name }: ChannelRecord): Promise<void> {
  const { connection } = app.supervisor;
  const asked = connection.request({ command: 'channel.test', channel_id }, TEST_LIMIT_MS);
  const result = await withProgress(t('Sending a test alert to {0}', name), asked);
  if (!result) return;
  const { ok, message, duration_ms: took } = result.body as ChannelTest;
  if (ok) void vscode.window.showInformationMessage(withoutLinks(sent(name, message, took)));
  else await offerChannel(app, t('The test alert did not reach {0}: {1}', name, message));
}

function sent(name: string, message: string, took: number): string {
  return t('The test alert reached {0} after {1}: {2}', name, duration(took), message);
}

async function offerChannel(app: App, message: string): Promise<void> {
  const answer = await vscode.window.showErrorMessage(withoutLinks(message), t('Show Channels'));
  if (answer !== undefined) app.panels.showAlerts({ tab: 'channels' });
}

/**
 * Undefined when the person does not wait any longer; what is on its way then arrives all the same. Nothing is shown of what
 * is quick: VS Code leaves out the third notification within 800 ms, which would be the outcome.
 */
async function withProgress<T>(title: string, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), QUICK_MS);
  });
  const first = await Promise.race([work, later]).finally(() => clearTimeout(timer));
  return first === LATE ? shownProgress(title, work) : first;
}

const QUICK_MS = 1000;
const LATE = Symbol('late');

function shownProgress<T>(title: string, work: Promise<T>): Thenable<T | undefined> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
    let listening: vscode.Disposable | undefined;
    const cancelled = new Promise<undefined>((resolve) => {
      listening = token.onCancellationRequested(() => resolve(undefined));
    });
    try {
      return await Promise.race([work, cancelled]);
    } finally {
      listening?.dispose();
    }
  });
}
