/** Appends to the journal of the folder given, one event after the other, and prints how each one went. */
import { Journal } from '../../../service/storage/journal.ts';
import { event } from './support.ts';

const [folder = '', prefix = '', count = '1000000'] = process.argv.slice(2);
const { journal } = await Journal.open<{ id: string; type: string }>(folder, {
  segmentBytes: 4000,
});
for (let n = 1; n <= Number(count); n++) {
  const { id } = event(`${prefix}${n}`);
  const outcome = await journal.append([event(`${prefix}${n}`)], n).then(
    ({ entries }) => `seq ${entries[0]?.seq ?? 'none'}`,
    (error: { code?: string }) => String(error.code),
  );
  process.stdout.write(`${id} ${outcome} ${journal.segments().length}\n`);
}
await journal.close();
