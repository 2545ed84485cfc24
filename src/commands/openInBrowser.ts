import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ProductError } from '../../service/protocol/errors.ts';
import { pageUrl, writeDoor } from '../service/door.ts';
import type { Endpoint } from '../service/endpoint.ts';
import { dataDir } from '../vscode/settings.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** The dashboard's page in the browser of this machine; the token is in no argument of any process. */
export const openInBrowser: Command = (app) => async (target) => {
  const endpoint = await ready(app);
  const local = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  if (!local) {
    await openForwarded(endpoint);
    return;
  }
  const door = await writeDoor(dataDir(), endpoint, target?.jobId);
  if (await vscode.env.openExternal(vscode.Uri.file(door))) return;
  throw new ProductError('INTERNAL', {
    detail: t(
      'No browser could be started. Open {0} in one: the page asks for the token.',
      pageUrl(endpoint),
    ),
  });
};

/** Files of a remote machine are not there for the browser: it gets a forwarded address, and the person brings the token. */
async function openForwarded(endpoint: Endpoint): Promise<void> {
  const copy = t('Copy Token and Open');
  const message = t(
    'The dashboard opens in the browser of your own machine and asks for the access token once. Paste it there.',
  );
  if ((await vscode.window.showInformationMessage(message, copy)) !== copy) return;
  await vscode.env.clipboard.writeText(endpoint.tokens.admin);
  const address = await vscode.env.asExternalUri(vscode.Uri.parse(pageUrl(endpoint)));
  await vscode.env.openExternal(address);
}
