/** `application/json`: one event or an array of events. Throws BODY_INVALID. */
import { ProductError, messageOf } from '../protocol/errors.ts';

export function fromJson(body: string): unknown[] {
  const value = parseJson(body);
  return Array.isArray(value) ? value : [value];
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ProductError('BODY_INVALID', {
      detail: `The body is not valid JSON: ${messageOf(error).slice(0, 200)}.`,
    });
  }
}
