import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import { UNKNOWN } from '../../service/protocol/describe.ts';
import { ProductError } from '../../service/protocol/errors.ts';

export interface Download {
  url: string;
  token: string;
  /** The file to write. It is replaced only by a whole download. */
  path: string;
  signal: AbortSignal;
  /** Called with the bytes that arrived so far. */
  onProgress: (bytes: number) => void;
}

const CONNECT_LIMIT_MS = 15_000;
const LONGEST_PROBLEM = 64 * 1024;

/** Streams an answer of the service into a file and gives its size in bytes. Fails with a `ProductError`, or an abort. */
export async function download({
  url,
  token,
  path,
  signal,
  onProgress,
}: Download): Promise<number> {
  const response = await request(url, token, signal);
  if (response.statusCode !== 200) throw await problemOf(response);
  const part = `${path}.${randomUUID()}.part`;
  try {
    let bytes = 0;
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        onProgress(bytes);
        done(null, chunk);
      },
    });
    await pipeline(response, counter, createWriteStream(part, { flags: 'wx' }), { signal });
    await syncFile(part);
    await rename(part, path);
    return bytes;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function request(url: string, token: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` };
    const sent = get(url, { headers, agent: false, signal, timeout: CONNECT_LIMIT_MS }, resolve);
    sent.on('timeout', () => sent.destroy(new Error(t('The service did not answer within 15 s.'))));
    sent.on('error', reject);
  });
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The sentence of the service's own error document. */
async function problemOf(response: IncomingMessage): Promise<ProductError> {
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    body += String(chunk);
    if (body.length > LONGEST_PROBLEM) break;
  }
  const detail = detailIn(body) ?? t('The service answered {0}.', response.statusCode ?? UNKNOWN);
  return new ProductError('INTERNAL', { detail });
}

function detailIn(body: string): string | undefined {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    return undefined; // not the service's own document: the status has to do
  }
}
