/** The HTTP server: the guard in front of everything, then Fastify with the routes of the table. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type ErrorCode, ProductError } from '../protocol/errors.ts';
import { SECURITY_HEADERS, problemHeaders, refuse, toProductError } from './answer.ts';
import { MAX_BODY } from './body.ts';
import type { Guard } from './guard.ts';
import { LargeBodies } from './largeBodies.ts';
import { Answer, type Pieces, type Route } from './route.ts';
import { STALL_MS, endWhenStalled } from './stalled.ts';

export interface AppOptions {
  routes: readonly Route[];
  guard: Guard;
  logger: Logger;
  /** Told of every answer: `route` is its pattern, "unknown" where there is none. */
  onAnswered?: (request: {
    method: string;
    route: string;
    status: number;
    seconds: number;
  }) => void;
  /** Milliseconds after which a client that takes nothing of its answer is cut off. */
  stallMs?: number;
}

const MAX_CONNECTIONS = 512;
/** What reaches the framework: others, such as QUERY, it does not know how to answer. */
const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'],
]);

export function createApp(options: AppOptions): FastifyInstance {
  const { logger } = options;
  const app = Fastify({
    bodyLimit: MAX_BODY,
    routerOptions: { maxParamLength: 512 },
    serverFactory: (handler) => guardedServer(options, handler),
    exposeHeadRoutes: true,
    clientErrorHandler: answerUnreadable,
    // A path that cannot be decoded never becomes a route: the framework's own answer would not be a problem document.
    frameworkErrors: (error, _request, reply) => void answerError(reply, error, logger),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const table = new Map(options.routes.map((route) => [`${route.method} ${route.path}`, route]));
  const bodies = new LargeBodies();
  const plain = new Set(options.routes.map(({ path }) => path).filter((one) => !one.includes(':')));
  // The framework takes /rules/kinds for the id of a rule where the method is none of its own.
  const isShadowed = ({ url, routeOptions }: FastifyRequest) =>
    routeOptions.url?.includes(':') === true && plain.has(url.split('?', 1)[0] ?? '');
  app.addHook('onRequest', (request, reply, done) => {
    // The route comes before the content type and the size: an unknown one is never asked for its body.
    if (request.is404 || isShadowed(request)) return done(unknownRoute(options.routes, request));
    const route = table.get(`${request.method} ${request.routeOptions.url ?? ''}`);
    const isLarge = route !== undefined && mayBeLarge(route, request);
    done(
      refusedContentType(route, request) ??
        (isLarge ? bodies.refused(request.raw, reply.raw) : undefined),
    );
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? 'unknown';
    const seconds = reply.elapsedTime / 1000;
    options.onAnswered?.({ method, route, status: reply.statusCode, seconds });
    done();
  });
  app.setErrorHandler((error, _request, reply) => answerError(reply, error, logger));
  app.setNotFoundHandler((request, reply) =>
    answerError(reply, unknownRoute(options.routes, request), logger),
  );
  for (const route of options.routes) register(app, route, { ...options, bodies });
  return app;
}

function guardedServer(
  { guard, routes }: AppOptions,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 15_000,
      // Node looks for late ones only every 30 s by itself.
      connectionsCheckingInterval: 500,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      try {
        guard.check(request);
        if (!METHODS.has(request.method ?? '')) throw unknownRoute(routes, request);
      } catch (error) {
        refuse(response, toProductError(error));
        return;
      }
      handler(request, response);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function register(
  app: FastifyInstance,
  route: Route,
  { logger, bodies, stallMs = STALL_MS }: AppOptions & { bodies: LargeBodies },
): void {
  app.route({
    method: route.method,
    url: route.path,
    ...(route.maxBody === undefined ? {} : { bodyLimit: route.maxBody }),
    handler: async (request, reply) => {
      const result = await bodies.during(request.raw, () =>
        route.handle({
          params: request.params as Record<string, string>,
          query: request.query,
          headers: request.headers,
          peer: request.raw.socket,
          untilGone: () => untilClosed(reply.raw),
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        }),
      );
      endWhenStalled(reply.raw, stallMs);
      return send(reply, result, logger);
    },
  });
}

/** Made for those only who ask: most answers are there before anybody could go. */
function untilClosed(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const end = () => gone.abort(new ProductError('REQUEST_INVALID', { detail: 'The client left.' }));
  if (response.destroyed) end();
  else response.once('close', end);
  return gone.signal;
}

function send(reply: FastifyReply, result: unknown, logger: Logger): FastifyReply {
  const { body, options } = result instanceof Answer ? result : new Answer(result);
  reply
    .code(options.status ?? 200)
    .headers({ ...SECURITY_HEADERS, ...options.headers })
    .type(options.type ?? 'application/json; charset=utf-8');
  // Nothing is read for HEAD: a stream that never began holds nothing.
  if (isPieces(body))
    return reply.send(reply.request.method === 'HEAD' ? '' : stream(body, logger));
  const isReady = typeof body === 'string' || Buffer.isBuffer(body);
  return reply.send(isReady ? body : JSON.stringify(body));
}

function isPieces(body: unknown): body is Pieces {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** What fails on the way cuts the connection, so that nobody takes a part for the whole. */
function stream(pieces: Pieces, logger: Logger): Readable {
  return Readable.from(pieces, { objectMode: false }).on('error', (err) => {
    if (!(err instanceof ProductError))
      logger.error({ err }, 'An answer could not be sent to its end.');
  });
}

/** Whether the body can be larger than those of other routes. One that says no length can. */
function mayBeLarge({ maxBody = MAX_BODY }: Route, { headers }: FastifyRequest): boolean {
  const length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
  return maxBody > MAX_BODY && length > MAX_BODY;
}

/** Only JSON and its relatives are taken, so that no plain form of a foreign page can ever be a request of ours. */
function refusedContentType(
  route: Route | undefined,
  request: FastifyRequest,
): ProductError | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (!route) return undefined;
  const types = Object.keys(route.accepts);
  if (types.length === 0 && type === undefined) return undefined;
  const accepted = types.length > 0 ? types : ['application/json'];
  if (type !== undefined && accepted.includes(type)) return undefined;
  if (route.method === 'GET') return undefined;
  return new ProductError('CONTENT_TYPE_UNSUPPORTED', {
    detail: `Send the body as ${accepted.join(', ')}.`,
  });
}

/** What is answered where no route takes the request: 404, or 405 with the methods that the address knows. */
function unknownRoute(
  routes: readonly Route[],
  { method = '', url = '' }: { method?: string | undefined; url?: string | undefined },
): ProductError {
  const parts = (url.split('?', 1)[0] ?? '').split('/');
  const all = routes.filter((route) => matches(route.path, parts));
  const exact = all.filter(({ path }) => !path.includes(':'));
  const matching = exact.length > 0 ? exact : all;
  const methods = [...new Set(matching.map((route) => route.method))];
  if (methods.length === 0 || methods.some((one) => one === method))
    return new ProductError('ROUTE_UNKNOWN');
  return new ProductError('METHOD_NOT_ALLOWED', {
    detail: `This address takes ${methods.join(' and ')}.`,
    allow: methods.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])),
  });
}

