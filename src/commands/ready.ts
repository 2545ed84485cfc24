import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ProductError } from '../../service/protocol/errors.ts';
import type { App } from '../app.ts';
import type { Endpoint } from '../service/endpoint.ts';

const CONNECT_LIMIT_MS = 10_000;

/** The running service with this window connected to it, started if need be. Fails with a sentence and a code. */
export function ready(app: App): Promise<Endpoint> {
  const { state } = app.supervisor;
  if (state.kind === 'connected') return Promise.resolve(state.endpoint);
  const title = `$(loading~spin) ${t('Pipescope: connecting to the service')}`;
  const options = { location: vscode.ProgressLocation.Window, title };
  return vscode.window.withProgress(options, () => connect(app)) as Promise<Endpoint>;
}

async function connect({ supervisor }: App): Promise<Endpoint> {
  const endpoint = await supervisor.start();
  if (await supervisor.connected(CONNECT_LIMIT_MS)) return endpoint;
  const { state } = supervisor;
  if (state.kind === 'refused') throw new ProductError(state.code, { detail: state.message });
  throw new ProductError('SERVICE_UNREACHABLE', {
    detail: t(
      'The Pipescope service runs, but this window could not connect within 10 s. Show the log, or restart the service.',
    ),
  });
}
