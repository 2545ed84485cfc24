import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { nodeFileSystem } from '../../service/storage/fileSystem.ts';
import {
  event,
  openJournal,
  readAll,
  systemError,
  temporaryFolders,
  until,
} from '../service/storage/support.ts';

describe('an event that two calls send at once', () => {
  const folder = temporaryFolders();

  it('is refused to both when its batch fails; what else the second one sent is stored and handed over', async () => {
    let syncs = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((done) => (release = done));
    const fs = {
      ...nodeFileSystem,
      fdatasync: async (fd: number) => {
        if (++syncs > 1) return nodeFileSystem.fdatasync(fd);
        await gate;
        throw systemError('EIO');
      },
    };
    const { journal } = await openJournal(folder(), { fs });
    const first = journal.append([event('shared')], 1);
    const failed = assert.rejects(first, { code: 'JOURNAL_WRITE_FAILED' });
    await until(() => syncs === 1);
    const second = journal.append([event('shared'), event('own')], 2);
    await setImmediate();
    release();
    await failed;
    const { entries, duplicates, failure } = await second;
    assert.deepStrictEqual(
      entries.map(({ event: { id } }) => id),
      ['event-own'],
    );
    assert.equal(duplicates, 1);
    assert.equal(failure?.code, 'JOURNAL_WRITE_FAILED');

    const again = await journal.append([event('shared'), event('own')], 3);
    assert.equal(again.failure, undefined);
    assert.equal(again.duplicates, 1);
    const stored = (await readAll(journal)).map(({ event: { id } }) => id);
    assert.deepStrictEqual(stored, ['event-own', 'event-shared']);
    await journal.close();
  });
});
