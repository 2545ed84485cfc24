import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Command } from './command.ts';
import { copySnippet } from './copySnippet.ts';
import { snippets } from './snippets.ts';

export const copyReportingSnippet: Command = (app) => async () => {
  const snippet = await vscode.window.showQuickPick(snippets(), { title: t('Report from where?') });
  if (snippet) await copySnippet(app, snippet);
};
