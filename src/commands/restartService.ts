import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Command } from './command.ts';

export const restartService: Command = (app) => async () => {
  const title = `$(loading~spin) ${t('Pipescope: restarting the service')}`;
  const options = { location: vscode.ProgressLocation.Window, title };
  await vscode.window.withProgress(options, () => app.supervisor.restart());
};
