/** The query of a topic `series:<query>`: the same as that of GET /api/v1/series. */
import { ProductError } from '../protocol/errors.ts';
import { parseSeriesText } from '../series/query.ts';

export const SERIES = 'series:';

/** The query of the topic. Throws FRAME_INVALID naming the field that is wrong. `now` is epoch milliseconds. */
export function checkedSeriesTopic(topic: string, now: number): string {
  const text = topic.slice(SERIES.length);
  try {
    parseSeriesText(text, now);
  } catch (thrown) {
    if (!(thrown instanceof ProductError)) throw thrown;
    const detail = `The topic "${topic.slice(0, 120)}" is not valid. ${thrown.message}`;
    throw new ProductError('FRAME_INVALID', { detail, errors: thrown.errors });
  }
  return text;
}
