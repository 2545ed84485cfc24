/** One HTTP request over one connection of its own. */
import {
  type ClientRequest,
  type IncomingMessage,
  Agent,
  request as requestPlain,
} from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';
import type { LookupFunction } from 'node:net';
import { VERSION } from '../../../protocol/version.ts';
import { ChannelError } from '../error.ts';
import { networkError } from './networkErrors.ts';

export interface Outgoing {
  url: URL;
  method: 'POST' | 'PUT';
  headers: Readonly<Record<string, string>>;
  body: string;
  allowPrivate: boolean;
}

export interface Answer {
  status: number;
  retryAfter: string | undefined;
  location: string | undefined;
  /** The begin of the body. */
  text: string;
}

export interface RequestOptions {
  lookup: LookupFunction;
  ca: string[] | undefined;
  signal: AbortSignal;
}

/** Answers say what they have to say in less. */
const MAX_ANSWER = 16 * 1024;
/** The status has come: what follows is worth so much waiting. */
const BODY_MS = 2000;

/** Rejects with ChannelError. Ends with the signal. Agents of its own: the global ones may be told of proxies. */
export function post(outgoing: Outgoing, options: RequestOptions): Promise<Answer> {
  const { url, method } = outgoing;
  const body = Buffer.from(outgoing.body);
  const headers = {
    'user-agent': `Pipescope/${VERSION}`,
    ...outgoing.headers,
    'content-length': String(body.byteLength),
  };
  const { ca, lookup, signal } = options;
  const shared = { method, headers, lookup, signal };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? requestSecure(url, { ...shared, ...(ca && { ca }), agent: new SecureAgent() })
        : requestPlain(url, { ...shared, agent: new Agent() });
    request.on('error', (error) => reject(networkError(error, url.host)));
    request.on('response', (response) => void read(response, request).then(resolve, reject));
    // Nobody was asked to change the protocol.
    request.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new ChannelError(`${url.host} answered with another protocol.`, { permanent: true }));
    });
    request.end(body);
  });
}

/** Ends the connection once enough of the answer is there, or no more comes. */
async function read(response: IncomingMessage, request: ClientRequest): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, BODY_MS);
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size >= MAX_ANSWER) resolve();
    });
    // The status is known: an answer that breaks off says as much as one that ends.
    response.on('error', () => resolve());
    response.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  request.destroy();
  const { statusCode = 0, headers } = response;
  return {
    status: statusCode,
    retryAfter: headers['retry-after'],
    location: headers.location,
    text: Buffer.concat(chunks).subarray(0, MAX_ANSWER).toString('utf8'),
  };
}
