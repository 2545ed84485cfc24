/** A route as data: what the server registers, what the OpenAPI document describes, what tests walk through. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { ProductError } from '../protocol/errors.ts';
import { describeValueError } from '../protocol/parse.ts';

export interface RouteRequest<Q> {
  params: Record<string, string>;
  query: Q;
  headers: IncomingHttpHeaders;
  /** The body's bytes; empty where the route takes none. */
  body: Buffer;
}

/** An answer that is not plain JSON with status 200. */
export class Answer {
  constructor(
    readonly body: unknown,
    readonly options: { status?: number; type?: string; headers?: Record<string, string> } = {},
  ) {}
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** Fastify's form: `/api/v1/jobs/:job_id`. */
  path: string;
  summary: string;
  query: TObject;
  response: TSchema;
  status: number;
  /** Content types of the body; none when empty. */
  accepts: readonly string[];
  handle(request: RouteRequest<unknown>): unknown;
}

interface RouteOptions<Q extends TObject> {
  method?: Route['method'];
  path: string;
  summary: string;
  query?: Q;
  response: TSchema;
  status?: number;
  accepts?: readonly string[];
  handle(request: RouteRequest<Static<Q>>): unknown;
}

const NO_QUERY = Type.Object({});

export function route<Q extends TObject = typeof NO_QUERY>(options: RouteOptions<Q>): Route {
  const query = options.query ?? NO_QUERY;
  const check = TypeCompiler.Compile(query);
  return {
    method: options.method ?? 'GET',
    path: options.path,
    summary: options.summary,
    query,
    response: options.response,
    status: options.status ?? 200,
    accepts: options.accepts ?? [],
    handle: (request) => {
      const value = Value.Convert(query, { ...(request.query as object) });
      // Listing errors takes many times as long as seeing that there is none.
      const error = check.Check(value) ? undefined : check.Errors(value).First();
      if (error) {
        const field = describeValueError(error);
        throw new ProductError('QUERY_INVALID', {
          detail: `Query parameter ${field.message}`,
          errors: [field],
        });
      }
      return options.handle({ ...request, query: value as Static<Q> });
    },
  };
}

/** A path parameter that the route's own pattern guarantees. */
export function param(request: RouteRequest<unknown>, name: string): string {
  return request.params[name] ?? '';
}
