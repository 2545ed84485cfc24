import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Command } from './command.ts';

export const filterJobsByText: Command = (app) => async () => {
  const { preferences } = app.jobsView;
  const text = await vscode.window.showInputBox({
    title: t('Show jobs whose name, id or pipeline holds these words'),
    placeHolder: t('Empty: all jobs'),
    value: preferences.arrangement.text,
  });
  if (text !== undefined) preferences.filter({ text });
};
