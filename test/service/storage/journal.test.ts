import assert from 'node:assert/strict';
import { readFile, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeFileSystem } from '../../../service/storage/fileSystem.ts';
import {
  event,
  events,
  failing,
  openJournal,
  readAll,
  reopen,
  temporaryFolders,
} from './support.ts';

describe('journal', () => {
  const folder = temporaryFolders();

  it('numbers events, writes one checked line each and reads them back after a restart', async () => {
    const dir = folder();
    const { journal, report } = await openJournal(dir);
    const first = await journal.append([event(1), event(2, 'Grüße, 世界 \u2028 \ud800 \n')], 1000);
    const second = await journal.append([event(3)], 2000);
    assert.deepStrictEqual(report, { cut: [], quarantined: [], missing: 0 });
    assert.deepStrictEqual(first.entries[0], { seq: 1, received_at: 1000, event: event(1) });
    assert.equal(journal.lastSeq, 3);
    await journal.close();

    const path = join(dir, 'journal', '000000000001.ndjson');
    assert.match(
      await readFile(path, 'utf8'),
      /^P1 1 \d+ [0-9a-f]{8} \{"received_at":1000,"event":\{"id"/,
    );
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const again = await reopen(dir);
    assert.deepStrictEqual(again.entries, [...first.entries, ...second.entries]);
    assert.equal(again.lastSeq, 3);
  });

  it('counts a known id as duplicate: in one call, in flight, later, and after a restart', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir);
    const [first, second] = await Promise.all([
      journal.append([event(1), event(1), event(2)], 1),
      journal.append([event(2), event(3)], 1),
    ]);
    assert.deepStrictEqual([first.entries.length, first.duplicates], [2, 1]);
    assert.deepStrictEqual([second.entries.length, second.duplicates], [1, 1]);
    assert.deepStrictEqual(await journal.append([event(3)], 2), { entries: [], duplicates: 1 });
    await journal.close();

    const { journal: later } = await openJournal(dir, { fromSeq: 4 });
    const answer = await later.append([event(1), event(4)], 3);
    assert.deepStrictEqual([answer.duplicates, answer.entries[0]?.seq], [1, 4]);
    await later.close();
    assert.deepStrictEqual((await reopen(dir)).ids, ['event-1', 'event-2', 'event-3', 'event-4']);
  });

  it('remembers ids across segments, with or without their id files', async () => {
    for (const damage of ['none', 'missing', 'short', 'wrong'] as const) {
      const dir = folder();
      const { journal } = await openJournal(dir, { segmentBytes: 500 });
      for (let from = 0; from < 100; from += 10) await journal.append(events(from, 10), 1);
      const count = journal.segments().length;
      assert.ok(count > 5);
      await journal.close();
      const names = (await readdir(join(dir, 'journal'))).filter((name) => name.endsWith('.ids'));
      assert.equal(names.length, count - 1);
      const sidecar = join(dir, 'journal', names[2] ?? '');
      const bytes = await readFile(sidecar);
      if (damage === 'missing') await unlink(sidecar);
      if (damage === 'short') await writeFile(sidecar, bytes.subarray(0, 77));
      if (damage === 'wrong') await writeFile(sidecar, Buffer.from(bytes).fill(7, 40, 48));

      const { journal: later } = await openJournal(dir, { segmentBytes: 500, fromSeq: 101 });
      assert.equal((await later.append(events(0, 100), 2)).duplicates, 100, damage);
      assert.equal(later.lastSeq, 100);
      await later.close();
      assert.deepStrictEqual(await readFile(sidecar), bytes);
    }
  });

  it('puts what arrives during a sync to disk together, with one sync', async () => {
    let syncs = 0;
    const fs = {
      ...nodeFileSystem,
      fdatasync: async (fd: number) => {
        syncs++;
        await new Promise((resolve) => setTimeout(resolve, 20));
        await nodeFileSystem.fdatasync(fd);
      },
    };
    const { journal } = await openJournal(folder(), { fs });
    const first = journal.append([event(0)], 1);
    while (syncs === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.all(Array.from({ length: 49 }, (_, n) => journal.append([event(n + 1)], 1)));
    await first;
    assert.equal(syncs, 2);
    assert.equal((await readAll(journal)).length, 50);
    await journal.close();
  });

  it('rejects a repeated id together with the batch it waits for, and takes the retry', async () => {
    let failures = 1;
    const { journal } = await openJournal(folder(), {
      fs: failing('fdatasync', 'EIO', () => failures-- > 0),
    });
    const outcomes = await Promise.allSettled([
      journal.append([event(1)], 1),
      journal.append([event(1)], 1),
      journal.append([event(1), event(2)], 1),
    ]);
    assert.deepStrictEqual(
      outcomes.map((outcome) => outcome.status),
      ['rejected', 'rejected', 'rejected'],
    );
    await journal.append([event(3)], 1);
    await journal.append([event(2)], 1);
    const retry = await journal.append([event(1), event(2)], 2);
    assert.deepStrictEqual([retry.entries.length, retry.duplicates], [1, 1]);
    const ids = (await readAll(journal)).map((entry) => entry.event.id).sort();
    assert.deepStrictEqual(ids, ['event-1', 'event-2', 'event-3']);
    await journal.close();
  });

  it('refuses to let more wait than its limit', async () => {
    const { journal } = await openJournal(folder(), { pendingBytes: 1000 });
    const large = journal.append([event(1, 'x'.repeat(2000))], 1);
    await assert.rejects(journal.append([event(2)], 1), { code: 'OVERLOADED', retryAfter: 1 });
    await large;
    assert.equal((await journal.append([event(2)], 1)).entries.length, 1);
    await journal.close();
    await assert.rejects(journal.append([event(3)], 1), { code: 'SERVICE_STOPPING' });
  });

  it('reads from any entry on, and only what is durable', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir, { segmentBytes: 700 });
    await journal.append(events(1, 30), 1);
    await journal.append(events(31, 30), 1);
    for (const from of [1, 30, 31, 45, 60, 61, 1000]) {
      const seqs = (await readAll(journal, from)).map((entry) => entry.seq);
      assert.deepStrictEqual(
        seqs,
        Array.from({ length: Math.max(0, 61 - from) }, (_, n) => from + n),
      );
    }
    await journal.close();
  });

  it('drops whole old segments and still knows their ids', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir, { segmentBytes: 500 });
    for (let from = 1; from <= 100; from += 10) await journal.append(events(from, 10), 1);
    const dropped = await journal.dropBefore(55);
    assert.deepStrictEqual([dropped.segments, dropped.entries], [5, 50]);
    assert.equal(journal.segments()[0]?.firstSeq, 51);
    assert.equal((await journal.dropBefore(10_000)).segments, 4);
    await journal.close();
    const { journal: later } = await openJournal(dir, { fromSeq: 101 });
    assert.equal((await later.append(events(1, 101), 2)).duplicates, 100);
    assert.equal(later.lastSeq, 101);
    await later.close();
  });

  it('never uses a number below the checkpoint again, even when the journal is gone', async () => {
    const { journal } = await openJournal(folder(), { fromSeq: 500 });
    assert.equal((await journal.append([event(1)], 1)).entries[0]?.seq, 500);
    await journal.close();
  });

  it('takes lines that are larger than its reading window', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir);
    await journal.append([event(1), event(2, 'y'.repeat(3_000_000)), event(3)], 1);
    await journal.close();
    const again = await reopen(dir);
    assert.deepStrictEqual(again.ids, ['event-1', 'event-2', 'event-3']);
    assert.equal(again.entries[1]?.event.note?.length, 3_000_000);
  });
});
