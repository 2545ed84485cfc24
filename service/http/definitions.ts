/** What the routes of rules, channels and silences have in common: who changes which revision of what. */
import type { IncomingHttpHeaders } from 'node:http';
import { type TSchema, Type } from '@sinclair/typebox';
import type { Edit } from '../commands/edit.ts';
import { type ErrorCode, ProductError, messageOf } from '../protocol/errors.ts';
import { OrNull, Time } from '../protocol/schema.ts';
import { PageOf, PageQuery, pageOf } from './page.ts';
import { Answer, type Route, param, route } from './route.ts';

export const ByQuery = Type.Object({
  by: Type.Optional(Type.String({ maxLength: 200, description: 'who makes the change' })),
});
/** A change of something that is there. */
export const IfMatch = Type.Object({
  'if-match': Type.String({ description: 'the ETag of what is changed: its revision' }),
});
/** Where what is there goes anyway. */
export const MayMatch = Type.Partial(IfMatch);

const REVISION = /^"?(\d{1,9})"?$/;

/** Throws DEFINITION_REVISION_MISSING. */
function revisionOf({ 'if-match': header }: IncomingHttpHeaders): number {
  const revision = REVISION.exec(header?.trim() ?? '')?.[1];
  if (revision === undefined) throw new ProductError('DEFINITION_REVISION_MISSING');
  return Number(revision);
}

/** Undefined without the header, or with `*`. */
export function perhapsRevision(headers: IncomingHttpHeaders): number | undefined {
  const header = headers['if-match']?.trim();
  return header === undefined || header === '*' ? undefined : revisionOf(headers);
}

/** A record with its revision as ETag. */
export function tagged(record: { revision: number }, status = 200): Answer {
  return new Answer(record, { status, headers: { etag: `"${record.revision}"` } });
}

/** A body whose fields are checked where they are understood. Throws BODY_INVALID. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new ProductError('BODY_INVALID', {
      detail: `The body is not valid JSON: ${messageOf(error)}.`,
    });
  }
}

interface Named {
  field: 'rule_id' | 'channel_id' | 'silence_id';
  id: string;
  code: 'RULE_INVALID' | 'CHANNEL_INVALID' | 'SILENCE_INVALID';
}

/** The body with the id of the address. What is no object stays: what reads it says what is wrong. */
function named(value: unknown, { field, id, code }: Named): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const given = (value as Record<string, unknown>)[field] ?? id;
  if (given === id) return { ...value, [field]: id };
  const message = `The address names "${id.slice(0, 80)}". Leave "${field}" out, or give the same.`;
  throw new ProductError(code, { detail: message, errors: [{ path: `/${field}`, message }] });
}

/** What the address, the body and the refusals of one sort of definition are called. */
interface Sort {
  of: 'rule' | 'channel' | 'silence';
  invalid: Named['code'];
  unknown: ErrorCode;
  /** What making one may be refused with beside. */
  makingFails?: readonly ErrorCode[];
  /** What changing one may be refused with beside. */
  changingFails?: readonly ErrorCode[];
  making: string;
  changing: string;
  accepts: Readonly<Record<string, TSchema>>;
  record: TSchema;
  /** Stores what a body says. */
  set: (value: unknown, edit: Edit) => Promise<{ revision: number }>;
  /** Its history, the newest first. */
  changes: (id: string) => readonly object[];
}

export const CHANGED = ['DEFINITION_CHANGED', 'DEFINITION_REVISION_MISSING'] as const;

/** Making one, changing one, and who changed it before: the same for rules, channels and silences. */
export function definitionRoutes(sort: Sort): Route[] {
  const { of, invalid, unknown, makingFails = [], changingFails = [], accepts, record } = sort;
  const field = `${of}_id` as const;
  const path = `/api/v1/${of}s`;
  return [
    route({
      ...{ method: 'POST', path, summary: sort.making, query: ByQuery, accepts },
      ...{ response: record, status: 201, fails: [invalid, 'DEFINITIONS_FULL', ...makingFails] },
      handle: async ({ body, query }) =>
        tagged(await sort.set(jsonOf(body), { mode: 'create', by: query.by }), 201),
    }),
    route({
      ...{ method: 'PUT', path: `${path}/:${field}`, summary: sort.changing, query: ByQuery },
      ...{ headers: IfMatch, accepts, response: record },
      fails: [invalid, unknown, ...changingFails, ...CHANGED],
      handle: async (request) => {
        const revision = revisionOf(request.headers);
        const id = param(request, field);
        const value = named(jsonOf(request.body), { field, id, code: invalid });
        return tagged(await sort.set(value, { mode: 'change', revision, by: request.query.by }));
      },
    }),
    route({
      path: `${path}/:${field}/changes`,
      summary: `Who changed the ${of}, when and to what, the newest first.`,
      query: Type.Object(PageQuery),
      response: PageOf('changes', changeOf(of)),
      fails: [unknown],
      handle: (request) => {
        const { items, ...page } = pageOf(sort.changes(param(request, field)), request.query);
        return { changes: items, ...page };
      },
    }),
  ];
}

function changeOf(of: Sort['of']): TSchema {
  const whole = Type.Record(Type.String(), Type.Unknown(), {
    description: 'all of it from then on; null: it was removed, or is as it came again',
  });
  return Type.Object({
    ...{ revision: Type.Integer(), time: Time, by: OrNull(Type.String()) },
    [of]: OrNull(whole),
  });
}
