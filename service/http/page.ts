/** Lists in pages: filters act before the limit, and a cut is said. */
import { type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { ProductError } from '../protocol/errors.ts';

export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'how many, 1 to 1000; default 100' }),
  ),
  cursor: Type.Optional(Type.String({ description: 'next_cursor of the page before' })),
};

const PageFields = Type.Object({
  total: Type.Integer({ description: 'how many there are, filters applied' }),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
  truncated: Type.Boolean(),
});
type PageFields = Static<typeof PageFields>;

/** The schema of a list answer: `name` holds the items, `others` stand beside them. */
export function PageOf(name: string, item: TSchema, others: TProperties = {}) {
  return Type.Object({ ...others, [name]: Type.Array(item), ...PageFields.properties });
}

const FIRST = /^o(\d{1,9})$/;

interface PageRequest {
  limit?: number;
  cursor?: string;
}

/** One page of `items`. Throws QUERY_INVALID for a cursor that is none of ours. */
export function pageOf<T>(items: readonly T[], query: PageRequest): PageFields & { items: T[] } {
  return pageBy(items.length, query, (offset, limit) => items.slice(offset, offset + limit));
}

/** The same for a list of which only the page itself is to be made. */
export function pageBy<T>(
  total: number,
  { limit = 100, cursor }: PageRequest,
  read: (offset: number, limit: number) => T[],
): PageFields & { items: T[] } {
  const start = cursor === undefined ? 0 : Number(FIRST.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) {
    throw new ProductError('QUERY_INVALID', {
      detail: 'Query parameter "cursor" is not valid. Use the next_cursor of the page before.',
      errors: [{ path: '/cursor', message: 'not a cursor' }],
    });
  }
  const end = start + limit;
  const truncated = end < total;
  return {
    items: read(start, limit),
    total,
    next_cursor: truncated ? `o${end}` : null,
    truncated,
  };
}
