/**
 * The guard: asked once for every request and every upgrade, before anything else looks at them. In this order:
 * Host -> Origin -> token. What passes carries its role; route, content type and size come after.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ProductError } from '../protocol/errors.ts';
import type { Tokens } from '../protocol/dataDir.ts';
import type { AccessCodes } from './accessCodes.ts';

/**
 * `ingest` may only append events, `admin` may do all, `code` may trade its access code for a token, `none` sees what is open
 * to everybody.
 */
export type Role = 'none' | 'code' | 'ingest' | 'admin';

export interface GuardOptions {
  tokens: Tokens;
  /** What opens the dashboard's page once. */
  codes: Pick<AccessCodes, 'has'>;
  /** Host names the service answers to, without port. */
  hosts: readonly string[];
  /** Milliseconds, monotonic. */
  elapsed: () => number;
  /** Behind a proxy the Host header names the proxy's own address and port. */
  anyPort?: boolean;
}

/** The only addresses that need no token: health and the dashboard's static files. */
const OPEN_PATHS: ReadonlySet<string> = new Set([
  '/',
  '/enhanced-monitor',
  '/healthz',
  '/assets/:file', // as the table of routes names them all
]);
const STATIC_FILE = /^\/assets\/\w[\w.-]*\.(js|css)$/;
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Where events come in, of our own format or of another's. */
const SENDING_PATHS: ReadonlySet<string> = new Set(['/api/v1/events', '/ingest/alertmanager']);

/** Where a pipeline that sends events hears what it is asked; it sees nothing but that. */
const LISTENING_PATHS: ReadonlySet<string> = new Set([
  '/api/v1/control',
  '/api/v1/control/actions',
]);

/** Where an access code stands in the place of a token. */
export const TRADE_PATH = '/api/v1/access-codes/trade';

/** The least role that may make such a request of this path. */
export function leastRole(method: string, path: string): Role {
  if (READING.has(method) && (OPEN_PATHS.has(path) || STATIC_FILE.test(path))) return 'none';
  if (method === 'POST' && path === TRADE_PATH) return 'code';
  if (READING.has(method) && LISTENING_PATHS.has(path)) return 'ingest';
  return method === 'POST' && SENDING_PATHS.has(path) ? 'ingest' : 'admin';
}

const FAILURES_A_MINUTE = 20;
const MINUTE_MS = 60_000;

export class Guard {
  readonly #digests: Record<'ingest' | 'admin', Buffer>;
  readonly #options: GuardOptions;
  #port = 0;
  /** Times of the latest wrong tokens: at most FAILURES_A_MINUTE + 1. */
  #failures: number[] = [];

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#digests = { ingest: digest(options.tokens.ingest), admin: digest(options.tokens.admin) };
  }

  /** The port becomes known when the server listens. */
  listensOn(port: number): void {
    this.#port = port;
  }

  /** Checks Host and Origin. Throws HOST_REFUSED or ORIGIN_REFUSED. */
  checkOrigin(request: IncomingMessage): void {
    const host = this.#checkHost(request);
    const { origin } = request.headers;
    if (origin === undefined) return;
    if (origin !== `http://${host}` && origin !== `https://${host}`)
      throw new ProductError('ORIGIN_REFUSED');
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw new ProductError('ORIGIN_REFUSED');
  }

  /** Checks a request whole; the role it may act in. Throws the refusal. */
  check(request: IncomingMessage): Role {
    this.checkOrigin(request);
    const least = leastRole(request.method ?? '', pathOf(request));
    if (least === 'none') return 'none';
    if (least === 'code' && this.#hasCode(request)) return 'code';
    const role = this.roleOf(request);
    if (role === 'none') throw new ProductError('TOKEN_MISSING');
    if (role === 'ingest' && least !== 'ingest') {
      throw new ProductError('TOKEN_REFUSED', { detail: 'The ingest token may only send events.' });
    }
    return role;
  }

  /** The role of the request's Authorization header: `none` without one. Throws TOKEN_WRONG or TOKEN_RATE_LIMITED. */
  roleOf(request: IncomingMessage): Role {
    const { authorization } = request.headers;
    return authorization === undefined ? 'none' : this.roleOfToken(tokenOf(authorization));
  }

  roleOfToken(token: string): Role {
    const given = digest(token);
    // Both are always compared: time says nothing about which one was close.
    const admin = timingSafeEqual(given, this.#digests.admin);
    const ingest = timingSafeEqual(given, this.#digests.ingest);
    if (admin) return 'admin';
    if (ingest) return 'ingest';
    throw this.#failed();
  }

  #hasCode({ headers }: IncomingMessage): boolean {
    return this.#options.codes.has(tokenOf(headers.authorization ?? ''));
  }

  #failed(): ProductError {
    const now = this.#options.elapsed();
    this.#failures = this.#failures.filter((at) => now - at < MINUTE_MS);
    if (this.#failures.length >= FAILURES_A_MINUTE) {
      return new ProductError('TOKEN_RATE_LIMITED', { retryAfter: 60 });
    }
    this.#failures.push(now);
    return new ProductError('TOKEN_WRONG');
  }

  #checkHost(request: IncomingMessage): string {
    const hosts = request.rawHeaders.filter(
      (_, i, all) => i % 2 === 0 && all[i]?.toLowerCase() === 'host',
    );
    const host = request.headers.host;
    if (hosts.length !== 1 || host === undefined || !(request.url ?? '').startsWith('/')) {
      throw new ProductError('HOST_REFUSED');
    }
    if (!this.#isAllowed(host.toLowerCase())) throw new ProductError('HOST_REFUSED');
    return host;
  }

  #isAllowed(host: string): boolean {
    const { hosts, anyPort } = this.#options;
    if (hosts.some((name) => host === `${name}:${this.#port}`)) return true;
    return anyPort === true && hosts.some((name) => host === name || host.startsWith(`${name}:`));
  }
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** Of an Authorization header: Bearer, or Basic with the token as password for senders that can only put credentials into a URL. */
export function tokenOf(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  const form = scheme.toLowerCase();
  if (form === 'bearer') return value;
  if (form !== 'basic') return '';
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}

/** The path of a request, without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
