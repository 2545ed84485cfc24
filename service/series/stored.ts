/** What is on disk of a series, for those who hold what is in memory of it already. */
import type { SeriesArchive } from './archive.ts';
import type { Series } from './series.ts';
import { type BucketVisitor, visitBytes } from './tierBuffer.ts';
import { MAX_AHEAD_MS, type Tier } from './tiers.ts';

export interface Stored {
  archive: SeriesArchive;
  tiers: readonly Tier[];
}

/**
 * Hands over the stored buckets of `from` on, of the finest width that is still kept of then; times are epoch
 * milliseconds. They are those of the call, whenever it resolves: what moves to disk meanwhile is not among them.
 */
export async function visitStored(
  { archive, tiers }: Stored,
  series: Series,
  { from, now }: { from: number; now: number },
  visit: BucketVisitor,
): Promise<void> {
  const kept = tiers.findIndex(({ retention }) => from >= now - retention);
  const tier = kept < 0 ? tiers.length - 1 : kept;
  const width = tiers[tier]?.width ?? 1;
  const first = Math.floor(from / width);
  const last = Math.floor((now + MAX_AHEAD_MS) / width);
  const stored = archive.read(series.id, tier, { from: first * width, to: (last + 1) * width - 1 });
  for (const bytes of await stored)
    visitBytes(bytes, { width, first, last, quantiles: true }, visit);
}
