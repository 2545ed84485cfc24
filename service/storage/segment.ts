import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { messageOf } from '../protocol/errors.ts';
import type { FileSystem } from './fileSystem.ts';
import { codeOf, ignoreMissing, writeFully } from './fileSystem.ts';

/** A file of the journal: entries `firstSeq` (its name) to `lastSeq`, without gaps, in `bytes` durable bytes. */
export interface SegmentInfo {
  path: string;
  firstSeq: number;
  lastSeq: number;
  bytes: number;
}

const SEGMENT = /^(\d{12,16})\.ndjson$/;
const SIDECAR = /^\d{12,16}\.ndjson\.ids$/;

export function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(12, '0')}.ndjson`;
}

export const sidecarOf = (segmentPath: string): string => `${segmentPath}.ids`;

export interface Listing {
  /** By first sequence number. `lastSeq` is what the next segment's name allows; Infinity for the last one. */
  segments: SegmentInfo[];
  /** Paths of all id files, by the first sequence number of their segment. */
  sidecars: string[];
  /** What has the name of a segment but cannot be one. */
  strange: string[];
}

/** What lies in the journal folder. Other names are none of our business and stay. */
export async function listSegments(folder: string): Promise<Listing> {
  const listing: Listing = { segments: [], sidecars: [], strange: [] };
  for (const name of (await readdir(folder)).sort(byNumber)) {
    const path = join(folder, name);
    if (SIDECAR.test(name)) listing.sidecars.push(path);
    const firstSeq = Number(SEGMENT.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(firstSeq)) continue;
    const stat = await lstat(path);
    if (!stat.isFile() || firstSeq < 1 || name !== segmentName(firstSeq)) {
      listing.strange.push(path);
      continue;
    }
    const before = listing.segments.at(-1);
    if (before !== undefined) before.lastSeq = firstSeq - 1;
    listing.segments.push({ path, firstSeq, lastSeq: Infinity, bytes: stat.size });
  }
  return listing;
}

function byNumber(a: string, b: string): number {
  return parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1);
}

/** The ids of a sealed segment, so that a restart need not read it: 4 numbers of header, then one hash an event. */
export interface Sidecar {
  /** Size of the segment it was made from. */
  segmentBytes: number;
  lastSeq: number;
  ids: Float64Array;
}

const SIDECAR_VERSION = 1;
const HEADER_NUMBERS = 4;

/**
 * Writes the ids of a sealed segment. Not synced: whatever a power cut leaves of it is noticed by its checksum,
 * and it is rebuilt from the segment.
 */
export async function writeSidecar(io: FileSystem, path: string, sidecar: Sidecar): Promise<void> {
  const ids = bytesOf(sidecar.ids);
  const header = new Float64Array([
    SIDECAR_VERSION,
    sidecar.segmentBytes,
    sidecar.lastSeq,
    crc32(ids),
  ]);
  await ignoreMissing(io.unlink(path));
  const fd = await io.open(path, 'wx', 0o600);
  try {
    await writeFully(io, fd, [bytesOf(header), ids], 0);
  } finally {
    await io.close(fd);
  }
}

/** Resolves to a sentence instead of the ids when there are none that can be trusted. */
export async function readSidecar(io: FileSystem, path: string): Promise<Sidecar | string> {
  try {
    const bytes = await readWhole(io, path);
    const numbers = new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8));
    const [version, segmentBytes, lastSeq, sum] = numbers;
    const ids = numbers.subarray(HEADER_NUMBERS);
    const intact = version === SIDECAR_VERSION && sum === crc32(bytesOf(ids));
    if (!intact || bytes.length % 8 !== 0 || segmentBytes === undefined || lastSeq === undefined) {
      return `${path} does not hold what was written.`;
    }
    return { segmentBytes, lastSeq, ids };
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? `${path} is missing.` : messageOf(error);
  }
}

async function readWhole(io: FileSystem, path: string): Promise<Uint8Array> {
  const fd = await io.open(path, 'r');
  try {
    const bytes = new Uint8Array(await io.size(fd));
    let at = 0;
    for (let count = 1; count > 0 && at < bytes.length; at += count) {
      count = await io.read(fd, bytes.subarray(at), at);
    }
    return bytes.subarray(0, at);
  } finally {
    await io.close(fd);
  }
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
