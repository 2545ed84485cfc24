/** The query of a topic `series:<query>`: the same as that of GET /api/v1/series. */
import { ProductError } from '../protocol/errors.ts';
import type { SeriesQuery } from '../series/types.ts';

/** Throws FRAME_INVALID naming the field that is wrong. `now` is epoch milliseconds. */
export function parseSeriesTopic(text: string, _now: number): SeriesQuery {
  throw new ProductError('FRAME_INVALID', { detail: `The query "${text}" is not known.` });
}
