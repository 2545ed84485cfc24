import { join } from 'node:path';
import { messageOf } from '../protocol/errors.ts';
import type { FileSystem } from './fileSystem.ts';
import { ignoreMissing, writeFully } from './fileSystem.ts';
import type { SegmentInfo } from './segment.ts';
import { segmentName, sidecarOf, writeSidecar } from './segment.ts';

/** Frames that go to disk together: one write, one fdatasync. */
export interface Batch {
  firstSeq: number;
  lastSeq: number;
  bytes: number;
  buffers: Uint8Array[];
  /** One hash an event, in order. */
  ids: number[];
}

/** The segment that is written to. */
export interface ActiveSegment {
  info: SegmentInfo;
  fd: number;
  ids: number[];
}

export interface WriterOptions {
  folder: string;
  io: FileSystem;
  /** Size after which a segment is sealed. */
  segmentBytes: number;
  onProblem: (sentence: string) => void;
}

/** Puts batches into segments. `segments` tells only of what is durable. */
export class SegmentWriter {
  readonly segments: SegmentInfo[];
  readonly #options: WriterOptions;
  #active: ActiveSegment | undefined;
  /** Segments that end in bytes of a refused batch, which could not be cut off yet. One a failed commit. */
  #uncut: SegmentInfo[] = [];
  /** Sidecars being written; nobody waits for them but `close`. */
  #sidecars: Promise<void> = Promise.resolve();

  constructor(options: WriterOptions, segments: SegmentInfo[], active: ActiveSegment | undefined) {
    this.#options = options;
    this.segments = segments;
    this.#active = active;
  }

  /** The segment being written to; it is never dropped. */
  get activePath(): string | undefined {
    return this.#active?.info.path;
  }

  /**
   * Resolves when the batch is durable. Rejects with the system's error; then the descriptor is closed for good
   * (after a failed fdatasync the kernel forgets which pages are not on disk, so a second one proves nothing), the
   * batch is cut off again and the next one starts a new segment.
   */
  async commit(batch: Batch): Promise<void> {
    if (this.#uncut.length > 0) await this.#cutAll();
    const active = await this.#segmentFor(batch.firstSeq);
    try {
      await writeFully(this.#options.io, active.fd, batch.buffers, active.info.bytes);
      await this.#options.io.fdatasync(active.fd);
    } catch (error) {
      await this.#abandon(active);
      throw error;
    }
    active.info.bytes += batch.bytes;
    active.info.lastSeq = batch.lastSeq;
    for (const id of batch.ids) active.ids.push(id);
  }

  async close(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    if (active !== undefined) await this.#closeFile(active);
    if (this.#uncut.length > 0) await this.#cutAll();
    await this.#sidecars;
  }

  async #segmentFor(firstSeq: number): Promise<ActiveSegment> {
    const active = this.#active;
    if (active !== undefined && active.info.bytes < this.#options.segmentBytes) return active;
    if (active !== undefined) {
      this.#active = undefined;
      await this.#closeFile(active);
      this.#writeSidecar(active);
    }
    const created = await this.#create(firstSeq);
    this.segments.push(created.info);
    this.#active = created;
    return created;
  }

  async #create(firstSeq: number): Promise<ActiveSegment> {
    const { folder, io } = this.#options;
    const path = join(folder, segmentName(firstSeq));
    const info: SegmentInfo = { path, firstSeq, lastSeq: firstSeq - 1, bytes: 0 };
    const created: ActiveSegment = { info, fd: await io.open(path, 'wx', 0o600), ids: [] };
    try {
      await io.syncFolder(folder);
    } catch (error) {
      await this.#abandon(created);
      throw error;
    }
    return created;
  }

  async #abandon(segment: ActiveSegment): Promise<void> {
    this.#active = undefined;
    await this.#closeFile(segment);
    this.#uncut.push(segment.info);
    if (segment.info.bytes === 0) {
      const index = this.segments.indexOf(segment.info);
      if (index >= 0) this.segments.splice(index, 1);
    }
    await this.#cutAll();
    if (segment.info.bytes > 0) this.#writeSidecar(segment);
  }

  /** Cuts refused bytes off, so that a restart does not take them for events. Tried again before each commit. */
  async #cutAll(): Promise<void> {
    const left: SegmentInfo[] = [];
    for (const info of this.#uncut) {
      try {
        await this.#cut(info);
      } catch (error) {
        left.push(info);
        this.#options.onProblem(
          `Refused events could not be cut off ${info.path} (${messageOf(error)}). Trying again later.`,
        );
      }
    }
    this.#uncut = left;
  }

  async #cut(info: SegmentInfo): Promise<void> {
    const { io } = this.#options;
    if (info.bytes === 0) return ignoreMissing(io.unlink(info.path));
    const fd = await io.open(info.path, 'r+');
    try {
      await io.ftruncate(fd, info.bytes);
      await io.fsync(fd);
    } finally {
      await io.close(fd);
    }
  }

  #writeSidecar({ info, ids }: ActiveSegment): void {
    const { io, onProblem } = this.#options;
    const { bytes: segmentBytes, lastSeq, path } = info;
    const sidecar = { segmentBytes, lastSeq, ids: Float64Array.from(ids) };
    this.#sidecars = this.#sidecars
      .then(() => writeSidecar(io, sidecarOf(path), sidecar))
      .catch((error: unknown) => {
        onProblem(`The id list of ${path} could not be written (${messageOf(error)}).`);
      });
  }

  async #closeFile(segment: ActiveSegment): Promise<void> {
    try {
      await this.#options.io.close(segment.fd);
    } catch (error) {
      this.#options.onProblem(`Closing ${segment.info.path} failed (${messageOf(error)}).`);
    }
  }
}
