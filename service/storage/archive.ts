/**
 * A backup: a tar file (POSIX.1-2001), gzipped, whose last entry is a list of all others with their sizes and SHA-256.
 * So it is made in one go, and one that was cut off has no list.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type Readable, pipeline } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type Pack, extract, pack } from 'tar-stream';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { printable } from '../protocol/parse.ts';
import { VERSION } from '../protocol/version.ts';
import type { SnapshotFile } from './snapshot.ts';

export const BACKUP_FORMAT = 1;
const MANIFEST = 'manifest.json';

const Manifest = Type.Object({
  pipescope_backup: Type.Integer(),
  version: Type.String(),
  created_at: Type.String({ pattern: '^[\\w:.+-]{1,40}$' }),
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      bytes: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
});
export type Manifest = Static<typeof Manifest>;
const manifestCheck = TypeCompiler.Compile(Manifest);

/** The bytes of a backup of `files`, read as fast as they are taken. `createdAt` is RFC 3339. */
export async function* archivePieces(
  files: readonly SnapshotFile[],
  createdAt: string,
): AsyncGenerator<Buffer, void, undefined> {
  const tar = pack();
  tar.on('error', () => undefined);
  // The cheapest level: it halves what a backup takes at the speed of the disk.
  const gzip = createGzip({ level: 1 });
  const ended = new AbortController();
  pipeline(tar, gzip, () => ended.abort());
  const filled = fill(tar, { files, createdAt, signal: ended.signal }).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(messageOf(error)));
    throw error;
  });
  // Whoever stops reading ends it; what went wrong before that is thrown below.
  filled.catch(() => undefined);
  try {
    for await (const chunk of gzip) yield chunk as Buffer;
    await filled;
  } finally {
    ended.abort();
    // After its end this does nothing.
    tar.destroy(new Error('Nobody takes the backup any more.'));
    gzip.destroy();
  }
}

interface Filling {
  files: readonly SnapshotFile[];
  createdAt: string;
  /** Aborts when nobody takes the bytes any more. */
  signal: AbortSignal;
}

async function fill(tar: Pack, { files, createdAt, signal }: Filling): Promise<void> {
  const manifest: Manifest = {
    pipescope_backup: BACKUP_FORMAT,
    version: VERSION,
    created_at: createdAt,
    files: [],
  };
  for (const { name, path, bytes } of files) {
    const sha256 = createHash('sha256');
    const entry = tar.entry({ name, size: bytes, mode: 0o600, mtime: new Date(createdAt) });
    const left = bytes > 0 ? createReadStream(path, { end: bytes - 1, signal }) : [];
    let written = 0;
    for await (const chunk of left as AsyncIterable<Buffer>) {
      sha256.update(chunk);
      written += chunk.length;
      if (!entry.write(chunk)) await once(entry, 'drain', { signal });
    }
    if (written !== bytes) throw new Error(`${name} has ${written} of ${bytes} bytes.`);
    entry.end(undefined);
    manifest.files.push({ name, bytes, sha256: sha256.digest('hex') });
  }
  tar.entry({ name: MANIFEST, mode: 0o600, mtime: new Date(createdAt) }, JSON.stringify(manifest));
  tar.finalize();
}

/** Where the files of an archive go: called for each in its order, before it is known whether the archive is whole. */
export type Sink = (name: string, content: AsyncIterable<Buffer>) => Promise<void>;

/** Reads a backup to its end and checks all of it. Rejects with ARCHIVE_INVALID, or what the sink throws. */
export async function readArchive(input: Readable, sink: Sink): Promise<Manifest> {
  const tar = extract();
  const stream: { failure: Error | null } = { failure: null };
  const read = new Promise<void>((resolve) => {
    pipeline(input, createGunzip(), tar, (error) => {
      stream.failure = error ?? null;
      resolve();
    });
  });
  const found = new Map<string, { bytes: number; sha256: string }>();
  const folders = new Set<string>();
  let manifest: Manifest | null = null;
  try {
    for await (const entry of tar) {
      const { name, type, size } = entry.header;
      if (manifest) throw invalid('It has files behind its end.');
      if (type !== 'file') throw invalid(`"${printable(name)}" is no file.`);
      if (name === MANIFEST) manifest = await readManifest(entry, size);
      else {
        checkName(name, found, folders);
        const digest = createHash('sha256');
        const counted = count(entry as AsyncIterable<Buffer>, (chunk) => digest.update(chunk));
        await sink(name, counted);
        found.set(name, { bytes: size, sha256: digest.digest('hex') });
      }
    }
    await read;
  } catch (error) {
    throw error === stream.failure || !(error instanceof Error) || isTarError(error)
      ? invalid(`${messageOf(error)}.`)
      : error;
  } finally {
    input.destroy();
  }
  // The checksum of gzip comes behind the last entry.
  if (stream.failure !== null) throw invalid(`${messageOf(stream.failure)}.`);
  if (!manifest) throw invalid('It was cut off.');
  compare(manifest, found);
  return manifest;
}

function isTarError(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (
    code.startsWith('Z_') ||
    /tar|Header exceeds|Unexpected end|Writable stream closed/i.test(error.message)
  );
}

async function* count(
  chunks: AsyncIterable<Buffer>,
  each: (chunk: Buffer) => void,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    each(chunk);
    yield chunk;
  }
}

/** Names as `takeSnapshot` makes them: nothing that leads out of a folder, or into another file's place. */
const NAME = /^(journal|state|series)(\/\w[\w.-]{0,199}){1,4}$/;

/** Notes the folders of the name. */
function checkName(name: string, found: ReadonlyMap<string, unknown>, folders: Set<string>): void {
  if (!NAME.test(name)) throw invalid(`The name "${printable(name)}" is none of a backup.`);
  if (found.has(name)) throw invalid(`"${name}" is in it twice.`);
  const parts = name.split('/').slice(0, -1);
  const parents = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  if (folders.has(name) || parents.some((parent) => found.has(parent)))
    throw invalid(`"${name}" is in the way of another file.`);
  for (const parent of parents) folders.add(parent);
}

/** 100,000 files take 15 MB. */
const MAX_MANIFEST = 256 * 1024 * 1024;

async function readManifest(entry: AsyncIterable<unknown>, size: number): Promise<Manifest> {
  if (size > MAX_MANIFEST) throw invalid('Its list of files is too long.');
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw invalid('Its list of files cannot be read.');
  }
  if (!manifestCheck.Check(value)) throw invalid('Its list of files cannot be read.');
  if (value.pipescope_backup !== BACKUP_FORMAT) {
    throw invalid(
      `It has format ${value.pipescope_backup}, and this version reads format ${BACKUP_FORMAT}. Update Pipescope.`,
    );
  }
  return value;
}

function compare(
  { files }: Manifest,
  found: ReadonlyMap<string, { bytes: number; sha256: string }>,
): void {
  for (const { name, bytes, sha256 } of files) {
    const file = found.get(name);
    if (!file) throw invalid(`"${name}" is missing.`);
    if (file.bytes !== bytes || file.sha256 !== sha256)
      throw invalid(`"${name}" is not what was backed up.`);
  }
  if (files.length !== found.size) throw invalid('It has files that were not backed up.');
}

function invalid(why: string): ProductError {
  return new ProductError('ARCHIVE_INVALID', {
    detail: `The file is not a whole backup of Pipescope: ${why.replace(/\.\.$/, '.')} Nothing was changed.`,
  });
}
