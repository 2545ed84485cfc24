/** What was read of files that only grow, so that what is asked for again and again is read once. */
interface Cached {
  /** How much of the file it is out of. */
  length: number;
  records: readonly Uint8Array[];
  bytes: number;
}

/** What an entry takes beside the bytes of its records. */
const ENTRY_BYTES = 200;

export class RecordCache {
  readonly #maxBytes: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Cached>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The records of a series out of the first `length` bytes of a file; undefined when they have to be read. */
  get(key: string, length: number): readonly Uint8Array[] | undefined {
    const held = this.#entries.get(key);
    if (held?.length !== length) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, held);
    return held.records;
  }

  set(key: string, length: number, records: readonly Uint8Array[]): void {
    this.#drop(key);
    const bytes = records.reduce((sum, { byteLength }) => sum + byteLength, ENTRY_BYTES);
    this.#entries.set(key, { length, records, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
