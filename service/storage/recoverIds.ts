import { setImmediate } from 'node:timers/promises';
import { idHashOf } from './entryId.ts';
import type { FileSystem } from './fileSystem.ts';
import { scanSegment } from './scan.ts';
import { SeenIds } from './seenIds.ts';
import type { SegmentInfo, Sidecar } from './segment.ts';
import { readSidecar, sidecarOf, writeSidecar } from './segment.ts';
import { ignoreMissing } from './fileSystem.ts';

export interface LoadOptions {
  io: FileSystem;
  /** How many ids are remembered. */
  window: number;
  segments: SegmentInfo[];
  /** All id files, oldest first; also those whose segment was dropped. */
  sidecars: string[];
  /** Ids that are in memory already, by path of their segment. */
  known: Map<string, Float64Array>;
}

/** About 2 ms of adding. */
const IDS_A_TURN = 20_000;

/**
 * Remembers the newest ids, from the id files and, where one is missing or wrong, from the segment itself. Corrects
 * `lastSeq` of segments whose file knows better, and removes the id files of dropped segments that are too old to
 * matter.
 */
export async function loadIds(options: LoadOptions): Promise<{ seen: SeenIds; nextSeq: number }> {
  const bySegment = new Map(options.segments.map((segment) => [sidecarOf(segment.path), segment]));
  const paths = new Set([...options.sidecars, ...bySegment.keys()]);
  const lists: Float64Array[] = [];
  let count = 0;
  let nextSeq = 1;
  for (const path of [...paths].sort().reverse()) {
    const segment = bySegment.get(path);
    if (count >= options.window) {
      if (segment === undefined) await ignoreMissing(options.io.unlink(path));
      continue;
    }
    const sidecar = await idsOf(path, segment, options);
    if (sidecar === undefined) continue;
    lists.push(sidecar.ids);
    count += sidecar.ids.length;
    nextSeq = Math.max(nextSeq, sidecar.lastSeq + 1);
  }
  return { seen: await remember(lists.reverse(), options.window), nextSeq };
}

async function idsOf(
  path: string,
  segment: SegmentInfo | undefined,
  options: LoadOptions,
): Promise<Sidecar | undefined> {
  const known = segment === undefined ? undefined : options.known.get(segment.path);
  if (segment !== undefined && known !== undefined) {
    return { segmentBytes: segment.bytes, lastSeq: segment.lastSeq, ids: known };
  }
  const sidecar = await readSidecar(options.io, path);
  if (segment === undefined) {
    if (typeof sidecar !== 'string') return sidecar;
    await ignoreMissing(options.io.unlink(path));
    return undefined;
  }
  const fits = typeof sidecar !== 'string' && sidecar.segmentBytes === segment.bytes;
  const right = fits ? sidecar : await rebuild(segment, path, options.io);
  if (right !== undefined) segment.lastSeq = Math.min(segment.lastSeq, right.lastSeq);
  return right;
}

/** Undefined when the segment cannot be read; its verification has reported that if its entries are needed. */
async function rebuild(
  segment: SegmentInfo,
  path: string,
  io: FileSystem,
): Promise<Sidecar | undefined> {
  const ids: number[] = [];
  let lastSeq = segment.firstSeq - 1;
  try {
    const fd = await io.open(segment.path, 'r');
    try {
      const { bytes: size, firstSeq: minSeq, lastSeq: maxSeq } = segment;
      for await (const window of scanSegment({ io, fd, size, minSeq, maxSeq })) {
        for (const { seq, payloadStart, payloadEnd } of window.frames) {
          const hash = idHashOf(seq, window.bytes.subarray(payloadStart, payloadEnd));
          if (hash !== undefined) ids.push(hash);
          lastSeq = seq;
        }
      }
    } finally {
      await io.close(fd);
    }
    const sidecar = { segmentBytes: segment.bytes, lastSeq, ids: Float64Array.from(ids) };
    await writeSidecar(io, path, sidecar);
    return sidecar;
  } catch {
    return undefined;
  }
}

async function remember(lists: Float64Array[], window: number): Promise<SeenIds> {
  const seen = new SeenIds(window);
  seen.reserve(lists.reduce((sum, list) => sum + list.length, 0));
  for (const list of lists) {
    for (let at = 0; at < list.length; at += IDS_A_TURN) {
      seen.addAll(list, at, Math.min(list.length, at + IDS_A_TURN));
      await setImmediate();
    }
  }
  return seen;
}
