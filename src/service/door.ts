/** A way into the dashboard's page in a browser that keeps the access token out of every list of processes. */
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Endpoint } from './endpoint.ts';

/** The page's address; without a token it asks for one. */
export function pageUrl({ url }: Pick<Endpoint, 'url'>): string {
  return `${url}/enhanced-monitor`;
}

/**
 * Writes `open.html` into the data directory: only this user can read it, and it leads to the page with the token in the
 * fragment, which no server sees. As an argument of the browser the token could be read by everybody. Returns the path.
 */
export async function writeDoor(
  dataDir: string,
  endpoint: Pick<Endpoint, 'url' | 'tokens'>,
  jobId?: string,
): Promise<string> {
  const fragment = new URLSearchParams({ token: endpoint.tokens.admin });
  if (jobId !== undefined) fragment.set('job', jobId);
  const target = attribute(`${pageUrl(endpoint)}#${fragment.toString()}`);
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${target}">`;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'open.html');
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(part, page, { mode: 0o600, flag: 'wx' });
    await chmod(part, 0o600);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return file;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
