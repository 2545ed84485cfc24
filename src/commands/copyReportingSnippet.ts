import * as vscode from 'vscode';
import type { Command } from './command.ts';
import { copySnippet } from './copySnippet.ts';
import { SNIPPETS } from './snippets.ts';

export const copyReportingSnippet: Command = (app) => async () => {
  const snippet = await vscode.window.showQuickPick(SNIPPETS, { title: 'Report from where?' });
  if (snippet) await copySnippet(app, snippet);
};
