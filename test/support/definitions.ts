/** Requests that make and change rules, channels and silences. */
import { type TestService, call } from './service.ts';

export interface Answered {
  status: number;
  etag: string | null;
  body: Record<string, unknown>;
  /** Of a refusal. */
  code: string | undefined;
  /** JSON pointers of the wrong fields. */
  fields: string[];
}

/** Sends a body that is no text as JSON; `match` is the revision that is changed. */
export async function ask(
  to: TestService,
  request: string,
  { body, match }: { body?: unknown; match?: number } = {},
): Promise<Answered> {
  const [method = '', path = ''] = request.split(' ');
  const response = await call(to, path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(match !== undefined && { 'if-match': `"${match}"` }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  const errors = (answer['errors'] ?? []) as { path: string }[];
  return {
    ...{ status: response.status, etag: response.headers.get('etag'), body: answer },
    code: answer['code'] as string | undefined,
    fields: errors.map(({ path: field }) => field),
  };
}
