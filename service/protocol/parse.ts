/** `unknown -> Event | rejection`: the one place where bytes from outside become typed events. */
import { type TSchema } from '@sinclair/typebox';
import {
  TypeCompiler,
  type TypeCheck,
  ValueErrorType,
  type ValueError,
} from '@sinclair/typebox/compiler';
import { type ErrorCode, type FieldError, ProductError } from './errors.ts';
import {
  type Event,
  OWN_ID,
  PUBLIC_EVENTS,
  type PublicEventType,
  RESOURCE_FIELDS,
} from './event.ts';
import { type Offer, parameterFault } from './parameterFault.ts';
import { isWellFormed } from './wellFormed.ts';

/** Nesting deeper than this is refused: nobody reads it, and it only costs. */
export const MAX_DEPTH = 32;
export const MAX_EVENTS = 1000;

export interface Rejection {
  index: number;
  code: ErrorCode;
  path: string;
  message: string;
}

/** What is wrong with one event, as its rejection says. */
export type EventFault = Omit<Rejection, 'index'>;

export interface ParseContext {
  /** Epoch milliseconds of arrival: the time of events that carry none. */
  now: number;
  /** Makes an id for an event that carries none. */
  newId: () => string;
  /** Says why a valid event cannot be taken all the same; null when it can. */
  fault?: (event: Event) => EventFault | null;
}

export interface ParsedBatch {
  events: Event[];
  rejected: Rejection[];
}

/** Parses one event of a batch. `index` is its place in the batch, for the rejection. */
export function parseEvents(values: readonly unknown[], context: ParseContext): ParsedBatch {
  if (values.length > MAX_EVENTS) {
    throw new ProductError('BODY_TOO_MANY_EVENTS', {
      detail: `The body holds ${values.length} events. Send at most ${MAX_EVENTS} at a time.`,
    });
  }
  const events: Event[] = [];
  const rejected: Rejection[] = [];
  values.forEach((value, index) => {
    const result = parseEvent(value, context);
    const fault = 'event' in result ? (context.fault?.(result.event) ?? null) : result;
    if (fault !== null) rejected.push({ index, ...fault });
    else if ('event' in result) events.push(result.event);
  });
  return { events, rejected };
}

type Parsed = { event: Event } | EventFault;

function parseEvent(value: unknown, context: ParseContext): Parsed {
  if (!isObject(value)) return invalid('', 'An event is a JSON object with at least "type".');
  const { type } = value;
  if (typeof type !== 'string')
    return invalid('/type', 'Give the event a "type", for example "job.started".');
  const check = checkOf(type);
  if (check === null) {
    return {
      code: 'EVENT_TYPE_UNKNOWN',
      path: '/type',
      message: `"${printable(type)}" is not an event type. Known types: ${Object.keys(PUBLIC_EVENTS).join(', ')}.`,
    };
  }
  if (!check.Check(value)) return invalidField(check.Errors(value).First());
  const unsafe = unsafeField(value);
  if (unsafe) return invalid(unsafe.path, unsafe.message);
  if (typeof value['id'] === 'string' && value['id'].startsWith(OWN_ID)) {
    return invalid('/id', `Ids that begin with "${OWN_ID}" are the service's own. Choose another.`);
  }
  const missing = missingOneOf(type, value);
  if (missing) return missing;
  return withTimes(value, context);
}

type RawEvent = Record<string, unknown> & { id?: string; time?: string | number };

/** Times become epoch milliseconds; a missing time is the arrival's. The object is ours: it is changed in place. */
function withTimes(event: RawEvent, context: ParseContext): Parsed {
  for (const field of ['time', 'started_at', 'submitted_at'] as const) {
    const value = event[field];
    if (value === undefined) continue;
    const time = toEpochMs(value);
    if (time === undefined) {
      return invalid(`/${field}`, `Give "${field}" as an RFC 3339 time or epoch milliseconds.`);
    }
    event[field] = time;
  }
  event.time ??= context.now;
  event.id ??= context.newId();
  return { event: event as unknown as Event };
}

const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds of an RFC 3339 text or number, `undefined` for anything else (seconds included). */
export function toEpochMs(value: unknown): number | undefined {
  const time = typeof value === 'number' ? Math.round(value) : parseText(value);
  return time !== undefined && time >= EARLIEST && time < LATEST ? time : undefined;
}

