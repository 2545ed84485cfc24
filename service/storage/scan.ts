import type { FileSystem } from './fileSystem.ts';
import type { Frame } from './frame.ts';
import { MAX_FRAME_BYTES, decodeFrame, nextLine } from './frame.ts';

/** Bytes of a segment that are no valid frame: file offsets [start, end). */
export interface Damage {
  start: number;
  end: number;
  /** Sequence numbers of the valid frames on both sides; undefined at the ends of the file. */
  after: number | undefined;
  before: number | undefined;
  /** Line feeds among the bytes: how many lines they were at most. */
  lines: number;
}

/** What one window of the file holds. `bytes` is reused: take what you need before asking for the next window. */
export interface Window {
  bytes: Buffer;
  frames: Frame[];
  damages: Damage[];
}

export interface ScanOptions {
  io: FileSystem;
  fd: number;
  /** Bytes of the file to look at. */
  size: number;
  /** Frames with other sequence numbers, and those that do not rise, count as damage. */
  minSeq: number;
  maxSeq: number;
}

/** Half a megabyte takes about 2 ms to check, so the event loop is never held for long. */
const WINDOW_BYTES = 512 * 1024;

/** Walks a segment window by window and finds its way back after damage, at the next line that is valid. */
export async function* scanSegment(options: ScanOptions): AsyncGenerator<Window, void, undefined> {
  const scan = new Scan(options);
  while (await scan.fill()) yield scan.walk();
}

class Scan {
  readonly #options: ScanOptions;
  #buffer: Buffer;
  #bytes: Buffer;
  /** File offset of the window's first byte. */
  #base = 0;
  /** Offset in the window of the next byte to look at. */
  #at = 0;
  #lastSeq: number | undefined;
  #damage: Damage | undefined;
  /** The window starts inside a damaged line: nothing before the next line feed may count as a frame. */
  #midLine = false;
  #done = false;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#buffer = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, options.size + 1));
    this.#bytes = this.#buffer.subarray(0, 0);
  }

  /** Keeps what is not walked yet and reads on; false when the file is done. */
  async fill(): Promise<boolean> {
    if (this.#done) return false;
    const { io, fd, size } = this.#options;
    let length = this.#bytes.length - this.#at;
    this.#base += this.#at;
    this.#makeRoom(length);
    while (length < this.#buffer.length) {
      const from = this.#base + length;
      const target = this.#buffer.subarray(length, length + Math.max(0, size - from));
      const count = target.length === 0 ? 0 : await io.read(fd, target, from);
      this.#done = count === 0 || from + count >= size;
      length += count;
      if (this.#done) break;
    }
    this.#bytes = this.#buffer.subarray(0, length);
    this.#at = 0;
    return true;
  }

  #makeRoom(length: number): void {
    // Less than half free: a frame larger than the window lies here.
    const large = length > this.#buffer.length / 2 && this.#buffer.length < 2 * MAX_FRAME_BYTES;
    const target = large ? Buffer.allocUnsafe(this.#buffer.length * 2) : this.#buffer;
    this.#bytes.copy(target, 0, this.#at);
    this.#buffer = target;
  }

  walk(): Window {
    const window: Window = { bytes: this.#bytes, frames: [], damages: [] };
    if (this.#midLine) this.#skipLine();
    while (this.#at < this.#bytes.length) {
      const frame = decodeFrame(this.#bytes, this.#at);
      if (frame === 'incomplete' && !this.#done) return window;
      if (typeof frame === 'string' || !this.#fits(frame.seq)) this.#skipLine();
      else this.#take(frame, window);
    }
    if (this.#done) this.#endDamage(undefined, window);
    return window;
  }

  #fits(seq: number): boolean {
    const { minSeq, maxSeq } = this.#options;
    return seq >= minSeq && seq <= maxSeq && seq > (this.#lastSeq ?? 0);
  }

  #take(frame: Frame, window: Window): void {
    this.#endDamage(frame.seq, window);
    window.frames.push(frame);
    this.#lastSeq = frame.seq;
    this.#at = frame.end;
  }

  #skipLine(): void {
    const start = this.#base + this.#at;
    this.#damage ??= { start, end: start, after: this.#lastSeq, before: undefined, lines: 0 };
    const next = nextLine(this.#bytes, this.#at);
    this.#at = next < 0 ? this.#bytes.length : next;
    this.#midLine = next < 0;
    if (next >= 0) this.#damage.lines++;
  }

  #endDamage(before: number | undefined, window: Window): void {
    if (this.#damage === undefined) return;
    window.damages.push({ ...this.#damage, end: this.#base + this.#at, before });
    this.#damage = undefined;
  }
}
