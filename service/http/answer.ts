/** Failures as `application/problem+json`. */
import type { ServerResponse } from 'node:http';
import { ProductError } from '../protocol/errors.ts';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Headers of every answer: nothing of ours is cached, sniffed or framed. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

export function problemHeaders(error: ProductError): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    'content-type': PROBLEM_JSON,
    ...(error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) }),
    ...(error.allow.length === 0 ? {} : { allow: error.allow.join(', ') }),
    ...(error.status === 426 ? { upgrade: 'websocket', connection: 'upgrade' } : {}),
    ...(error.status === 401 ? { 'www-authenticate': 'Bearer realm="pipescope"' } : {}),
  };
}

/** Answers outside the framework, where the guard refuses. The body is not read: the connection ends. */
export function refuse(response: ServerResponse, error: ProductError): void {
  response.writeHead(error.status, { ...problemHeaders(error), connection: 'close' });
  response.end(JSON.stringify(error.toProblem()));
}

/** Any thrown value as the failure that is answered. */
export function toProductError(error: unknown): ProductError {
  return error instanceof ProductError ? error : new ProductError('INTERNAL', { cause: error });
}
