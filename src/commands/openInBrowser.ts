import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ProductError } from '../../service/protocol/errors.ts';
import { answersAt, doorTo, pageUrl } from '../service/door.ts';
import type { Endpoint } from '../service/endpoint.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

/** The dashboard's page in the browser of the person's own machine: VS Code forwards the port of a remote one. */
export const openInBrowser: Command = (app) => async (target) => {
  const endpoint = await ready(app);
  await checkForwarding(endpoint);
  const door = vscode.Uri.parse(await doorTo(endpoint, target?.jobId), true);
  if (await vscode.env.openExternal(door)) return;
  throw new ProductError('INTERNAL', {
    detail: t(
      'No browser could be started. Open {0} in one: the page asks for the token.',
      pageUrl(endpoint),
    ),
  });
};

/** Where the port is forwarded to another address, the service would refuse the page: better one sentence than that. */
async function checkForwarding(endpoint: Endpoint): Promise<void> {
  const page = pageUrl(endpoint);
  const forwarded = (await vscode.env.asExternalUri(vscode.Uri.parse(page, true))).toString(true);
  if (answersAt(endpoint, forwarded)) return;
  throw new ProductError('SERVICE_UNREACHABLE', {
    detail: t(
      'This window forwards the dashboard to {0}, and the service answers at {1} only. Forward its port to the same port of your machine, then try again.',
      forwarded,
      page,
    ),
  });
}
