/**
 * CloudEvents 1.0: structured, batch and binary. `type` is `dev.pipescope.<type>`, the fields are in `data`;
 * `id`, `time` and `source` of the envelope are those of the event unless `data` has its own.
 */
import { ProductError } from '../protocol/errors.ts';
import { parseJson } from './json.ts';

const PREFIX = 'dev.pipescope.';

type Fields = Record<string, unknown>;

export function fromStructured(body: string): unknown[] {
  return [unwrap(parseJson(body))];
}

export function fromBatch(body: string): unknown[] {
  const value = parseJson(body);
  if (!Array.isArray(value))
    throw new ProductError('BODY_INVALID', { detail: 'A CloudEvents batch is a JSON array.' });
  return value.map(unwrap);
}

/** `headers` are lower case; the body is the data. */
export function fromBinary(
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): unknown[] {
  const attribute = (name: string) => {
    const value = headers[`ce-${name}`];
    return typeof value === 'string' ? decodeURIComponentSafely(value) : undefined;
  };
  const envelope: Fields = { data: body.trim() === '' ? {} : parseJson(body) };
  for (const name of ['specversion', 'type', 'id', 'time', 'source']) {
    const value = attribute(name);
    if (value !== undefined) envelope[name] = value;
  }
  return [unwrap(envelope)];
}

/** What is no envelope of ours is passed on as it is: parsing the event says what is wrong with it. */
function unwrap(value: unknown): unknown {
  if (!isObject(value) || !isObject(value['data'] ?? {})) return value;
  const { type, id, time, source, data } = value;
  const known =
    typeof type === 'string' && type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type;
  const fields: Fields = { type: known };
  for (const [key, inner] of Object.entries({ id, time, source }))
    if (inner !== undefined) fields[key] = inner;
  return { ...fields, ...(data as Fields | undefined), type: known };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Header values may be percent-encoded (CloudEvents HTTP binding 3.1.3.2); a stray percent sign is itself. */
function decodeURIComponentSafely(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
