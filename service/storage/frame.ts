import { crc32 } from 'node:zlib';

/**
 * One line of the journal: `P1 <seq> <payload bytes> <crc32> <payload>\n`. The CRC-32 (8 lower-case hex digits) is
 * over `P1 <seq> <payload bytes> <payload>`, so a wrong sequence number or length is as visible as a wrong payload.
 * The payload is JSON and therefore holds no line feed; a payload of 0 bytes is illegal, so zeros never parse.
 */
export const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;

/** Longest header: magic, 16 digits of sequence, 8 of length, 8 of CRC, and the spaces. */
const MAX_HEADER_BYTES = 3 + 17 + 9 + 9;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;

export function encodeFrame(seq: number, payload: string): string {
  const head = `P1 ${seq} ${Buffer.byteLength(payload)} `;
  const sum = crc32(head + payload).toString(16);
  return `${head}${sum.length === 8 ? sum : sum.padStart(8, '0')} ${payload}\n`;
}

/** A payload in parts, as the journal makes it: every payload of a call begins with the same ASCII text. */
export interface Payloads {
  before: string;
  bodies: readonly string[];
  after: string;
}

/**
 * Frames with the numbers from `firstSeq` on, as one buffer. ASCII, as nearly all events are, is written at once with
 * room for the sums, which are filled in after; anything else goes through `encodeFrame`.
 */
export function encodeFrames(firstSeq: number, { before, bodies, after }: Payloads): Buffer {
  const around = before.length + after.length;
  const heads = bodies.map((body, index) => `P1 ${firstSeq + index} ${around + body.length} `);
  let text = '';
  for (let index = 0; index < bodies.length; index++) {
    text += `${heads[index] ?? ''}${NO_SUM}${before}${bodies[index] ?? ''}${after}\n`;
  }
  const buffer = Buffer.from(text);
  if (buffer.length !== text.length) return encodeOneByOne(firstSeq, { before, bodies, after });
  let at = 0;
  for (let index = 0; index < bodies.length; index++) {
    const head = heads[index] ?? '';
    const sumAt = at + head.length;
    const end = sumAt + NO_SUM.length + around + (bodies[index] ?? '').length;
    const sum = crc32(buffer.subarray(sumAt + NO_SUM.length, end), crcOfText(head));
    writeSum(buffer, sumAt, sum);
    at = end + 1;
  }
  return buffer;
}

function encodeOneByOne(firstSeq: number, { before, bodies, after }: Payloads): Buffer {
  return Buffer.from(
    bodies.map((body, index) => encodeFrame(firstSeq + index, before + body + after)).join(''),
  );
}

/** Where the eight hex digits of a sum go, and the space behind them. */
const NO_SUM = '00000000 ';

function writeSum(buffer: Buffer, at: number, sum: number): void {
  for (let digit = 0; digit < 8; digit++) {
    const value = (sum >>> (28 - 4 * digit)) & 15;
    buffer[at + digit] = value < 10 ? ZERO + value : 0x57 + value;
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of a short run of bytes; see `crcOfText`. */
function crcOfBytes(bytes: Buffer, start: number, end: number): number {
  let value = 0xffffffff;
  for (let at = start; at < end; at++) {
    value = (value >>> 8) ^ (CRC_TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** CRC-32 of a short ASCII text: a call into zlib costs more than twenty steps. */
function crcOfText(text: string): number {
  let value = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    value = (value >>> 8) ^ (CRC_TABLE[(value ^ text.charCodeAt(index)) & 0xff] ?? 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

export interface Frame {
  seq: number;
  /** Offsets in the buffer that was decoded. */
  payloadStart: number;
  payloadEnd: number;
  /** Where the next frame starts. */
  end: number;
  /** False when the byte after the payload is not the line feed it should be. */
  endIntact: boolean;
}

/** 'incomplete': it could still become a frame with more bytes. 'damaged': no bytes can make it one. */
export type Decoded = Frame | 'incomplete' | 'damaged';

export function decodeFrame(bytes: Buffer, offset: number): Decoded {
  if (!startsWithMagic(bytes, offset)) return 'damaged';
  const seq = readNumber(bytes, offset + 3, 16);
  if (typeof seq === 'string') return seq;
  const length = readNumber(bytes, seq.end, 8);
  if (typeof length === 'string') return length;
  if (length.value > MAX_PAYLOAD_BYTES || seq.value > Number.MAX_SAFE_INTEGER) return 'damaged';
  const sum = readSum(bytes, length.end);
  if (typeof sum === 'string') return sum;
  const payloadEnd = sum.end + length.value;
  if (payloadEnd >= bytes.length) return 'incomplete';
  const head = crcOfBytes(bytes, offset, length.end);
  if (crc32(bytes.subarray(sum.end, payloadEnd), head) !== sum.value) return 'damaged';
  return {
    seq: seq.value,
    payloadStart: sum.end,
    payloadEnd,
    end: payloadEnd + 1,
    endIntact: bytes[payloadEnd] === LINE_FEED,
  };
}

/** First offset at or after `from` at which a frame may start (one after a line feed), or -1. */
export function nextLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(LINE_FEED, from);
  return at < 0 ? -1 : at + 1;
}

function startsWithMagic(bytes: Buffer, offset: number): boolean {
  const left = bytes.length - offset;
  return (
    (left < 1 || bytes[offset] === 0x50) &&
    (left < 2 || bytes[offset + 1] === 0x31) &&
    (left < 3 || bytes[offset + 2] === SPACE)
  );
}

type Field = { value: number; end: number } | 'incomplete' | 'damaged';

/** A decimal number without leading zero, of 1 to `digits` digits, and the space behind it. */
function readNumber(bytes: Buffer, start: number, digits: number): Field {
  let value = 0;
  for (let at = start; at <= start + digits; at++) {
    const byte = bytes[at];
    if (byte === undefined) return 'incomplete';
    if (byte === SPACE) return at > start ? { value, end: at + 1 } : 'damaged';
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9 || (digit === 0 && at === start)) return 'damaged';
    value = value * 10 + digit;
  }
  return 'damaged';
}

function readSum(bytes: Buffer, start: number): Field {
  let value = 0;
  for (let at = start; at < start + 8; at++) {
    const byte = bytes[at];
    if (byte === undefined) return 'incomplete';
    const digit = byte < 0x3a ? byte - ZERO : byte - 0x57;
    if (digit < 0 || digit > 15 || (byte >= 0x3a && digit < 10)) return 'damaged';
    value = value * 16 + digit;
  }
  const after = bytes[start + 8];
  if (after === undefined) return 'incomplete';
  return after === SPACE ? { value, end: start + 9 } : 'damaged';
}

/** Bytes that are always enough to hold one frame. */
export const MAX_FRAME_BYTES = MAX_HEADER_BYTES + MAX_PAYLOAD_BYTES + 1;
