/** The OpenAPI 3.1 document, from the same table that the server registers. */
import type { TObject } from '@sinclair/typebox';
import { ERRORS, type ErrorCode } from '../protocol/errors.ts';
import { VERSION } from '../protocol/version.ts';
import { type Role, leastRole } from './guard.ts';
import { type Json, finished } from './openapiSchemas.ts';
import type { Route } from './route.ts';

const DESCRIPTION = `Records of jobs, phases, workers, tasks, queues, models, endpoints and caches, as they are now, and
their past. Lists take \`limit\` and \`cursor\` and answer \`total\`, \`next_cursor\` and \`truncated\`; filters act before
the limit. Times are RFC 3339, units stand in the names, \`null\` is "not known". What fails is answered as
application/problem+json with a stable \`code\`. Every GET answers HEAD, too; any other method is answered 405 with
Allow. Live records come over the WebSocket at /ws (docs/websocket.md).`;

const TAGS = [
  { name: 'Monitoring', description: 'Jobs, their phases and what belongs to them.' },
  { name: 'Pipeline', description: 'Executions (jobs) and stages (phases) in figures.' },
  { name: 'Application', description: 'Requests, models, caches and their alerts.' },
  { name: 'Performance', description: 'This machine, bottlenecks and optimizations.' },
  { name: 'Records', description: 'All records, time series, exports and settings.' },
  { name: 'Service', description: 'The service itself: its pages, health and metrics.' },
];

export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  const responses: Json = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, responses) };
  }
  return finished({
    openapi: '3.1.0',
    info: {
      title: 'Pipescope',
      version: VERSION,
      description: DESCRIPTION.replaceAll('\n', ' '),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: TAGS,
    security: securityOf('admin'),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: '`pipescope token` prints it.' },
        basic: { type: 'http', scheme: 'basic', description: 'The token is the password.' },
      },
      responses,
    },
  });
}

function operation(route: Route, responses: Json): Json {
  const role = leastRole(route.method, route.path);
  const hasBody = Object.keys(route.accepts).length > 0;
  return {
    tags: [tagOf(route.path)],
    summary: route.summary,
    operationId: operationId(route),
    ...(role === 'admin' ? {} : { security: securityOf(role) }),
    // A socket may give its token in the first frame as well.
    ...(route.status === 101 ? { security: [...securityOf('ingest'), {}] } : {}),
    parameters: [
      ...pathParameters(route),
      ...parameters('query', route.query),
      ...parameters('header', route.headers),
    ],
    ...(hasBody ? { requestBody: requestBody(route) } : {}),
    responses: { ...answers(route), ...refusals(codesOf(route, role), responses) },
  };
}

/** `GET /api/v1/jobs/:job_id` -> `getApiV1JobsByJobId`. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace(/:/g, 'by-')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `${method.toLowerCase()}${name || 'Root'}`;
}

const TAG_PATHS: readonly (readonly [start: RegExp, tag: string])[] = [
  [/^\/api\/v1\/monitoring\//, 'Monitoring'],
  [/^\/api\/v1\/(openapi|diagnostics|access-codes)/, 'Service'],
  [/^\/api\/v1\//, 'Records'],
  [/^\/api\/pipeline\//, 'Pipeline'],
  [/^\/api\//, 'Performance'],
  [/^\/(metrics|alerts)\/|^\/health$/, 'Application'],
];

function tagOf(path: string): string {
  return TAG_PATHS.find(([start]) => start.test(path))?.[1] ?? 'Service';
}

/** Either token will do where the lesser one does. OpenAPI 3.1 names roles in the lists. */
function securityOf(role: Role): Json[] {
  if (role === 'none') return [];
  if (role === 'code') return [{ bearer: ['code'] }, { basic: ['code'] }];
  const roles = role === 'ingest' ? ['ingest', 'admin'] : ['admin'];
  return roles.flatMap((one) => [{ bearer: [one] }, { basic: [one] }]);
}

function pathParameters({ path }: Route): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: `the ${name.replace('_id', '')}, percent-encoded`,
    schema: { type: 'string', minLength: 1 },
  }));
}

function parameters(place: 'query' | 'header', { properties, required = [] }: TObject): Json[] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function requestBody({ accepts }: Route): Json {
  const content = Object.entries(accepts).map(([type, schema]) => [type, { schema }]);
  return { required: true, content: Object.fromEntries(content) as Json };
}

function answers(route: Route): Json {
  const { status, otherStatuses, produces, summary } = route;
  const content = Object.fromEntries(produces.map((type) => [type, answerOf(route, type)]));
  const answer = { description: summary, ...(produces.length > 0 ? { content } : {}) };
  return Object.fromEntries([status, ...otherStatuses].map((one) => [one, answer]));
}

/** Bytes have no schema: the content type says it all. */
function answerOf({ response }: Route, type: string): Json {
  if (type === 'application/json') return { schema: response };
  if (type === 'application/zip' || type === 'application/gzip') return {};
  return { schema: { type: 'string' } };
}

const ANY: readonly ErrorCode[] = ['ORIGIN_REFUSED', 'HOST_REFUSED'];
const WITH_TOKEN: readonly ErrorCode[] = [
  'TOKEN_MISSING',
  'TOKEN_WRONG',
  'TOKEN_REFUSED',
  'TOKEN_RATE_LIMITED',
];
const WRITING: readonly ErrorCode[] = [
  'BODY_TOO_LARGE',
  'CONTENT_TYPE_UNSUPPORTED',
  'SERVICE_STOPPING',
  'OVERLOADED',
  'STORAGE_READ_ONLY',
  'JOURNAL_WRITE_FAILED',
  'DISK_FULL',
];

function codesOf({ method, query, openQuery, accepts, fails }: Route, role: Role): ErrorCode[] {
  return [
    ...(!openQuery || Object.keys(query.properties).length > 0 ? (['QUERY_INVALID'] as const) : []),
    ...(Object.keys(accepts).length > 0 ? (['BODY_INVALID'] as const) : []),
    ...(role === 'none' ? [] : WITH_TOKEN),
    ...ANY,
    ...(method === 'GET' ? [] : WRITING),
    ...fails,
  ];
}

/** The problem documents by status; each group of codes is one shared response. */
function refusals(codes: readonly ErrorCode[], responses: Json): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const all = [...byStatus].map(([status, group]) => [status, shared(group, responses)]);
  return { ...Object.fromEntries(all), default: shared([], responses) } as Json;
}

function shared(codes: readonly ErrorCode[], responses: Json): Json {
  const name = codes.join('.') || 'Problem';
  responses[name] ??= {
    description:
      codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join(' ') || 'A problem.',
    content: { 'application/problem+json': { schema: problemOf(codes) } },
  };
  return { $ref: `#/components/responses/${name}` };
}

function problemOf(codes: readonly ErrorCode[]): Json {
  const $ref = '#/components/schemas/Problem';
  return codes.length === 0 ? { $ref } : { $ref, properties: { code: { enum: codes } } };
}
