import * as vscode from 'vscode';
import type { Command } from './command.ts';

export const filterJobsByText: Command = (app) => async () => {
  const { preferences } = app.jobsView;
  const text = await vscode.window.showInputBox({
    title: 'Show jobs whose name, id or pipeline holds these words',
    placeHolder: 'Empty: all jobs',
    value: preferences.arrangement.text,
  });
  if (text !== undefined) preferences.filter({ text });
};
