import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '../protocol/describe.ts';
import { messageOf } from '../protocol/errors.ts';
import { PUBLIC_EVENTS } from '../protocol/event.ts';
import { toEpochMs } from '../protocol/parse.ts';
import { findService } from './client.ts';
import { invalidOption, parseOptions } from './options.ts';
import { LONGEST_PAUSE_MS, Pace } from './pace.ts';
import { sendBatch } from './send.ts';

export const usage = 'replay FILE [--speed N]';

/** Events that are due within this time go together. */
const TOGETHER_MS = 50;
const A_BATCH = 500;
/** Nothing is said more often than this. */
const PROGRESS_MS = 5000;

interface Recorded {
  line: string;
  /** Epoch milliseconds of its arrival, else its own; null where neither is told: it follows the one before. */
  time: number | null;
}

/**
 * Sends recorded events again, one JSON object a line or a file of a journal, with the pauses that were between them,
 * or `--speed` times as fast; a pause of more than a minute is cut to one. Their times and ids stay. SIGINT ends it; 1 when events were refused.
 */
export async function replay(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { speed: { type: 'string' } }, true);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw invalidOption('replay takes one file');
  const speed = speedOf(values.speed);
  const target = await findService(process.env, 'ingest');
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const total = { sent: 0, refused: 0 };
  let said = performance.now();
  try {
    for await (const batch of paced(recorded(file), speed, stop.signal)) {
      const ack = await sendBatch(target, batch);
      for (const { message } of ack.rejected) console.error(message);
      total.sent += batch.length - ack.rejected.length;
      total.refused += ack.rejected.length;
      if (performance.now() - said < PROGRESS_MS) continue;
      said = performance.now();
      console.error(`${total.sent + total.refused} events so far.`);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
  const ended = stop.signal.aborted ? ' Stopped before the end.' : '';
  console.log(`${total.sent} events sent again, ${total.refused} refused.${ended}`);
  return total.refused > 0 ? 1 : 0;
}

function speedOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (!(speed > 0)) throw invalidOption(`--speed takes a number above 0 such as 10, not "${text}"`);
  return speed;
}

async function* paced(
  events: AsyncIterable<Recorded>,
  speed: number,
  signal: AbortSignal,
): AsyncGenerator<string[], void, undefined> {
  const begin = performance.now();
  const pace = new Pace(speed);
  let batch: string[] = [];
  for await (const { line, time } of events) {
    const { at, cut_ms } = pace.due(time);
    const due = begin + at;
    const wait = due - performance.now();
    if (batch.length > 0 && (wait > TOGETHER_MS || batch.length === A_BATCH)) {
      yield batch;
      batch = [];
    }
    if (cut_ms !== null) console.error(cutShort(cut_ms));
    if (wait > TOGETHER_MS) await sleep(due - performance.now(), undefined, { signal });
    if (signal.aborted) return;
    batch.push(line);
  }
  if (batch.length > 0) yield batch;
}

function cutShort(ms: number): string {
  return `A pause of ${duration(ms)} is cut to ${duration(LONGEST_PAUSE_MS)}.`;
}

async function* recorded(file: string): AsyncGenerator<Recorded, void, undefined> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const event = eventOf(line);
      if (event === undefined) throw invalidOption(`Line ${number} of ${file} is no event`);
      // What the service itself said it says again.
      if (event !== null) yield event;
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw invalidOption(`The file ${file} cannot be read: ${messageOf(error)}`);
  }
}

/** `P1 <seq> <bytes> <crc> {"received_at":...,"event":{...}}`, or the event itself. */
const FRAME = /^P1 \d+ \d+ [0-9a-f]{8} (?=\{)/;

/** Undefined for what is none, null for the service's own. */
function eventOf(line: string): Recorded | null | undefined {
  const frame = FRAME.exec(line);
  const value = parse(frame ? line.slice(frame[0].length) : line);
  const entry = frame ? fieldsOf(value) : undefined;
  const event = frame ? entry?.['event'] : value;
  const fields = fieldsOf(event);
  if (fields === undefined) return undefined;
  const { type, time, id } = fields;
  const own =
    frame &&
    (!Object.hasOwn(PUBLIC_EVENTS, String(type)) ||
      (typeof id === 'string' && id.startsWith('pipescope:')));
  const arrived = entry?.['received_at'];
  const at = typeof arrived === 'number' ? arrived : (toEpochMs(time) ?? null);
  return own ? null : { line: JSON.stringify(event), time: at };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value }
    : undefined;
}
