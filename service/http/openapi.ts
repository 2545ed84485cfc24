/** The OpenAPI 3.1 document, from the same table that the server registers. */
import { Type } from '@sinclair/typebox';
import { PUBLIC_EVENTS } from '../protocol/event.ts';
import { VERSION } from '../protocol/version.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
});

export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return plain({
    openapi: '3.1.0',
    info: { title: 'Pipescope', version: VERSION, license: { name: 'MIT', identifier: 'MIT' } },
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic' },
      },
      schemas: { Problem, Event: { oneOf: Object.values(PUBLIC_EVENTS) } },
    },
  });
}

function operation(route: Route): Json {
  const open = route.path === '/healthz' ? { security: [] } : {};
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^a-z]+/gi, '_')}`,
    ...open,
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.accepts.length > 0 ? { requestBody: requestBody(route) } : {}),
    responses: {
      [route.status]: {
        description: route.summary,
        content: Object.fromEntries(route.produces.map((type) => [type, answerOf(route, type)])),
      },
      default: {
        description: 'What went wrong.',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function pathParameters(route: Route): Json[] {
  return [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: Route): Json[] {
  return Object.entries(route.query.properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema,
  }));
}

function answerOf({ response }: Route, type: string): Json {
  return { schema: type === 'application/json' ? response : { type: 'string' } };
}

function requestBody({ accepts, body }: Route): Json {
  const event = { $ref: '#/components/schemas/Event' };
  const events = { oneOf: [event, { type: 'array', items: event, maxItems: 1000 }] };
  const schema = body ?? events;
  return { required: true, content: Object.fromEntries(accepts.map((type) => [type, { schema }])) };
}

/** Without the symbols that TypeBox puts into its schemas. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
