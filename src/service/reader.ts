/** Asks the service's REST for a dashboard page: a webview reaches no network, so its window asks in its name. */
import { get, type IncomingMessage } from 'node:http';
import { t } from '@vscode/l10n';
import { bytes, duration } from '../../service/protocol/describe.ts';
import {
  type ErrorCode,
  isErrorCode,
  messageOf,
  ProductError,
} from '../../service/protocol/errors.ts';
import type { HostMessage } from '../../service/protocol/frame.ts';
import type { Disposable } from '../lifetime.ts';
import type { Endpoint } from './endpoint.ts';

type Got = Extract<HostMessage, { type: 'got' }>;
interface Question {
  ref: number;
  path: string;
}

const MOST_AT_ONCE = 6;
/** A page that asks for more at a time does something wrong; the rest is refused, not kept. */
const MOST_WAITING = 100;
const ANSWER_LIMIT_MS = 30_000;
const MOST_BYTES = 32 * 1024 * 1024;

export interface ReaderLimits {
  /** Milliseconds after which an answer has to be here, all of it. */
  answerMs: number;
  bytes: number;
}

export class Reader implements Disposable {
  private readonly running = new Map<number, AbortController>();
  private waiting: Question[] = [];
  private ended = false;

  constructor(
    private readonly endpoint: () => Endpoint | undefined,
    private readonly answer: (message: Got) => void,
    private readonly limits: ReaderLimits = { answerMs: ANSWER_LIMIT_MS, bytes: MOST_BYTES },
  ) {}

  ask(ref: number, path: string): void {
    if (this.ended) return;
    if (this.waiting.length >= MOST_WAITING) {
      this.fail(ref, 'INTERNAL', t('The page asks for too much at once. Reload it.'));
      return;
    }
    this.waiting.push({ ref, path });
    this.next();
  }

  cancel(ref: number): void {
    this.waiting = this.waiting.filter((question) => question.ref !== ref);
    this.running.get(ref)?.abort();
  }

  /** Forgets every question: the page that asked is gone. */
  clear(): void {
    this.waiting = [];
    for (const abort of this.running.values()) abort.abort();
  }

  dispose(): void {
    this.ended = true;
    this.clear();
  }

  private next(): void {
    while (this.running.size < MOST_AT_ONCE) {
      const question = this.waiting.shift();
      if (!question) return;
      void this.read(question);
    }
  }

  private async read({ ref, path }: Question): Promise<void> {
    const endpoint = this.endpoint();
    if (!endpoint) {
      this.fail(ref, 'SERVICE_UNREACHABLE', t('No Pipescope service answers. Start the service.'));
      return;
    }
    const abort = new AbortController();
    this.running.set(ref, abort);
    const late = setTimeout(() => {
      this.fail(ref, 'SERVICE_UNREACHABLE', tooLate(this.limits.answerMs));
      abort.abort();
    }, this.limits.answerMs);
    try {
      const got = await request(endpoint, path, { signal: abort.signal, bytes: this.limits.bytes });
      if (!abort.signal.aborted) this.answer({ type: 'got', ref, ...got });
    } catch (error) {
      if (!abort.signal.aborted) this.fail(ref, 'SERVICE_UNREACHABLE', messageOf(error));
    } finally {
      clearTimeout(late);
      this.running.delete(ref);
      this.next();
    }
  }

  private fail(ref: number, code: ErrorCode, message: string): void {
    this.answer({ type: 'got', ref, ok: false, code, message });
  }
}

/** The answer to one question of this window's own; fails with the service's words. */
export async function read(endpoint: Endpoint, path: string): Promise<unknown> {
  const bounds = { signal: AbortSignal.timeout(ANSWER_LIMIT_MS), bytes: MOST_BYTES };
  const got = await request(endpoint, path, bounds);
  if (got.ok) return got.body;
  throw new ProductError(got.code, { detail: got.message });
}

type Outcome = { ok: true; body: unknown } | { ok: false; code: ErrorCode; message: string };

interface Bounds {
  signal: AbortSignal;
  bytes: number;
}

async function request(endpoint: Endpoint, path: string, bounds: Bounds): Promise<Outcome> {
  const response = await open(`${endpoint.url}${path}`, endpoint.tokens.admin, bounds.signal);
  const body = bodyOf(await textOf(response, bounds.bytes));
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300 && body !== undefined) return { ok: true, body };
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown };
  return {
    ok: false,
    code: isErrorCode(code) ? code : 'INTERNAL',
    message: typeof detail === 'string' ? detail : t('The service answered {0}.', statusCode),
  };
}

function open(url: string, token: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` };
    get(url, { headers, agent: false, signal }, resolve).on('error', reject);
  });
}

async function textOf(response: IncomingMessage, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > most)
      throw new Error(t('The answer is larger than {0}. Ask for less.', bytes(most)));
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Undefined for what is no JSON: an address that answers a file, or another program on the port. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tooLate(ms: number): string {
  return t('The service did not answer within {0}.', duration(ms));
}
