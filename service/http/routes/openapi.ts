import { Type } from '@sinclair/typebox';
import { openApiDocument } from '../openapi.ts';
import { Answer, type Route, route } from '../route.ts';

/** Describes the routes of the list as it is when it is asked: itself as well, when it has been added to them. */
export function openApiRoute(routes: readonly Route[]): Route {
  let text: string | undefined;
  return route({
    path: '/api/v1/openapi.json',
    summary: 'This document.',
    response: Type.Object(
      { openapi: Type.String(), info: Type.Object({}), paths: Type.Object({}) },
      { description: 'an OpenAPI 3.1 document', additionalProperties: true },
    ),
    handle: () => new Answer((text ??= JSON.stringify(openApiDocument(routes)))),
  });
}
