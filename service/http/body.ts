/** The bytes of `POST /api/v1/events` as values: size, encoding, then the format of its content type. */
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { fromBatch, fromBinary, fromStructured } from '../ingest/cloudEvents.ts';
import { fromJson } from '../ingest/json.ts';
import { fromNdjson } from '../ingest/ndjson.ts';
import { ProductError, messageOf } from '../protocol/errors.ts';

/** Bytes a body may have as sent, and after decompression. */
export const MAX_BODY = 1024 * 1024;
export const MAX_INFLATED = 5 * 1024 * 1024;

const unzip = promisify(gunzip);

export async function eventsOf(body: Buffer, headers: IncomingHttpHeaders): Promise<unknown[]> {
  const text = await textOf(body, headers, MAX_INFLATED);
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (headers['ce-specversion'] !== undefined) return fromBinary(text, headers);
  switch (type) {
    case 'application/x-ndjson':
      return fromNdjson(text);
    case 'application/cloudevents+json':
      return fromStructured(text);
    case 'application/cloudevents-batch+json':
      return fromBatch(text);
    default:
      return fromJson(text);
  }
}

/** The text of a body, decompressed to at most `limit` bytes. Throws BODY_INVALID, BODY_TOO_LARGE. */
export async function textOf(
  body: Buffer,
  headers: IncomingHttpHeaders,
  limit: number,
): Promise<string> {
  return decodeText(await decompress(body, headers['content-encoding'], limit));
}

async function decompress(
  body: Buffer,
  encoding: string | undefined,
  limit: number,
): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding.toLowerCase() !== 'gzip') {
    throw new ProductError('CONTENT_TYPE_UNSUPPORTED', {
      detail: `The content encoding "${encoding.slice(0, 40)}" is not supported. Send gzip or none.`,
    });
  }
  try {
    return await unzip(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ProductError('BODY_TOO_LARGE', {
        detail: `The body is larger than ${limit / 1024 / 1024} MiB after decompression.`,
      });
    }
    throw new ProductError('BODY_INVALID', {
      detail: `The body is not valid gzip: ${messageOf(error)}.`,
    });
  }
}

/** A strict TextDecoder takes ten times as long. */
function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes))
    throw new ProductError('BODY_INVALID', { detail: 'The body is not valid UTF-8.' });
  return bytes.toString('utf8');
}
