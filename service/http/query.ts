/** Query parameters that are more than a text or a number; each refusal names the parameter and what would be right. */
import { type TObject, Type } from '@sinclair/typebox';
import { ProductError } from '../protocol/errors.ts';
import { printable, toEpochMs } from '../protocol/parse.ts';
import { parseSeriesQuery } from '../series/query.ts';

export const TimeRange = {
  from: Type.Optional(Type.String({ description: 'an RFC 3339 time or epoch milliseconds' })),
  to: Type.Optional(Type.String({ description: 'an RFC 3339 time or epoch milliseconds' })),
};

/** A range of time as the series take it. */
export const RangeQuery = {
  ...TimeRange,
  range: Type.Optional(Type.String({ description: 'a length up to now: 5m to 30d' })),
};

export const StepQuery = {
  step: Type.Optional(
    Type.String({ description: 'length of a step, such as 10s, 5m or 1h; at most 2,000 of them' }),
  ),
};

export interface RangeInput {
  from?: string;
  to?: string;
  range?: string;
  step?: string;
}

/** Epoch milliseconds and a step that suits. `usual` is the range where none is asked for. Throws QUERY_INVALID. */
export function rangeOf(
  { from, to, range, step }: RangeInput,
  { now, usual }: { now: number; usual: string },
): { from: number; to: number; step_ms: number } {
  const isOpen = from === undefined && range === undefined;
  const fields = { from, to, step, range: isOpen ? usual : range };
  const { from: begin, to: end, step_ms } = parseSeriesQuery({ ...fields, metric: '-' }, now);
  return { from: begin, to: end, step_ms };
}

/** A parameter that names one or more of `values`. */
export const ChoicesOf = (values: readonly string[]) =>
  Type.Optional(Type.String({ description: `one or more of ${values.join(', ')}, with commas` }));

/** Epoch milliseconds; undefined for no text. */
export function timeOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const time = toEpochMs(/^\d+$/.test(text) ? Number(text) : text);
  if (time === undefined) throw wrongQuery(name, 'Give an RFC 3339 time or epoch milliseconds.');
  return time;
}

/** Both ends of a range of time. An end before its begin is refused. */
export function timesOf(query: { from?: string; to?: string }): {
  from: number | undefined;
  to: number | undefined;
} {
  const times = { from: timeOf(query.from, 'from'), to: timeOf(query.to, 'to') };
  if (times.from !== undefined && times.to !== undefined && times.from > times.to)
    throw wrongQuery('from', 'Give a "from" that is not after "to".');
  return times;
}

/** `COMPLETED` or `completed,FAILED`; undefined for no filter. */
export function choicesOf<T extends string>(
  text: string | undefined,
  name: string,
  values: readonly T[],
): T[] | undefined {
  return text?.split(',').map((one) => {
    const wanted = one.trim().toLowerCase();
    const value = values.find((known) => known.toLowerCase() === wanted);
    if (value === undefined) throw wrongQuery(name, `Choose from ${values.join(', ')}.`);
    return value;
  });
}

/** `a,b`: names with commas; undefined for no text. */
export function namesOf(text: string | undefined, name: string): string[] | undefined {
  const names = text?.split(',').map((one) => one.trim());
  if (names?.includes('') === true) throw wrongQuery(name, 'Give names with commas between them.');
  return names;
}

const LABEL = 'label.';

/**
 * The `label.<name>=<value>` parameters of a query; undefined where there is none. Refuses any other parameter that
 * `known` does not name: one that nobody reads would look like a filter that matched everything.
 */
export function labelsOf(query: object, known: TObject): [string, string][] | undefined {
  const labels: [string, string][] = [];
  for (const [name, value] of Object.entries(query)) {
    if (Object.hasOwn(known.properties, name)) continue;
    const shown = printable(name);
    if (!name.startsWith(LABEL) || name === LABEL) {
      const message = `Use ${Object.keys(known.properties).join(', ')} or label.<name>.`;
      throw new ProductError('QUERY_INVALID', {
        detail: `There is no query parameter "${shown}" here. ${message}`,
        errors: [{ path: `/${shown}`, message }],
      });
    }
    if (typeof value !== 'string') throw wrongQuery(shown, 'Give it once.');
    labels.push([name.slice(LABEL.length), value]);
  }
  return labels.length === 0 ? undefined : labels;
}

export function wrongQuery(name: string, message: string): ProductError {
  const detail = `Query parameter "${name}" is not valid. ${message}`;
  return new ProductError('QUERY_INVALID', { detail, errors: [{ path: `/${name}`, message }] });
}
