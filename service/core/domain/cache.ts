/** A cache: what it last said it had counted. */
import type { CacheRecord } from '../../protocol/domain.ts';
import type { EventOf } from '../../protocol/event.ts';
import { type Registers, readNumber, setRegister } from '../registers.ts';
import { type Stamp, isNewest, meanOf, roundOrNull, timeOrNull } from './values.ts';

export interface CacheState {
  cache: string;
  /** Hits and misses belong together: both of the newest event. */
  counts: (Stamp & { hits: number; misses: number }) | null;
  fields: Registers;
  seq: number;
}

export function newCache(cache: string): CacheState {
  return { cache, counts: null, fields: new Map(), seq: 0 };
}

export function foldCache(cache: CacheState, event: EventOf<'cache.sampled'>): void {
  setRegister(cache.fields, 'size_mb', event.size_mb, event);
  if (!isNewest(cache.counts, event)) return;
  const { time, id, hits, misses } = event;
  cache.counts = { time, id, hits, misses };
}

export function cacheRecord({ cache, counts, fields, seq }: CacheState): CacheRecord {
  const { hits, misses } = counts ?? { hits: 0, misses: 0 };
  const rate = meanOf(hits, hits + misses);
  return {
    cache,
    hits,
    misses,
    hit_rate_percent: roundOrNull(rate === null ? null : rate * 100),
    size_mb: readNumber(fields, 'size_mb'),
    sampled_at: timeOrNull(counts?.time ?? null),
    seq,
  };
}
