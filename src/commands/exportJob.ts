import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { bytes } from '../../service/protocol/describe.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { Command } from './command.ts';
import { download } from './download.ts';
import { pickJob } from './pick.ts';
import { ready } from './ready.ts';

const FILTERS = {
  json: ['JSON', ['json']],
  csv: ['CSV', ['csv']],
  zip: ['CSV, a file a table', ['zip']],
  html: ['Page', ['html']],
} as const;
type Format = keyof typeof FILTERS;
const FORMATS = Object.keys(FILTERS) as Format[];

/** Writes all that is known of a job into a file, in the format that the name's ending says; JSON for any other. */
export const exportJob: Command = (app) => async (target, wanted) => {
  const { url, tokens } = await ready(app);
  const none = 'There is no job to export yet.';
  const job = await pickJob(app, target, { title: 'Export which job?', none });
  const file = job && (await askFile(job, FORMATS.find((one) => one === wanted) ?? 'json'));
  if (!file) return;
  const format = FORMATS.find((one) => file.path.toLowerCase().endsWith(`.${one}`)) ?? 'json';
  const path = `/api/v1/monitoring/export/${encodeURIComponent(job.job_id)}?format=${format}`;
  const size = await withProgress(`Exporting ${job.name}`, (signal, onProgress) =>
    download({ url: `${url}${path}`, token: tokens.admin, path: file.fsPath, signal, onProgress }),
  );
  if (size === undefined) return;
  const message = `Exported ${job.name} to ${file.fsPath} (${bytes(size)}).`;
  const answer = await vscode.window.showInformationMessage(message, 'Open File');
  if (answer) await vscode.commands.executeCommand('vscode.open', file);
};

async function askFile(job: JobRecord, format: Format): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const name = `${job.name}-${job.job_id}`.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 120);
  const formats = [format, ...FORMATS.filter((one) => one !== format)];
  return vscode.window.showSaveDialog({
    title: `Export ${job.name}`,
    saveLabel: 'Export',
    defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`),
    filters: Object.fromEntries(
      formats.map((one) => [FILTERS[one][0], [...FILTERS[one][1]]] as const),
    ),
  });
}

/** Undefined when the person cancels: the file stands as it was then. */
async function withProgress(
  title: string,
  task: (signal: AbortSignal, onProgress: (bytes: number) => void) => Promise<number>,
): Promise<number | undefined> {
  const abort = new AbortController();
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title, cancellable: true },
    async (progress, token) => {
      const listening = token.onCancellationRequested(() => abort.abort());
      try {
        return await task(abort.signal, (done) => progress.report({ message: bytes(done) }));
      } catch (error) {
        if (abort.signal.aborted) return undefined;
        throw error;
      } finally {
        listening.dispose();
      }
    },
  );
}
