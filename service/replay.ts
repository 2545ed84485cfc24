/** Reading a long journal without long blocks. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { Entry } from './protocol/event.ts';

/** A pause for the event loop. */
const SLICE_MS = 15;

export interface Steps {
  each: (entry: Entry) => Promise<void>;
  afterChunk: () => Promise<void>;
}

/** Takes the entries one by one; how many there were. */
export async function inSlices(
  chunks: AsyncIterable<Entry[]>,
  clock: Clock,
  { each, afterChunk }: Steps,
): Promise<number> {
  let entries = 0;
  let slice = clock.elapsed();
  for await (const chunk of chunks) {
    for (const entry of chunk) await each(entry);
    entries += chunk.length;
    await afterChunk();
    if (clock.elapsed() - slice < SLICE_MS) continue;
    await setImmediate();
    slice = clock.elapsed();
  }
  return entries;
}
