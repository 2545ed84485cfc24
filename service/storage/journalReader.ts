import { messageOf } from '../protocol/errors.ts';
import type { FileSystem } from './fileSystem.ts';
import { codeOf } from './fileSystem.ts';
import type { Window } from './scan.ts';
import { scanSegment } from './scan.ts';
import { SeenIds, hashId } from './seenIds.ts';
import type { SegmentInfo } from './segment.ts';

/** What the journal needs to know of an event; everything else it keeps as it is. */
export interface StoredEvent {
  id: string;
  type: string;
}

/** An event with its place in the journal. `received_at` is epoch milliseconds of arrival. */
export interface StoredEntry<E extends StoredEvent> {
  seq: number;
  received_at: number;
  event: E;
}

export interface ReadOptions {
  segments: readonly SegmentInfo[];
  fromSeq: number;
  io: FileSystem;
  onProblem: (sentence: string) => void;
}

/**
 * The durable entries from `fromSeq` on, in windows of half a megabyte: damage is passed over (opening the journal
 * reported it), and so is an id that came before, because a segment of a failed commit may hold refused copies.
 */
export async function* readEntries<E extends StoredEvent>(
  options: ReadOptions,
): AsyncGenerator<StoredEntry<E>[], void, undefined> {
  const seen = new SeenIds();
  // What is appended or sealed from here on is not part of this reading.
  const segments = options.segments
    .filter((segment) => segment.lastSeq >= options.fromSeq)
    .map((segment) => ({ ...segment }));
  for (const segment of segments) {
    for await (const window of windowsOf(segment, options)) {
      const entries: StoredEntry<E>[] = [];
      for (const frame of window.frames) {
        if (frame.seq < options.fromSeq) continue;
        const text = window.bytes.toString('utf8', frame.payloadStart, frame.payloadEnd);
        const entry = parseEntry<E>(frame.seq, text);
        if (entry === undefined) {
          options.onProblem(
            `Entry ${frame.seq} in ${segment.path} holds no event. It was passed over.`,
          );
        } else if (seen.add(hashId(entry.event.id)) < 0) {
          entries.push(entry);
        }
      }
      if (entries.length > 0) yield entries;
    }
  }
}

async function* windowsOf(
  segment: SegmentInfo,
  { io, onProblem }: ReadOptions,
): AsyncGenerator<Window, void, undefined> {
  const { path, firstSeq: minSeq, lastSeq: maxSeq, bytes: size } = segment;
  try {
    const fd = await io.open(path, 'r');
    try {
      yield* scanSegment({ io, fd, size, minSeq, maxSeq });
    } finally {
      await io.close(fd);
    }
  } catch (error) {
    // Retention may drop a segment between two windows of a reading.
    if (codeOf(error) !== 'ENOENT') onProblem(`${path} cannot be read (${messageOf(error)}).`);
  }
}

/** Undefined when a line with a right checksum was not written by us. */
export function parseEntry<E extends StoredEvent>(
  seq: number,
  payload: string,
): StoredEntry<E> | undefined {
  const value = parseJson(payload);
  if (!isObject(value) || typeof value['received_at'] !== 'number') return undefined;
  const event = value['event'];
  if (!isObject(event) || typeof event['id'] !== 'string') return undefined;
  // Parsed at the door before it was written, and the checksum says that it is what was written.
  return { seq, received_at: value['received_at'], event: event as unknown as E };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
