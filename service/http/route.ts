/** A route as data: what the server registers, what the OpenAPI document describes, what tests walk through. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Static, type TObject, type TSchema, type TUnknown, Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { type ErrorCode, type FieldError, ProductError, messageOf } from '../protocol/errors.ts';
import { describeValueError, printable } from '../protocol/parse.ts';
import type { Peer } from './peer.ts';

export interface RouteRequest<Q, B = unknown> {
  params: Record<string, string>;
  query: Q;
  headers: IncomingHttpHeaders;
  /** The connection that it came by. */
  peer: Peer;
  /** A signal that ends when the client goes before it has its answer. */
  untilGone: () => AbortSignal;
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
  /** True where parameters that `query` does not name may come as well. */
  openQuery: boolean;
  /** Request headers that mean something here, beside those of every request. */
  headers: TObject;
  response: TSchema;
  status: number;
  /** Other statuses that come with the same body. */
  otherStatuses: readonly number[];
  /** What it may be refused with, beyond what any route is refused with. */
  fails: readonly ErrorCode[];
  /** Content types of the body, with what each has to be; none when empty. */
  accepts: Readonly<Record<string, TSchema>>;
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
  /** Takes other parameters too: names that the route checks itself, or that mean nothing to a page or a scrape. */
  openQuery?: boolean;
  headers?: TObject;
  response: TSchema;
  status?: number;
  otherStatuses?: readonly number[];
  fails?: readonly ErrorCode[];
  accepts?: Route['accepts'];
  /** Schema of a JSON body, checked before `handle` gets it as `input`. */
  body?: B;
  /** Says better than the schema can what is wrong with the body, and what to do. */
  explain?: (fault: FieldError) => FieldError;
  maxBody?: number;
  produces?: readonly string[];
  handle(request: RouteRequest<Static<Q>, Static<B>>): unknown;
}

const NONE = Type.Object({});

export function route<Q extends TObject = typeof NONE, B extends TSchema = TUnknown>(
  options: RouteOptions<Q, B>,
): Route {
  const { method = 'GET', path, summary, response, status = 200, body } = options;
  const { openQuery = false } = options;
  const query = options.query ?? NONE;
  const checkQuery = TypeCompiler.Compile(query);
  const checkBody = body && TypeCompiler.Compile(body);
  const { explain = (fault: FieldError) => fault } = options;
  return {
    ...{ method, path, summary, query, openQuery, response, status },
    headers: options.headers ?? NONE,
    otherStatuses: options.otherStatuses ?? [],
    fails: options.fails ?? [],
    accepts: options.accepts ?? (body ? { 'application/json': body } : {}),
    maxBody: options.maxBody,
    produces: options.produces ?? ['application/json'],
    handle: (request) => {
      if (!openQuery) checkNames(query, request.query as object);
      const value = converted(query, request.query as object);
      // Listing errors takes many times as long as seeing that there is none.
      const error = checkQuery.Check(value) ? undefined : checkQuery.Errors(value).First();
      if (error) {
        const field = describeValueError(error);
        throw new ProductError('QUERY_INVALID', {
          detail: `Query parameter ${field.message}`,
          errors: [field],
        });
      }
      const input = checkBody ? parseBody(request.body, checkBody, explain) : undefined;
      return options.handle({ ...request, query: value, input: input });
    },
  };
}

/** A parameter that nobody reads would look like a filter that matched everything. */
function checkNames({ properties }: TObject, query: object): void {
  const unknown = Object.keys(query).find((name) => !Object.hasOwn(properties, name));
  if (unknown === undefined) return;
  const known = Object.keys(properties).join(', ');
  const message = known === '' ? 'This address takes none.' : `Use ${known}.`;
  throw new ProductError('QUERY_INVALID', {
    detail: `There is no query parameter "${printable(unknown)}" here. ${message}`,
    errors: [{ path: `/${printable(unknown)}`, message }],
  });
}

const INTEGER = /^-?\d{1,15}$/;
const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;

/** Texts of the query as the schema's numbers and truth values. What is none stays text: the check refuses it. */
function converted(schema: TObject, query: object): Record<string, unknown> {
  const value: Record<string, unknown> = { ...query };
  for (const [name, { type }] of Object.entries(schema.properties)) {
    const text = value[name];
    if (typeof text !== 'string') continue;
    const isNumber =
      (type === 'integer' && INTEGER.test(text)) || (type === 'number' && DECIMAL.test(text));
    if (isNumber) value[name] = Number(text);
    if (type === 'boolean' && (text === 'true' || text === 'false')) value[name] = text === 'true';
  }
  return value;
}

/** Throws BODY_INVALID naming the first field that is wrong. */
function parseBody(
  body: Buffer,
  check: TypeCheck<TSchema>,
  explain: (fault: FieldError) => FieldError,
): unknown {
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
  const field = explain(describeValueError(error));
  throw new ProductError('BODY_INVALID', { detail: field.message, errors: [field] });
}

/** A path parameter that the route's own pattern guarantees. */
export function param(request: RouteRequest<unknown>, name: string): string {
  return request.params[name] ?? '';
}
