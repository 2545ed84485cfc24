import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { type Target, findService, request } from './client.ts';
import { invalidOption, parseOptions } from './options.ts';

export const usage = 'send [FILE]';

const BATCH = 500;
const BATCH_BYTES = 512 * 1024;

interface Ack {
  accepted: number;
  duplicates: number;
  rejected: { index: number; path: string; message: string }[];
}

/** Sends NDJSON events from a file or stdin; 1 when some were refused. */
export async function send(args: readonly string[]): Promise<number> {
  const { positionals } = parseOptions(args, {}, true);
  if (positionals.length > 1) throw invalidOption(`send takes one file, not ${positionals.length}`);
  const target = await findService(process.env, 'ingest');
  const [file] = positionals;
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  const total = { accepted: 0, duplicates: 0, rejected: 0 };
  for await (const batch of batches(createInterface({ input, crlfDelay: Infinity }), file)) {
    const ack = await sendBatch(target, batch.lines);
    total.accepted += ack.accepted;
    total.duplicates += ack.duplicates;
    total.rejected += ack.rejected.length;
    for (const { index, message } of ack.rejected)
      console.error(`Line ${batch.numbers[index] ?? 0}: ${message}`);
  }
  console.log(
    `${total.accepted} events sent, ${total.duplicates} known already, ${total.rejected} refused.`,
  );
  return total.rejected > 0 ? 1 : 0;
}

interface Batch {
  lines: string[];
  /** Line numbers in the file. */
  numbers: number[];
}

async function* batches(
  lines: AsyncIterable<string>,
  file: string | undefined,
): AsyncGenerator<Batch> {
  let batch: Batch = { lines: [], numbers: [] };
  let bytes = 0;
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const size = Buffer.byteLength(line) + 1;
      if (batch.lines.length === BATCH || (bytes > 0 && bytes + size > BATCH_BYTES)) {
        yield batch;
        batch = { lines: [], numbers: [] };
        bytes = 0;
      }
      batch.lines.push(line);
      batch.numbers.push(number);
      bytes += size;
    }
  } catch (error) {
    if (file === undefined || !('code' in (error as object)) || error instanceof ProductError)
      throw error;
    throw invalidOption(`The file ${file} cannot be read: ${messageOf(error)}`);
  }
  if (batch.lines.length > 0) yield batch;
}

/** Sends events, one JSON text each. */
export async function sendBatch(target: Target, lines: readonly string[]): Promise<Ack> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await request(target, '/api/v1/events', {
    method: 'POST',
    headers,
    body: lines.join('\n'),
  });
  const ack = (await response.json()) as Ack | null;
  if (ack === null)
    throw new ProductError('BODY_INVALID', { detail: 'The service answered nothing.' });
  return ack;
}
