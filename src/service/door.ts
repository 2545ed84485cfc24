/** A way into the dashboard's page in a browser that keeps the access token out of every list of processes. */
import { type IncomingMessage, request } from 'node:http';
import { t } from '@vscode/l10n';
import { ProductError } from '../../service/protocol/errors.ts';
import type { Endpoint } from './endpoint.ts';

const ANSWER_LIMIT_MS = 10_000;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
const MOST_CHARACTERS = 4096;

/** The page's address; without a code it asks for a token. */
export function pageUrl({ url }: Pick<Endpoint, 'url'>): string {
  return `${url}/enhanced-monitor`;
}

/** Whether the service answers at this address of its page: it refuses all names and ports but its own on this machine. */
export function answersAt(endpoint: Pick<Endpoint, 'url'>, address: string): boolean {
  const own = new URL(pageUrl(endpoint));
  const { protocol, hostname, port, pathname } = new URL(address);
  const isNear = LOOPBACK.has(hostname) || hostname === own.hostname;
  return protocol === own.protocol && isNear && port === own.port && pathname === own.pathname;
}

/**
 * The page's address with a code that the page trades for the token, once and soon: as an argument of the browser it can be
 * read by everybody, and is worth nothing to them. Throws SERVICE_UNREACHABLE.
 */
export async function doorTo(
  endpoint: Pick<Endpoint, 'url' | 'tokens'>,
  jobId?: string,
): Promise<string> {
  const response = await post(endpoint, jobId === undefined ? {} : { job_id: jobId });
  const code = /^\{"code":"([\w-]+)"/.exec(await textOf(response))?.[1];
  const { statusCode = 0 } = response;
  if (statusCode !== 201 || code === undefined)
    throw unreachable(t('The service answered {0}.', statusCode));
  return `${pageUrl(endpoint)}#code=${code}`;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) {
    text += String(piece);
    // Another program on the port may send without end.
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}

function post(
  { url, tokens }: Pick<Endpoint, 'url' | 'tokens'>,
  body: object,
): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, agent: false, signal };
    request(`${url}/api/v1/access-codes`, options, resolve)
      .on('error', (cause) =>
        reject(unreachable(t('No Pipescope service answers. Start the service.'), cause)),
      )
      .end(JSON.stringify(body));
  });
}

function unreachable(detail: string, cause?: Error): ProductError {
  return new ProductError('SERVICE_UNREACHABLE', { detail, cause });
}
