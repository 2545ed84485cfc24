import { join } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { type Demo, startDemo } from '../service/demo.ts';
import { follow } from '../vscode/follow.ts';
import { sayInfo } from '../vscode/messages.ts';
import type { Command } from './command.ts';
import { ready } from './ready.ts';

const SCRIPT = ['examples', 'document-pipeline', 'main.mjs'];
const FAILING = 'P06';

/** Runs the example pipeline against the service; in a checkout that has it, the checkout's own. */
export const runDemo: Command = (app) => async () => {
  const choice = await vscode.window.showQuickPick(choices(), {
    title: t('Run the demo pipeline'),
  });
  if (!choice) return;
  const endpoint = await ready(app);
  const output = join(app.context.logUri.fsPath, `demo-${Date.now()}.log`);
  const { fail } = choice;
  const place = await placeOf(app);
  const demo = await startDemo({
    ...place,
    ...(fail === undefined ? {} : { fail }),
    endpoint,
    output,
  });
  await watch(app, demo, output);
};

function choices(): (vscode.QuickPickItem & { fail?: string })[] {
  return [
    {
      label: t('Run to the end'),
      detail: t('Ten phases over the documents of this folder, 20 to 40 s.'),
    },
    {
      label: t('Let phase {0} fail', FAILING),
      detail: t('The phase throws a real error, to see where it shows.'),
      fail: FAILING,
    },
  ];
}

async function watch(app: App, demo: Demo, output: string): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const options = { location, title: t('The demo pipeline is running.'), cancellable: true };
  const channel = app.demoOutput;
  const code = await vscode.window.withProgress(options, async (_progress, token) => {
    const listening = token.onCancellationRequested(() => demo.stop());
    try {
      await follow(output, channel, demo.ended);
      return await demo.ended;
    } finally {
      listening.dispose();
    }
  });
  if (code === null) {
    channel.show(true);
    void sayInfo(t('The demo pipeline could not be run to its end. Its output says more.'));
  }
}

/** The pipeline to run and the folder it reads: a workspace that holds the pipeline shows its errors at their line. */
async function placeOf(app: App): Promise<{ script: string; root: string }> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  for (const { uri } of vscode.workspace.isTrusted ? folders : []) {
    const script = vscode.Uri.joinPath(uri, ...SCRIPT);
    if (await exists(script)) return { script: script.fsPath, root: uri.fsPath };
  }
  const script = app.context.asAbsolutePath(join('dist', ...SCRIPT));
  return { script, root: folders[0]?.uri.fsPath ?? app.context.extensionPath };
}

function exists(uri: vscode.Uri): Thenable<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false, // the workspace has no such file, as most have not
  );
}
