/** Bodies that are made while they are sent: text in pieces of useful size, JSON, and zip files. */
import { Zip, ZipDeflate } from 'fflate';

/** Pieces smaller than this only cost. */
const PIECE = 64 * 1024;

/** Joins texts into pieces of at least 64 kB. */
export async function* inPieces(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, undefined> {
  let held: string[] = [];
  let length = 0;
  for await (const text of texts) {
    held.push(text);
    length += text.length;
    if (length < PIECE) continue;
    yield held.join('');
    held = [];
    length = 0;
  }
  if (length > 0) yield held.join('');
}

/** Levels of a document that are written item by item; what lies deeper is small. */
const OPEN_LEVELS = 4;

/** A value as JSON in small texts: what `JSON.stringify` makes of it, without ever having it whole. */
export function* jsonTexts(value: unknown, level = 0): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null || level === OPEN_LEVELS) {
    yield JSON.stringify(value);
    return;
  }
  const isArray = Array.isArray(value);
  yield isArray ? '[' : '{';
  let before = '';
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    yield isArray ? before : `${before}${JSON.stringify(key)}:`;
    yield* jsonTexts(inner, level + 1);
    before = ',';
  }
  yield isArray ? ']' : '}';
}

export interface ZippedFile {
  name: string;
  texts: AsyncIterable<string> | Iterable<string>;
}

/** Larger files and archives need ZIP64, which the writer does not have. */
const MAX_ZIP_BYTES = 0xffff_ffff;

/** A zip file, one entry after the other. Throws when it would be larger than 4 GiB. */
export async function* zipPieces(
  files: Iterable<ZippedFile>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let made: Uint8Array[] = [];
  let bytes = 0;
  const zip = new Zip((error, data) => {
    if (error) throw error;
    made.push(data);
    bytes += data.length;
  });
  const encoder = new TextEncoder();
  for (const { name, texts } of files) {
    const file = new ZipDeflate(name, { level: 6 });
    zip.add(file);
    for await (const piece of inPieces(texts)) {
      file.push(encoder.encode(piece));
      if (file.size > MAX_ZIP_BYTES || bytes > MAX_ZIP_BYTES)
        throw new Error('The zip file would be larger than 4 GiB. Export a shorter range.');
      yield* made;
      made = [];
    }
    file.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* made;
}