function matches(path: string, parts: readonly string[]): boolean {
  const pattern = path.split('/');
  return (
    pattern.length === parts.length &&
    pattern.every((part, i) => part.startsWith(':') || part === parts[i])
  );
}

/** Failures of the framework's own body reading, by its codes. */
const FRAMEWORK_ERRORS = new Map<string, ErrorCode>(
  Object.entries({
    FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BODY_INVALID',
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CONTENT_TYPE_UNSUPPORTED',
    FST_ERR_CTP_EMPTY_TYPE: 'CONTENT_TYPE_UNSUPPORTED',
    FST_ERR_BAD_URL: 'ROUTE_UNKNOWN',
    FST_ERR_MAX_PARAM_LENGTH: 'ROUTE_UNKNOWN',
  } as const),
);

/** A request that is none, or whose head took too long: Node gives the bare socket. */
function answerUnreadable(_error: Error, socket: Socket): void {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const error = new ProductError('REQUEST_INVALID');
  const body = JSON.stringify(error.toProblem());
  const headers = { ...problemHeaders(error), 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}connection: close\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), 1000).unref();
}

function codeOf(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : '';
  return typeof code === 'string' ? code : '';
}

function answerError(reply: FastifyReply, thrown: unknown, logger: Logger): FastifyReply {
  const known = FRAMEWORK_ERRORS.get(codeOf(thrown));
  const error = known ? new ProductError(known) : toProductError(thrown);
  if (error.code === 'INTERNAL') logger.error({ err: thrown }, 'A request failed.');
  return reply
    .code(error.status)
    .headers(problemHeaders(error))
    .send(JSON.stringify(error.toProblem()));
}
