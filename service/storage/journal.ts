import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ProductError } from '../protocol/errors.ts';
import type { Event } from '../protocol/event.ts';
import type { FileSystem } from './fileSystem.ts';
import { ignoreMissing, nodeFileSystem } from './fileSystem.ts';
import { MAX_PAYLOAD_BYTES, encodeFrames } from './frame.ts';
import type { StorageState } from './health.ts';
import { StorageHealth } from './health.ts';
import type { StoredEntry, StoredEvent } from './journalReader.ts';
import { readEntries } from './journalReader.ts';
import type { Recovered } from './recovery.ts';
import { recover } from './recovery.ts';
import type { SeenIds } from './seenIds.ts';
import { hashId } from './seenIds.ts';
import type { SegmentInfo } from './segment.ts';
import { sidecarOf } from './segment.ts';
import type { Batch } from './segmentWriter.ts';
import { SegmentWriter } from './segmentWriter.ts';
import type { RecoveryReport } from './verify.ts';

export interface JournalOptions {
  /** First entry that will be read: everything from here on is checked. Default 1. */
  fromSeq?: number;
  /** New entries get no number below this one, also when the journal is gone. Default `fromSeq`. */
  floor?: number;
  /** Size after which a segment is sealed; default 16 MiB. */
  segmentBytes?: number;
  /** Bytes that may wait for the disk before appends are refused; default 64 MiB. */
  pendingBytes?: number;
  /** How many event ids are remembered; default 1,000,000. */
  window?: number;
  /** Milliseconds between two tries to write after failures; default 1,000. */
  probeMs?: number;
  fs?: FileSystem;
  /** Gets one sentence for each thing that goes wrong while running. */
  onProblem?: (sentence: string) => void;
}

export interface Appended<E extends StoredEvent> {
  /** The new events with their sequence numbers, in the order given. */
  entries: StoredEntry<E>[];
  /** How many were known already. */
  duplicates: number;
  /** A known event was waiting in another call's batch, which was refused: then it has to be sent again. */
  failure?: ProductError;
}

interface PendingBatch extends Batch {
  /** Ordinals of its ids in the window: [firstOrdinal, endOrdinal). */
  firstOrdinal: number;
  endOrdinal: number;
  /** Resolves to what made it fail, if anything did. */
  settled: Promise<ProductError | undefined>;
  settle: (failure: ProductError | undefined) => void;
}

/**
 * The append-only truth: numbered events in `<data dir>/journal/`, durable before anybody is told so. Appends that
 * arrive while a sync is in flight go to disk together with the next one. Format: frame.ts.
 */
export class Journal<E extends StoredEvent = Event> {
  readonly #writer: SegmentWriter;
  readonly #health: StorageHealth;
  readonly #seen: SeenIds;
  readonly #io: FileSystem;
  readonly #pendingLimit: number;
  readonly #window: number;
  readonly #onProblem: (sentence: string) => void;
  #nextSeq: number;
  #lastSeq: number;
  #pending: PendingBatch | undefined;
  #writing: PendingBatch | undefined;
  #waitingBytes = 0;
  #draining: Promise<void> | undefined;
  #closed = false;

  private constructor(folder: string, recovered: Recovered, options: JournalOptions) {
    const { fs: io = nodeFileSystem, onProblem = () => undefined } = options;
    const { segmentBytes = DEFAULT_SEGMENT_BYTES, probeMs = 1000 } = options;
    this.#io = io;
    this.#onProblem = onProblem;
    this.#pendingLimit = options.pendingBytes ?? 64 * 1024 * 1024;
    this.#window = options.window ?? DEFAULT_WINDOW;
    this.#seen = recovered.seen;
    this.#nextSeq = recovered.nextSeq;
    this.#lastSeq = recovered.nextSeq - 1;
    const writerOptions = { folder, io, segmentBytes, onProblem };
    this.#writer = new SegmentWriter(writerOptions, recovered.segments, recovered.active);
    this.#health = new StorageHealth({ folder, io, probeMs, onProblem });
  }

