/** Numbers as few bytes: variable-length integers (LEB128), and floats that take what they need. */

const FLOAT = new DataView(new ArrayBuffer(8));
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer);
const BYTE = 128;
const BITS_31 = 2 ** 31;
/** Integers below this take at most five bytes. */
const SHORT_INTEGER = 2 ** 35;

/** How a value follows its tag. */
const DOUBLE = 0;
const SINGLE = 1;
const INTEGER = 2;
const NEGATIVE_INTEGER = 3;

export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** A view of what was written; later writes never change it, `clear` does. */
  view(from = 0, to = this.#length): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  /** Starts anew in the same memory: views of before are no longer good. */
  clear(): void {
    this.#length = 0;
  }

  /** A whole number of 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= BITS_31) {
      this.#bytes[this.#length++] = (rest % BYTE) + BYTE;
      rest = Math.floor(rest / BYTE);
    }
    while (rest >= BYTE) {
      this.#bytes[this.#length++] = (rest & 127) | BYTE;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign, small where its magnitude is. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Any finite number, exactly. */
  value(value: number): void {
    this.#reserve(9);
    if (Number.isInteger(value) && value < SHORT_INTEGER && value > -SHORT_INTEGER) {
      this.#bytes[this.#length++] = value < 0 ? NEGATIVE_INTEGER : INTEGER;
      this.varint(Math.abs(value));
      return;
    }
    const short = Math.fround(value) === value;
    this.#bytes[this.#length++] = short ? SINGLE : DOUBLE;
    if (short) FLOAT.setFloat32(0, value);
    else FLOAT.setFloat64(0, value);
    const size = short ? 4 : 8;
    this.#bytes.set(size === 8 ? FLOAT_BYTES : FLOAT_BYTES.subarray(0, size), this.#length);
    this.#length += size;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.view());
    this.#bytes = grown;
  }
}

/** Reads what a `ByteWriter` wrote. Throws a sentence when the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#next();
      if (byte < BYTE) return value + byte * scale;
      value += (byte - BYTE) * scale;
      scale *= BYTE;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  value(): number {
    const tag = this.#next();
    if (tag === INTEGER) return this.varint();
    if (tag === NEGATIVE_INTEGER) return -this.varint();
    const size = tag === SINGLE ? 4 : 8;
    for (let i = 0; i < size; i++) FLOAT_BYTES[i] = this.#next();
    return size === 4 ? FLOAT.getFloat32(0) : FLOAT.getFloat64(0);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  raw(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error('the bytes end too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error('the bytes end too early');
    return byte;
  }
}
