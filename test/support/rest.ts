/** Answers of routes, held to the table that describes them. */
import assert from 'node:assert/strict';
import { FormatRegistry } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { ErrorCode } from '../../service/protocol/errors.ts';
import { type TestService, call } from './service.ts';

FormatRegistry.Set(
  'date-time',
  (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text)),
);

/** The answer to a GET, checked against the schema of its route. `pattern` is the route's path, when it has parameters. */
export async function read<T = Record<string, unknown>>(
  from: TestService,
  path: string,
  pattern = path.split('?', 1)[0] ?? '',
): Promise<T> {
  const response = await call(from, path);
  const body = (await response.json()) as T;
  assert.equal(response.status, 200, `${path}: ${JSON.stringify(body).slice(0, 300)}`);
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  const route = from.service.routes.find((one) => one.method === 'GET' && one.path === pattern);
  assert.ok(route, `${pattern} is no route`);
  const error = Value.Errors(route.response, body).First();
  assert.equal(error, undefined, `${path}: ${error?.path} ${error?.message}`);
  return body;
}

export interface Problem {
  status: number;
  code: ErrorCode;
  detail: string;
  /** JSON pointer of the first wrong field. */
  field: string | undefined;
}

/** The problem document that answers a request that must fail. */
export async function refusal(
  from: TestService,
  path: string,
  init: RequestInit = {},
): Promise<Problem> {
  const response = await call(from, path, init);
  assert.equal(
    response.headers.get('content-type'),
    'application/problem+json; charset=utf-8',
    path,
  );
  const problem = (await response.json()) as Omit<Problem, 'field'> & {
    errors?: { path: string }[];
  };
  assert.equal(problem.status, response.status);
  const { status, code, detail, errors } = problem;
  return { status, code, detail, field: errors?.[0]?.path };
}

export interface Page {
  total: number;
  next_cursor: string | null;
  truncated: boolean;
}

/** The items of all pages of a list, `limit` at a time; each page must say where the next one begins. */
export async function allPages<T>(
  from: TestService,
  path: string,
  { name, limit, pattern }: { name: string; limit: number; pattern?: string },
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query = `limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`;
    const page: Page & Record<string, unknown> = await read(
      from,
      `${path}${path.includes('?') ? '&' : '?'}${query}`,
      pattern,
    );
    const part = page[name] as T[];
    assert.ok(part.length <= limit);
    assert.equal(page.truncated, page.next_cursor !== null);
    items.push(...part);
    cursor = page.next_cursor;
    if (cursor === null) assert.equal(items.length, page.total);
  } while (cursor !== null);
  return items;
}
