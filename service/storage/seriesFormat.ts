/**
 * How records of series lie in a file, in the log as in the blocks: batches, one after the other. A batch is a header
 * (20 bytes: "PSB1", bytes of all bodies, number of records, CRC-32 of the index, CRC-32 of these 16 bytes; numbers are
 * little-endian), an index (12 bytes a record: series id, bytes of the body, CRC-32 of the body; in the order of the
 * ids) and the bodies. So one record is read without the others, and damage is told from what is whole.
 */
import { crc32 } from 'node:zlib';
import type { FileSystem } from './fileSystem.ts';

const MAGIC = 0x31425350;
const HEADER_BYTES = 20;
const ENTRY_BYTES = 12;

export interface SeriesRecord {
  id: number;
  bytes: Uint8Array;
}

/** Where the records of a batch lie. */
export interface BatchIndex {
  ids: Uint32Array;
  /** Place of each body in the file, and one more: the end. */
  offsets: Float64Array;
  sums: Uint32Array;
}

/** Bytes that are not what was written. */
export interface Damage {
  offset: number;
  length: number;
}

/** The buffers of a batch, and their bytes together. */
export function encodeBatch(records: readonly SeriesRecord[]): {
  buffers: Uint8Array[];
  length: number;
} {
  const index = Buffer.alloc(records.length * ENTRY_BYTES);
  let bytes = 0;
  records.forEach(({ id, bytes: body }, i) => {
    index.writeUInt32LE(id, i * ENTRY_BYTES);
    index.writeUInt32LE(body.length, i * ENTRY_BYTES + 4);
    index.writeUInt32LE(crc32(body), i * ENTRY_BYTES + 8);
    bytes += body.length;
  });
  const header = Buffer.alloc(HEADER_BYTES);
  [MAGIC, bytes, records.length, crc32(index)].forEach((value, i) => {
    header.writeUInt32LE(value, i * 4);
  });
  header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
  const buffers = [header, index, ...records.map((record) => record.bytes)];
  return { buffers, length: HEADER_BYTES + index.length + bytes };
}

/**
 * The indexes of all batches of `from` to `to` in an open file. What cannot be told is passed to `onDamage`: a batch
 * with a damaged index, or all that follows a damaged header.
 */
export async function readIndexes(
  { io, fd }: { io: FileSystem; fd: number },
  { from, to }: { from: number; to: number },
  onDamage: (damage: Damage) => void,
): Promise<BatchIndex[]> {
  const found: BatchIndex[] = [];
  let at = from;
  while (at < to) {
    const header = await readAt(io, fd, at, HEADER_BYTES);
    const batch = parseHeader(header);
    if (batch === null || at + batch.length > to) {
      onDamage({ offset: at, length: to - at });
      break;
    }
    const index = await readAt(io, fd, at + HEADER_BYTES, batch.records * ENTRY_BYTES);
    if (crc32(index) === batch.sum) found.push(parseIndex(index, at + HEADER_BYTES + index.length));
    else onDamage({ offset: at, length: batch.length });
    at += batch.length;
  }
  return found;
}

interface Header {
  records: number;
  sum: number;
  /** Bytes of the whole batch. */
  length: number;
}

function parseHeader(header: Buffer): Header | null {
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== MAGIC) return null;
  if (crc32(header.subarray(0, 16)) !== header.readUInt32LE(16)) return null;
  const records = header.readUInt32LE(8);
  const length = HEADER_BYTES + records * ENTRY_BYTES + header.readUInt32LE(4);
  return { records, sum: header.readUInt32LE(12), length };
}

function parseIndex(index: Buffer, bodies: number): BatchIndex {
  const count = index.length / ENTRY_BYTES;
  const ids = new Uint32Array(count);
  const sums = new Uint32Array(count);
  const offsets = new Float64Array(count + 1);
  offsets[0] = bodies;
  for (let i = 0; i < count; i++) {
    ids[i] = index.readUInt32LE(i * ENTRY_BYTES);
    offsets[i + 1] = (offsets[i] ?? 0) + index.readUInt32LE(i * ENTRY_BYTES + 4);
    sums[i] = index.readUInt32LE(i * ENTRY_BYTES + 8);
  }
  return { ids, offsets, sums };
}

/** The place of a series in a batch, or -1. */
export function findRecord({ ids }: BatchIndex, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : -1;
}

/** The body of a record; null after telling `onDamage` when it is not what was written. */
export async function readRecord(
  { io, fd }: { io: FileSystem; fd: number },
  { offsets, sums }: BatchIndex,
  place: number,
  onDamage: (damage: Damage) => void,
): Promise<Uint8Array | null> {
  const offset = offsets[place] ?? 0;
  const length = (offsets[place + 1] ?? offset) - offset;
  const body = await readAt(io, fd, offset, length);
  if (body.length === length && crc32(body) === sums[place]) return body;
  onDamage({ offset, length });
  return null;
}

/** All records of a batch, which lie one after the other, with one read; null for one that is damaged. */
export async function readRecords(
  { io, fd }: { io: FileSystem; fd: number },
  { offsets, sums }: BatchIndex,
  onDamage: (damage: Damage) => void,
): Promise<(Uint8Array | null)[]> {
  const [begin = 0, end = begin] = [offsets[0], offsets.at(-1)];
  const bytes = await readAt(io, fd, begin, end - begin);
  return Array.from(sums, (sum, place) => {
    const offset = offsets[place] ?? 0;
    const length = (offsets[place + 1] ?? offset) - offset;
    const body = bytes.subarray(offset - begin, offset - begin + length);
    if (body.length === length && crc32(body) === sum) return body;
    onDamage({ offset, length });
    return null;
  });
}

/** Fewer bytes only at the end of the file. */
export async function readAt(
  io: FileSystem,
  fd: number,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const count = await io.read(fd, buffer.subarray(read), position + read);
    if (count === 0) break;
    read += count;
  }
  return buffer.subarray(0, read);
}
