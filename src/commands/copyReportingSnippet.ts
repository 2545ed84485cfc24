import { join } from 'node:path';
import * as vscode from 'vscode';
import { dataDir } from '../vscode/settings.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';
import { SNIPPETS } from './snippets.ts';

export const copyReportingSnippet: Command = (app) => async () => {
  const snippet = await vscode.window.showQuickPick(SNIPPETS, { title: 'Report from where?' });
  if (!snippet) return;
  const { url } = await ready(app);
  const facts = {
    url,
    tokenFile: join(dataDir(), 'tokens.json'),
    dataDir: dataDir(),
    cli: app.context.asAbsolutePath(join('dist', 'cli.js')),
  };
  await vscode.env.clipboard.writeText(snippet.text(facts));
  void vscode.window.showInformationMessage(
    `Copied the lines for ${snippet.label}. Put them into your pipeline and run it.`,
  );
};
