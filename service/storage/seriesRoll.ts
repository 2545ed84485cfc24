/** Turns buckets into blocks: those of memory, and those of blocks that were written to many times. */
import { writeBucket } from '../series/bucketCodec.ts';
import { ByteWriter } from '../series/bytes.ts';
import type { Series } from '../series/series.ts';
import { Slices } from '../series/slices.ts';
import { mergeByIndex, visitBytes } from '../series/tierBuffer.ts';
import { HOUR, type Tier, windowEnd } from '../series/tiers.ts';
import type { BlockDraft } from './seriesAppend.ts';
import { type OpenBlock, recordsOf } from './seriesBlocks.ts';
import type { SeriesRecord } from './seriesFormat.ts';
import type { BlockFile } from './seriesManifest.ts';

/** Records are written in batches of about so many bytes: memory does not follow from how much there is to write. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** A file that may still grow is rewritten after so many writes. */
const MANY_WRITES = 24;

/** False when all of the file is older than what its tier keeps. */
export function isKept({ tier, window }: BlockFile, tiers: readonly Tier[], now: number): boolean {
  const kept = tiers[tier];
  return kept !== undefined && windowEnd(kept, window) > now - kept.retention;
}

/** True when series have several records, and only points that come late still go there, or when they have many. */
export function gainsByRewriting(file: BlockFile, tiers: readonly Tier[], now: number): boolean {
  const tier = tiers[file.tier];
  const isClosed = tier !== undefined && windowEnd(tier, file.window) + HOUR < now;
  return file.writes >= MANY_WRITES || (file.writes > 1 && isClosed);
}

export interface RollOptions {
  tiers: readonly Tier[];
  now: number;
  draft: BlockDraft;
  /** Lets others run. */
  pause: () => Promise<void>;
}

/** Records of one file that wait to be written. */
interface Batch {
  tier: number;
  window: number;
  records: SeriesRecord[];
  bytes: number;
}

/** Writes the buckets that were set aside; those that are too old for a tier are left out. */
export async function rollFrozen(series: readonly Series[], options: RollOptions): Promise<void> {
  const batches = new Map<string, Batch>();
  const slices = new Slices(options.pause);
  for (const one of [...series].sort((a, b) => a.id - b.id)) {
    const counter = one.info.kind === 'counter';
    for (const [tier, bytes] of one.frozen().entries()) {
      for (const [window, record] of byWindow(bytes, counter, tier, options)) {
        const batch = batchOf(batches, tier, window);
        batch.records.push({ id: one.id, bytes: record });
        batch.bytes += record.length;
        if (batch.bytes >= BATCH_BYTES) await flush(batch, options.draft);
      }
      await slices.step();
    }
  }
  for (const batch of batches.values()) await flush(batch, options.draft);
}

function batchOf(batches: Map<string, Batch>, tier: number, window: number): Batch {
  const place = `${tier}:${window}`;
  const held = batches.get(place);
  if (held !== undefined) return held;
  const batch = { tier, window, records: [], bytes: 0 };
  batches.set(place, batch);
  return batch;
}

async function flush(batch: Batch, draft: BlockDraft): Promise<void> {
  const { records } = batch;
  batch.records = [];
  batch.bytes = 0;
  await draft.append(batch, records);
}

/** The record of each stretch of time. */
function byWindow(
  bytes: Uint8Array,
  counter: boolean,
  tier: number,
  { tiers, now }: RollOptions,
): Map<number, Uint8Array> {
  const { width = 1, window = 1, retention = 0 } = tiers[tier] ?? {};
  const first = Math.floor((now - retention) / window) * (window / width);
  const range = { width, first, last: Infinity, quantiles: true };
  const writers = new Map<number, ByteWriter>();
  for (const bucket of mergeByIndex((visit) => visitBytes(bytes, range, visit))) {
    const at = Math.floor((bucket.index * width) / window);
    let writer = writers.get(at);
    if (writer === undefined) writers.set(at, (writer = new ByteWriter(1024)));
    writeBucket(writer, bucket, width, counter);
  }
  return new Map([...writers].map(([at, writer]) => [at, writer.view()]));
}

/** Writes one record a series in place of many; series that are gone are left out. */
export async function compact(
  block: OpenBlock,
  find: (id: number) => Series | undefined,
  { tiers, draft, pause }: RollOptions,
): Promise<void> {
  const { tier, window } = block.file;
  const width = tiers[tier]?.width ?? 1;
  const all = { width, first: 0, last: Infinity, quantiles: true };
  const ids = [...new Set(block.batches.flatMap((batch) => [...batch.ids]))].sort((a, b) => a - b);
  const batch: Batch = { tier, window, records: [], bytes: 0 };
  const slices = new Slices(pause);
  for (const id of ids) {
    const series = find(id);
    if (series === undefined) continue;
    const pieces = await recordsOf(block, id);
    const writer = new ByteWriter(1024);
    const buckets = mergeByIndex((visit) => {
      for (const bytes of pieces) visitBytes(bytes, all, visit);
    });
    for (const bucket of buckets)
      writeBucket(writer, bucket, width, series.info.kind === 'counter');
    batch.records.push({ id, bytes: writer.view() });
    batch.bytes += writer.length;
    if (batch.bytes >= BATCH_BYTES) await flush(batch, draft);
    await slices.step();
  }
  await flush(batch, draft);
}
