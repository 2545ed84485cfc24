/** Bodies that are made while they are sent: text in pieces of useful size, JSON, and zip files. */
import { Zip, ZipDeflate } from 'fflate';

/** Pieces smaller than this only cost. */
const PIECE = 64 * 1024;

/** Joins texts into pieces of at least 64 kB. */
export function* joined(texts: Iterable<string>): Generator<string, void, undefined> {
  let held = '';
  for (const text of texts) {
    held += text;
    if (held.length < PIECE) continue;
    yield held;
    held = '';
  }
  if (held !== '') yield held;
}

/** Joins texts that come one after the other into pieces of at least 64 kB. */
export async function* inPieces(
  texts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, undefined> {
  if (Symbol.iterator in texts) {
    yield* joined(texts);
    return;
  }
  let held = '';
  for await (const text of texts) {
    held += text;
    if (held.length < PIECE) continue;
    yield held;
    held = '';
  }
  if (held !== '') yield held;
}

/** Lists are written item by item down to this level of a document; what lies deeper is small. */
const OPEN_LEVELS = 4;
/** Objects are opened down to this one: below they are the items of lists. */
const OPEN_OBJECTS = 3;

/** A document as JSON in small texts: what `JSON.stringify` makes of it, without ever having it whole. */
export function* jsonTexts(value: unknown, level = 0): Generator<string, void, undefined> {
  if (Array.isArray(value) && level < OPEN_LEVELS) {
    let before = '[';
    for (const item of value) {
      yield before + JSON.stringify(item ?? null);
      before = ',';
    }
    yield value.length === 0 ? '[]' : ']';
  } else if (typeof value === 'object' && value !== null && level < OPEN_OBJECTS) {
    let before = '{';
    for (const [key, inner] of Object.entries(value)) {
      if (inner === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonTexts(inner, level + 1);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value);
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