function parseText(value: unknown): number | undefined {
  if (typeof value !== 'string' || !RFC3339.test(value)) return undefined;
  const time = Date.parse(value.replace(' ', 'T'));
  return Number.isNaN(time) ? undefined : time;
}

/** Depth and prototype keys are only looked for below object values: flat events pay nothing. */
function unsafeField(event: Record<string, unknown>): FieldError | undefined {
  for (const key of Object.keys(event)) {
    if (key === '__proto__')
      return { path: '/__proto__', message: 'The key "__proto__" is refused.' };
    const value = event[key];
    if (typeof value === 'string' && key.endsWith('id') && !isWellFormed(value))
      return { path: `/${key}`, message: halfCharacter(key) };
    if (typeof value !== 'object' || value === null) continue;
    const problem = unsafeValue(value, 2);
    if (problem) return { path: `/${key}`, message: problem };
  }
  return undefined;
}

function halfCharacter(key: string): string {
  return `Give "${key}" in whole characters: it has half of a surrogate pair, which no address can carry.`;
}

function unsafeValue(value: object, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `Nest values at most ${MAX_DEPTH} levels deep.`;
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'The key "__proto__" is refused.';
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner !== 'object' || inner === null) continue;
    const problem = unsafeValue(inner, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

function missingOneOf(type: string, value: Record<string, unknown>): Parsed | undefined {
  if (type === 'artifact.produced' && value['path'] === undefined && value['uri'] === undefined) {
    return invalid('/path', 'Give the artifact a "path" or a "uri".');
  }
  if (type === 'resource.sampled' && !RESOURCE_FIELDS.some((field) => value[field] !== undefined)) {
    return invalid('/cpu_percent', `Give at least one of ${RESOURCE_FIELDS.join(', ')}.`);
  }
  if (type === 'parameter.offered') {
    const fault = parameterFault(value as unknown as Offer);
    if (fault) return invalid(fault.path, fault.message);
  }
  return undefined;
}

const checks = new Map<string, TypeCheck<TSchema>>();

/** The check of a type, made at its first event; null for a type that is none. */
function checkOf(type: string): TypeCheck<TSchema> | null {
  const known = checks.get(type);
  if (known) return known;
  if (!isPublicType(type)) return null;
  const made = TypeCompiler.Compile<TSchema>(PUBLIC_EVENTS[type]);
  checks.set(type, made);
  return made;
}

function isPublicType(type: string): type is PublicEventType {
  return Object.hasOwn(PUBLIC_EVENTS, type);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, message: string): Parsed {
  return { code: 'EVENT_INVALID', path, message };
}

function invalidField(error: ValueError | undefined): Parsed {
  if (!error) return invalid('', 'The event is not valid.');
  const { path, message } = describeValueError(error);
  return invalid(path, message);
}

/** A schema error as path and sentence: what is wrong with which field, and what would be right. */
export function describeValueError(error: ValueError): FieldError {
  const name = error.path.split('/').at(-1) ?? '';
  const schema = error.schema as { description?: string };
  if (error.type === ValueErrorType.ObjectRequiredProperty) {
    return { path: error.path, message: `"${name}" is missing.` };
  }
  const advice = adviceOf(error);
  if (advice !== null) {
    const what = name === '' ? '' : `"${printable(name)}" is not valid. `;
    return { path: error.path, message: `${what}${advice}` };
  }
  const wanted = schema.description ? `${error.message} (${schema.description})` : error.message;
  return { path: error.path, message: `"${printable(name)}" is not valid: ${wanted}.` };
}

/** What to give instead, where the schema's own words would not say it to a person. */
function adviceOf({ type, schema, value }: ValueError): string | null {
  if (type === ValueErrorType.Object) return 'Give a JSON object.';
  if (type === ValueErrorType.Boolean) return 'Give true or false.';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'Give a finite number.';
  const choices = type === ValueErrorType.Union ? literalsOf(schema) : [];
  return choices.length === 0 ? null : `Choose from ${choices.join(', ')}.`;
}

/** The values of a union that is of literals only. */
function literalsOf({ anyOf }: TSchema): string[] {
  const parts = Array.isArray(anyOf) ? (anyOf as { const?: unknown }[]) : [];
  return parts.every((part) => part.const !== undefined)
    ? parts.map((part) => String(part.const))
    : [];
}

/** Text of a stranger, short and without control characters, fit for a sentence. */
export function printable(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ')
    .slice(0, 80);
}
