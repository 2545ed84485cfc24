/** A route as data: what the server registers, what the OpenAPI document describes, what tests walk through. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Static, type TObject, type TSchema, type TUnknown, Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { describeValueError } from '../protocol/parse.ts';

export interface RouteRequest<Q, B = unknown> {
  params: Record<string, string>;
  query: Q;
  headers: IncomingHttpHeaders;
  /** The body's bytes; empty where the route takes none. */
  body: Buffer;
  /** The body as the route's schema wants it; undefined where the route has none. */
  input: B;
}

/** A body that is made while it is sent: text or bytes, a piece at a time, only as fast as the client takes it. */
export type Pieces = AsyncIterable<string | Uint8Array>;

/** An answer that is not plain JSON with status 200. A body of `Pieces` is streamed. */
export class Answer {
  constructor(
    readonly body: unknown,
    readonly options: { status?: number; type?: string; headers?: Record<string, string> } = {},
  ) {}
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Fastify's form: `/api/v1/jobs/:job_id`. */
  path: string;
  summary: string;
  query: TObject;
  response: TSchema;
  status: number;
  /** Content types of the body; none when empty. */
  accepts: readonly string[];
  /** What a JSON body has to be; bodies of other kinds have none. */
  body: TSchema | null;
  /** Bytes a body may have; undefined for the usual. */
  maxBody: number | undefined;
  /** Content types of the answer; `response` is what the JSON of one of them is. */
  produces: readonly string[];
  handle(request: Omit<RouteRequest<unknown>, 'input'>): unknown;
}

interface RouteOptions<Q extends TObject, B extends TSchema> {
  method?: Route['method'];
  path: string;
  summary: string;
  query?: Q;
  response: TSchema;
  status?: number;
  accepts?: readonly string[];
  /** Schema of a JSON body, checked before `handle` gets it as `input`. */
  body?: B;
  maxBody?: number;
  produces?: readonly string[];
  handle(request: RouteRequest<Static<Q>, Static<B>>): unknown;
}

const NO_QUERY = Type.Object({});

export function route<Q extends TObject = typeof NO_QUERY, B extends TSchema = TUnknown>(
  options: RouteOptions<Q, B>,
): Route {
  const { method = 'GET', path, summary, response, status = 200, body } = options;
  const query = options.query ?? NO_QUERY;
  const checkQuery = TypeCompiler.Compile(query);
  const checkBody = body && TypeCompiler.Compile(body);
  return {
    ...{ method, path, summary, query, response, status, body: body ?? null },
    accepts: options.accepts ?? (body ? ['application/json'] : []),
    maxBody: options.maxBody,
    produces: options.produces ?? ['application/json'],
    handle: (request) => {
      const value = Value.Convert(query, { ...(request.query as object) });
      // Listing errors takes many times as long as seeing that there is none.
      const error = checkQuery.Check(value) ? undefined : checkQuery.Errors(value).First();
      if (error) {
        const field = describeValueError(error);
        throw new ProductError('QUERY_INVALID', {
          detail: `Query parameter ${field.message}`,
          errors: [field],
        });
      }
      const input = checkBody ? parseBody(request.body, checkBody) : undefined;
      return options.handle({ ...request, query: value as Static<Q>, input: input });
    },
  };
}

/** Throws BODY_INVALID naming the first field that is wrong. */
function parseBody(body: Buffer, check: TypeCheck<TSchema>): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new ProductError('BODY_INVALID', {
      detail: `The body is not valid JSON: ${messageOf(error)}.`,
    });
  }
  const error = check.Check(value) ? undefined : check.Errors(value).First();
  if (!error) return value;
  const field = describeValueError(error);
  throw new ProductError('BODY_INVALID', { detail: field.message, errors: [field] });
}

/** A path parameter that the route's own pattern guarantees. */
export function param(request: RouteRequest<unknown>, name: string): string {
  return request.params[name] ?? '';
}
