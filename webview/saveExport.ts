import { t } from '@vscode/l10n';
import type { ExportFormat } from '../service/protocol/frame.ts';
import { saveBlob } from './browserHost.ts';

/** Fetches a job's export with the page's token and hands it to the browser to save. Returns the file's name. */
export async function saveExport(
  jobId: string,
  format: ExportFormat,
  token: string,
): Promise<string> {
  const path = `/api/v1/monitoring/export/${encodeURIComponent(jobId)}?format=${format}`;
  const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(await reason(answer, jobId));
  const name = fileName(jobId, format);
  saveBlob(await answer.blob(), name);
  return name;
}

/** A name every file system takes. */
export function fileName(jobId: string, format: string): string {
  return `${jobId.replace(/[^\p{L}\p{N}_.-]+/gu, '_').slice(0, 100)}.${format}`;
}

async function reason(answer: Response, jobId: string): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const detail =
    typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : '';
  const what = t('Job {0} could not be exported: the service answered {1}.', jobId, answer.status);
  return `${what} ${detail === '' ? t('Try again.') : detail}`;
}
