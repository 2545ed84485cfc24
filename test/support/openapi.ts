/** The OpenAPI document of a service, as a thing to hold its answers to. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type TestService, getJson } from './service.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
}

interface Response {
  description: string;
  content?: Record<string, { schema?: object }>;
}

export interface Operation {
  operationId: string;
  summary: string;
  parameters: Parameter[];
  responses: Record<string, Response | { $ref: string }>;
  security?: Record<string, string[]>[];
  requestBody?: { content: Record<string, { schema?: object }> };
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Json>;
    responses: Record<string, Response>;
  };
}

export interface NamedOperation extends Operation {
  /** `GET /api/v1/jobs/{job_id}` */
  name: string;
  method: string;
  path: string;
}

type Json = Record<string, unknown>;

export class Contract {
  readonly document: OpenApi;
  readonly #ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
  readonly #checks = new Map<object, ValidateFunction>();

  constructor(document: OpenApi) {
    this.document = document;
    const { components } = closed(document) as OpenApi;
    this.#ajv.addSchema({ $id: 'openapi', components });
  }

  static async of(service: TestService): Promise<Contract> {
    return new Contract(await getJson<OpenApi & Json>(service, '/api/v1/openapi.json'));
  }

  get operations(): NamedOperation[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        ...{ method: method.toUpperCase(), path, name: `${method.toUpperCase()} ${path}` },
      })),
    );
  }

  /** What the operation says of a status, exactly or by default. */
  responseOf({ responses }: Operation, status: number): Response | undefined {
    const found = responses[String(status)] ?? responses['default'];
    if (found === undefined || !('$ref' in found)) return found;
    return this.document.components.responses[found.$ref.split('/').at(-1) ?? ''];
  }

  /** What is wrong with the value; null when nothing is. Fields that the schema does not name are wrong. */
  fault(schema: object, value: unknown): string | null {
    const check = this.#checks.get(schema) ?? this.#compile(schema);
    return check(value) ? null : this.#ajv.errorsText(check.errors?.slice(0, 5));
  }

  #compile(schema: object): ValidateFunction {
    const check = this.#ajv.compile(closed(withRefs(schema)) as object);
    this.#checks.set(schema, check);
    return check;
  }
}

function withRefs(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components'),
  ) as object;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** Objects that name their fields take no others, unless they say so: so an answer cannot hold what is not described. */
function closed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(closed);
  const entries = Object.entries(value as Json).map(([key, inner]) => [
    key,
    key === 'allOf' ? inner : closed(inner),
  ]);
  const made = Object.fromEntries(entries) as Json;
  const names = made['type'] === 'object' && 'properties' in made;
  const isEmpty = names && Object.keys(made['properties'] as Json).length === 0;
  const isOpen = 'additionalProperties' in made || 'patternProperties' in made || isEmpty;
  return names && !isOpen ? { ...made, additionalProperties: false } : made;
}
