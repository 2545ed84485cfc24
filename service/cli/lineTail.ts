/** The last lines of a stream, bounded. */
const MAX_BYTES = 32 * 1024;
const MAX_LINES = 200;

export class LineTail {
  #text = '';
  readonly #decoder = new TextDecoder();

  add(chunk: Uint8Array): void {
    const text = this.#text + this.#decoder.decode(chunk, { stream: true });
    this.#text = text.length > MAX_BYTES ? text.slice(-MAX_BYTES) : text;
  }

  /** At most 200 whole lines, 32 KiB. */
  text(): string {
    return this.#text
      .split('\n')
      .slice(-MAX_LINES - 1)
      .join('\n');
  }
}
