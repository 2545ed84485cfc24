import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { logFileOf } from '../service/launcher.ts';
import { dataDir } from '../vscode/settings.ts';
import type { Command } from './command.ts';

/** The extension's own log, and beside it the service's where a window started one. */
export const showLogs: Command = (app) => async () => {
  app.log.show(true);
  const uri = vscode.Uri.file(logFileOf(dataDir()));
  const there = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false, // no window has started a service here
  );
  if (!there) {
    app.log.info(
      t('No service log at {0}: the service was not started from a window.', uri.fsPath),
    );
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) });
};
