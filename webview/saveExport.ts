/** Fetches a job's export with the page's token and hands it to the browser to save. Returns the file's name. */
export async function saveExport(
  jobId: string,
  format: 'json' | 'csv',
  token: string,
): Promise<string> {
  const path = `/api/v1/monitoring/export/${encodeURIComponent(jobId)}?format=${format}`;
  const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(await reason(answer, jobId));
  const name = fileName(jobId, format);
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the bytes by the next turn or it never will; a minute is far on the safe side.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return name;
}

/** A name every file system takes. */
export function fileName(jobId: string, format: string): string {
  return `${jobId.replace(/[^\w.-]+/g, '_').slice(0, 100)}.${format}`;
}

async function reason(answer: Response, jobId: string): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const detail =
    typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : '';
  const what = `Job ${jobId} could not be exported: the service answered ${answer.status}.`;
  return detail === '' ? `${what} Try again.` : `${what} ${detail}`;
}
