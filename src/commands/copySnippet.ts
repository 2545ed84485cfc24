import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { dataDir } from '../vscode/settings.ts';
import { ready } from './ready.ts';
import type { Snippet } from './snippets.ts';

/** Puts the lines on the clipboard, for the service as it runs now, and says what to do with them. */
export async function copySnippet(app: App, snippet: Snippet): Promise<void> {
  const { url } = await ready(app);
  const facts = {
    url,
    tokenFile: join(dataDir(), 'tokens.json'),
    dataDir: dataDir(),
    cli: app.context.asAbsolutePath(join('dist', 'cli.js')),
  };
  await vscode.env.clipboard.writeText(snippet.text(facts));
  void vscode.window.showInformationMessage(snippet.copied);
}
