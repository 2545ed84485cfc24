/** The journal of a stopped service, read by the storage's own reader. */
import type { Entry } from '../../../service/protocol/event.ts';
import { Journal } from '../../../service/storage/journal.ts';

export async function readJournal(dataDir: string): Promise<Entry[]> {
  const { journal } = await Journal.open(dataDir);
  const entries: Entry[] = [];
  for await (const chunk of journal.read(1)) entries.push(...chunk);
  await journal.close();
  return entries;
}
