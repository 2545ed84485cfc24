import { homedir } from 'node:os';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { bytes } from '../../service/protocol/describe.ts';
import type { ExportFormat } from '../../service/protocol/frame.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import type { Command } from './command.ts';
import { download } from './download.ts';
import { pickJob } from './pick.ts';
import { ready } from './ready.ts';

const FORMAT_NAMES: Record<ExportFormat, () => string> = {
  json: () => 'JSON',
  csv: () => 'CSV',
  zip: () => t('CSV, a file a table'),
  html: () => t('Page'),
};
const FORMATS = Object.keys(FORMAT_NAMES) as ExportFormat[];

/** Writes all that is known of a job into a file, in the format that the name's ending says; JSON for any other. */
export const exportJob: Command = (app) => async (target, wanted) => {
  const { url, tokens } = await ready(app);
  const none = t('There is no job to export yet.');
  const job = await pickJob(app, target, { title: t('Export which job?'), none });
  const file = job && (await askFile(job, FORMATS.find((one) => one === wanted) ?? 'json'));
  if (!file) return;
  const format = FORMATS.find((one) => file.path.toLowerCase().endsWith(`.${one}`)) ?? 'json';
  const path = `/api/v1/monitoring/export/${encodeURIComponent(job.job_id)}?format=${format}`;
  const size = await withProgress(t('Exporting {0}', job.name), (signal, onProgress) =>
    download({ url: `${url}${path}`, token: tokens.admin, path: file.fsPath, signal, onProgress }),
  );
  if (size === undefined) return;
  const message = t('Exported {0} to {1} ({2}).', job.name, file.fsPath, bytes(size));
  const answer = await vscode.window.showInformationMessage(message, t('Open File'));
  if (answer) await vscode.commands.executeCommand('vscode.open', file);
};

async function askFile(job: JobRecord, format: ExportFormat): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const name = `${job.name}-${job.job_id}`.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 120);
  const formats = [format, ...FORMATS.filter((one) => one !== format)];
  return vscode.window.showSaveDialog({
    title: t('Export {0}', job.name),
    saveLabel: t('Export'),
    defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`),
    filters: Object.fromEntries(formats.map((one) => [FORMAT_NAMES[one](), [one]] as const)),
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
