import { mkdir } from 'node:fs/promises';
import { messageOf } from '../protocol/errors.ts';
import type { FileSystem } from './fileSystem.ts';
import { ignoreMissing } from './fileSystem.ts';
import { moveToQuarantine } from './quarantine.ts';
import { loadIds } from './recoverIds.ts';
import type { SeenIds } from './seenIds.ts';
import type { SegmentInfo } from './segment.ts';
import { listSegments, sidecarOf, writeSidecar } from './segment.ts';
import type { ActiveSegment } from './segmentWriter.ts';
import type { RecoveryReport } from './verify.ts';
import { verifySegment } from './verify.ts';

export interface RecoveryOptions {
  folder: string;
  quarantine: string;
  io: FileSystem;
  /** Segments with entries from here on are checked byte by byte; it is also the least next sequence number. */
  fromSeq: number;
  /** New entries get no number below this one. */
  floor: number;
  segmentBytes: number;
  window: number;
}

export interface Recovered {
  segments: SegmentInfo[];
  active: ActiveSegment | undefined;
  seen: SeenIds;
  nextSeq: number;
  report: RecoveryReport;
}

/** Brings a journal folder into order. Damage is cut, kept in quarantine and reported; it never makes this fail. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const { folder, io, fromSeq, floor } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const report: RecoveryReport = { cut: [], quarantined: [], missing: 0 };
  const listing = await listSegments(folder);
  for (const path of listing.strange) await removeStrange(path, options, report);

  const last = listing.segments.at(-1);
  const segments: SegmentInfo[] = [];
  let nextSeq = Math.max(fromSeq, floor);
  let tail: Tail | undefined;
  for (const segment of listing.segments) {
    const isLast = segment === last;
    if (!isLast && segment.lastSeq < fromSeq) {
      segments.push(segment);
      continue;
    }
    const verified = await verifySegment(segment, { ...options, report, keepIds: isLast });
    nextSeq = Math.max(nextSeq, verified.nextSeq);
    if (verified.readable && segment.bytes === 0) await ignoreMissing(io.unlink(segment.path));
    else segments.push(segment);
    if (isLast && segment.bytes > 0) tail = { segment, ids: verified.ids, intact: verified.intact };
  }
  const known = new Map(
    tail === undefined ? [] : [[tail.segment.path, Float64Array.from(tail.ids)]],
  );
  const ids = await loadIds({ ...options, segments, sidecars: listing.sidecars, known });
  nextSeq = Math.max(nextSeq, ids.nextSeq);
  const active =
    tail === undefined ? undefined : await continueTail(tail, { ...options, nextSeq, report });
  return { segments, active, seen: ids.seen, nextSeq, report };
}

interface Tail {
  segment: SegmentInfo;
  ids: number[];
  intact: boolean;
}

async function removeStrange(
  path: string,
  options: RecoveryOptions,
  report: RecoveryReport,
): Promise<void> {
  try {
    const kept = await moveToQuarantine(options.quarantine, path);
    report.quarantined.push(`${path} is not a journal segment. It was moved to ${kept}.`);
  } catch (error) {
    report.quarantined.push(`${path} is not a journal segment (${messageOf(error)}). It was left.`);
  }
}

/** Makes the last segment durable and goes on in it where that is safe; otherwise it is sealed. */
async function continueTail(
  { segment, ids, intact }: Tail,
  options: RecoveryOptions & { nextSeq: number; report: RecoveryReport },
): Promise<ActiveSegment | undefined> {
  const { io, segmentBytes, nextSeq, report } = options;
  try {
    const fd = await io.open(segment.path, 'r+');
    try {
      // After a crash, lines may be readable that are not on disk yet; a repeated event must not be answered with
      // "I have it" on their strength.
      await io.fdatasync(fd);
    } catch (error) {
      await io.close(fd);
      throw error;
    }
    const goesOn = intact && segment.bytes < segmentBytes && nextSeq === segment.lastSeq + 1;
    if (goesOn) return { info: segment, fd, ids };
    await io.close(fd);
    const sidecar = { segmentBytes: segment.bytes, lastSeq: segment.lastSeq };
    await writeSidecar(io, sidecarOf(segment.path), { ...sidecar, ids: Float64Array.from(ids) });
  } catch (error) {
    report.quarantined.push(
      `${segment.path} cannot be written any more (${messageOf(error)}). A new segment was started.`,
    );
  }
  return undefined;
}