  /** Opens the journal of a data directory. Damage is repaired and reported, never thrown. */
  static async open<E extends StoredEvent = Event>(
    dataDir: string,
    options: JournalOptions = {},
  ): Promise<{ journal: Journal<E>; report: RecoveryReport }> {
    const folder = join(dataDir, 'journal');
    const recovered = await recover({
      folder,
      quarantine: join(dataDir, 'quarantine'),
      io: options.fs ?? nodeFileSystem,
      fromSeq: Math.max(1, options.fromSeq ?? 1),
      floor: options.floor ?? 1,
      segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
      window: options.window ?? DEFAULT_WINDOW,
    });
    const journal = new Journal<E>(folder, recovered, options);
    return { journal, report: recovered.report };
  }

  /** The highest sequence number that is durable (or was used before); 0 for an empty journal. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get state(): StorageState {
    return this.#health.state;
  }

  /** How many bytes wait for the disk. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Resolves when every event given is durable, whether new or known (but see `failure`). Rejects with a
   * `ProductError`: then none of the new ones counts as written, and sending them again is right. Codes: JOURNAL_WRITE_FAILED, DISK_FULL,
   * STORAGE_READ_ONLY, OVERLOADED, BODY_TOO_LARGE, SERVICE_STOPPING.
   */
  async append(events: readonly E[], receivedAt: number): Promise<Appended<E>> {
    this.#admit();
    // First all that can throw, so that a bad event leaves no trace.
    const texts = events.map(textOf);
    const entries: StoredEntry<E>[] = [];
    const bodies: string[] = [];
    const waitsFor = new Set<PendingBatch>();
    const firstSeq = this.#nextSeq;
    for (let index = 0; index < events.length; index++) {
      const event = events[index];
      const text = texts[index];
      if (event === undefined || text === undefined) continue;
      const hash = hashId(event.id);
      const before = this.#seen.next;
      const ordinal = this.#seen.add(hash);
      if (ordinal >= 0) {
        const batch = this.#inFlight(ordinal);
        if (batch !== undefined) waitsFor.add(batch);
        continue;
      }
      const batch = (this.#pending ??= this.#newBatch(before));
      batch.ids.push(hash);
      bodies.push(text);
      entries.push({ seq: this.#nextSeq++, received_at: receivedAt, event });
    }
    const own = entries.length > 0 ? this.#pending : undefined;
    if (own !== undefined) {
      waitsFor.add(own);
      const before = `{"received_at":${receivedAt},"event":`;
      this.#enqueue(encodeFrames(firstSeq, { before, bodies, after: '}' }));
    }
    const failure = await firstFailure(waitsFor, own);
    return { entries, duplicates: events.length - entries.length, ...(failure && { failure }) };
  }

  /** Durable entries with `seq >= fromSeq`, in chunks, each id once. The event loop is free between chunks. */
  read(fromSeq: number): AsyncIterable<StoredEntry<E>[]> {
    const { segments } = this.#writer;
    return readEntries<E>({ segments, fromSeq, io: this.#io, onProblem: this.#onProblem });
  }

  segments(): SegmentInfo[] {
    return this.#writer.segments.map((segment) => ({ ...segment }));
  }

  /**
   * Removes the sealed segments that hold nothing from `seq` on; the newest segment always stays. The ids of dropped
   * events stay known while they are inside the window.
   */
  async dropBefore(seq: number): Promise<{ segments: number; entries: number; bytes: number }> {
    const dropped = { segments: 0, entries: 0, bytes: 0 };
    const { segments } = this.#writer;
    for (const segment of segments.slice(0, -1)) {
      if (segment.lastSeq >= seq || segment.path === this.#writer.activePath) continue;
      await ignoreMissing(this.#io.unlink(segment.path));
      if (segment.lastSeq < this.#lastSeq - this.#window) {
        await ignoreMissing(this.#io.unlink(sidecarOf(segment.path)));
      }
      segments.splice(segments.indexOf(segment), 1);
      dropped.segments++;
      dropped.entries += segment.lastSeq - segment.firstSeq + 1;
      dropped.bytes += segment.bytes;
    }
    return dropped;
  }

  /** Writes what was taken, then closes. Appends are refused from the call on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
    await this.#health.close();
    await this.#writer.close();
  }

  #admit(): void {
    if (this.#closed) throw new ProductError('SERVICE_STOPPING', { retryAfter: 5 });
    const refusal = this.#health.refusal();
    if (refusal !== undefined) throw refusal;
    if (this.#waitingBytes >= this.#pendingLimit) {
      throw new ProductError('OVERLOADED', { retryAfter: 1 });
    }
  }

  #newBatch(firstOrdinal: number): PendingBatch {
    let settle: PendingBatch['settle'] = () => undefined;
    const settled = new Promise<ProductError | undefined>((resolve) => (settle = resolve));
    const empty = { firstSeq: this.#nextSeq, lastSeq: this.#nextSeq - 1, bytes: 0 };
    const lists = { buffers: [], ids: [] };
    return { ...empty, ...lists, firstOrdinal, endOrdinal: firstOrdinal, settled, settle };
  }

  /** The batch that an id waits in, or undefined when it is durable. */
  #inFlight(ordinal: number): PendingBatch | undefined {
    return [this.#pending, this.#writing].find((batch) => batch && ordinal >= batch.firstOrdinal);
  }

  #enqueue(bytes: Buffer): void {
    const batch = this.#pending;
    if (batch === undefined) return;
    batch.buffers.push(bytes);
    batch.bytes += bytes.length;
    batch.lastSeq = this.#nextSeq - 1;
    batch.endOrdinal = this.#seen.next;
    this.#waitingBytes += bytes.length;
    this.#draining ??= this.#drain().finally(() => (this.#draining = undefined));
  }

  async #drain(): Promise<void> {
    // What else arrives in this turn of the event loop goes to disk with the same sync. What is worth one by itself goes
    // at once: the disk works while the other calls of this turn are read.
    if (this.#waitingBytes < WORTH_A_SYNC) await setImmediate();
    else await new Promise<void>((resolve) => process.nextTick(resolve));
    for (let batch = this.#pending; batch !== undefined; batch = this.#pending) {
      this.#pending = undefined;
      this.#writing = batch;
      const failure = await this.#commit(batch);
      this.#writing = undefined;
      this.#waitingBytes -= batch.bytes;
      if (failure === undefined) this.#lastSeq = batch.lastSeq;
      else this.#seen.forget(batch.firstOrdinal, batch.endOrdinal);
      batch.settle(failure);
    }
  }

  async #commit(batch: PendingBatch): Promise<ProductError | undefined> {
    const refusal = this.#health.refusal();
    if (refusal !== undefined) return refusal;
    try {
      await this.#writer.commit(batch);
      this.#health.succeeded();
      return undefined;
    } catch (error) {
      return this.#health.failed(error);
    }
  }
}

/** Throws when `own` failed, or there is none; otherwise the failure of another one. */
async function firstFailure(
  batches: ReadonlySet<PendingBatch>,
  own: PendingBatch | undefined,
): Promise<ProductError | undefined> {
  let failure: ProductError | undefined;
  for (const batch of batches) {
    const failed = await batch.settled;
    if (failed && (own === undefined || batch === own)) throw failed;
    failure ??= failed;
  }
  return failure;
}

const DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;
const DEFAULT_WINDOW = 1_000_000;
/** Bytes that go to disk at once when it is idle: some forty events. */
const WORTH_A_SYNC = 8 * 1024;
// Leaves room for what the journal puts around an event.
const MAX_EVENT_BYTES = MAX_PAYLOAD_BYTES - 64;

function textOf(event: StoredEvent): string {
  const text = JSON.stringify(event);
  // No string has more than three bytes a UTF-16 unit.
  if (text.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(text) > MAX_EVENT_BYTES) {
    throw new ProductError('BODY_TOO_LARGE', { detail: 'One event is larger than 32 MB.' });
  }
  return text;
}
