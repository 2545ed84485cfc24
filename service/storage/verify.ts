import { messageOf } from '../protocol/errors.ts';
import { idHashOf } from './entryId.ts';
import type { FileSystem } from './fileSystem.ts';
import { copyToQuarantine } from './quarantine.ts';
import type { Damage } from './scan.ts';
import { scanSegment } from './scan.ts';
import type { SegmentInfo } from './segment.ts';

/** What opening found, as sentences for the person who runs the service. `missing` counts lost events. */
export interface RecoveryReport {
  cut: string[];
  quarantined: string[];
  missing: number;
}

export interface VerifyOptions {
  io: FileSystem;
  quarantine: string;
  report: RecoveryReport;
  /** Whether the ids of the segment's events are wanted; then every entry is looked into. */
  keepIds: boolean;
}

export interface Verified {
  ids: number[];
  /** First sequence number that this segment has certainly not used. */
  nextSeq: number;
  /** False when anything but an unfinished last line was wrong. */
  intact: boolean;
  /** False when the file could not be read at all. */
  readable: boolean;
}

/** Least bytes of a line, to tell how many lines a segment that cannot be read may hold. */
const LEAST_LINE_BYTES = 20;

/**
 * Checks every byte of a segment. Damaged bytes are copied to quarantine; those at its end are cut off. Updates
 * `segment.lastSeq` and `segment.bytes` to what is left.
 */
export async function verifySegment(
  segment: SegmentInfo,
  options: VerifyOptions,
): Promise<Verified> {
  const verified: Verified = { ids: [], nextSeq: segment.firstSeq, intact: true, readable: true };
  try {
    const found = await scanAll(segment, options, verified);
    for (const damage of found.damages) await keepAndCut(segment, damage, { options, verified });
  } catch (error) {
    verified.readable = false;
    verified.intact = false;
    verified.nextSeq = segment.firstSeq + Math.ceil(segment.bytes / LEAST_LINE_BYTES);
    options.report.quarantined.push(
      `${segment.path} cannot be read (${messageOf(error)}). Its events are not shown.`,
    );
  }
  segment.lastSeq = Math.min(segment.lastSeq, verified.nextSeq - 1);
  return verified;
}

async function scanAll(
  segment: SegmentInfo,
  { io, report, keepIds }: VerifyOptions,
  verified: Verified,
): Promise<{ damages: Damage[] }> {
  const damages: Damage[] = [];
  const fd = await io.open(segment.path, 'r');
  try {
    const { bytes: size, firstSeq: minSeq, lastSeq: maxSeq, path } = segment;
    for await (const window of scanSegment({ io, fd, size, minSeq, maxSeq })) {
      damages.push(...window.damages);
      for (const frame of window.frames) {
        // Sequence numbers of a segment have no gaps: a failed commit always starts a new one.
        report.missing += frame.seq - verified.nextSeq;
        if (frame.seq > verified.nextSeq) verified.intact = false;
        verified.nextSeq = frame.seq + 1;
        if (!frame.endIntact) {
          verified.intact = false;
          report.quarantined.push(
            `The end of line ${frame.seq} in ${path} is damaged. Nothing is lost.`,
          );
        }
        if (!keepIds) continue;
        const hash = idHashOf(
          frame.seq,
          window.bytes.subarray(frame.payloadStart, frame.payloadEnd),
        );
        if (hash !== undefined) verified.ids.push(hash);
      }
    }
  } finally {
    await io.close(fd);
  }
  return { damages };
}

async function keepAndCut(
  segment: SegmentInfo,
  damage: Damage,
  { options, verified }: { options: VerifyOptions; verified: Verified },
): Promise<void> {
  const atEnd = damage.before === undefined;
  const unfinished = atEnd && damage.lines === 0;
  if (!unfinished) verified.intact = false;
  if (atEnd) {
    // Every whole line among the cut bytes may have been an acknowledged event; its number is not used again.
    options.report.missing += damage.lines;
    verified.nextSeq += damage.lines;
  }
  try {
    const kept = await copyRange(segment.path, damage, options);
    if (atEnd) await cut(segment, damage.start, options.io);
    (atEnd ? options.report.cut : options.report.quarantined).push(sentence(segment, damage, kept));
  } catch (error) {
    verified.intact = false;
    options.report.quarantined.push(
      `Bytes ${damage.start} to ${damage.end} of ${segment.path} are damaged, and keeping a copy failed ` +
        `(${messageOf(error)}). They were left where they are.`,
    );
  }
}

function sentence(segment: SegmentInfo, damage: Damage, kept: string): string {
  const where = `${segment.path}, bytes ${damage.start} to ${damage.end}`;
  const copy = `The bytes are kept in ${kept}.`;
  if (damage.before !== undefined) {
    const from = (damage.after ?? segment.firstSeq - 1) + 1;
    const to = damage.before - 1;
    if (to < from) return `${where}: foreign bytes between two events. Nothing is missing. ${copy}`;
    return `${where}: damaged. ${from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`} missing. ${copy}`;
  }
  if (damage.lines === 0) {
    return `${where}: an unfinished last line was cut off; it was never acknowledged. ${copy}`;
  }
  return `${where}: damaged to the end and cut off. At most ${damage.lines} entries are missing. ${copy}`;
}

async function copyRange(
  path: string,
  { start, end }: Damage,
  { io, quarantine }: VerifyOptions,
): Promise<string> {
  const bytes = Buffer.alloc(end - start);
  const fd = await io.open(path, 'r');
  try {
    let at = 0;
    for (let count = 1; count > 0 && at < bytes.length; at += count) {
      count = await io.read(fd, bytes.subarray(at), start + at);
    }
    return await copyToQuarantine(quarantine, { path, offset: start }, bytes.subarray(0, at), io);
  } finally {
    await io.close(fd);
  }
}

async function cut(segment: SegmentInfo, length: number, io: FileSystem): Promise<void> {
  const fd = await io.open(segment.path, 'r+');
  try {
    await io.ftruncate(fd, length);
    await io.fsync(fd);
  } finally {
    await io.close(fd);
  }
  segment.bytes = length;
}
