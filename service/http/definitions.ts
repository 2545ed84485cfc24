/** What the routes of rules, channels and silences have in common: who changes which revision of what. */
import type { IncomingHttpHeaders } from 'node:http';
import { Type } from '@sinclair/typebox';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { Answer } from './route.ts';

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
export function revisionOf({ 'if-match': header }: IncomingHttpHeaders): number {
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
export function named(value: unknown, { field, id, code }: Named): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const given = (value as Record<string, unknown>)[field] ?? id;
  if (given === id) return { ...value, [field]: id };
  const message = `The address names "${id.slice(0, 80)}". Leave "${field}" out, or give the same.`;
  throw new ProductError(code, { detail: message, errors: [{ path: `/${field}`, message }] });
}
