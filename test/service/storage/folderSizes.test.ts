import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderSizes, FolderSizeReader } from '../../../service/storage/folderSizes.ts';
import { eventually } from '../../support/service.ts';
import { useTempDir } from '../../support/tempDir.ts';

describe('the sizes of the folders', () => {
  const folder = useTempDir();

  beforeEach(() => {
    for (const name of ['journal', 'state/jobs/a', 'state/jobs/b', 'series'])
      mkdirSync(join(folder(), name), { recursive: true });
  });

  function measured(reader = new FolderSizeReader(folder())): Promise<FolderSizes> {
    return eventually(() => reader.read(1000), 'A measurement', 30_000);
  }

  it('count all files below them, and are 0 where there is none', async () => {
    writeFileSync(join(folder(), 'journal/1.ndjson'), 'x'.repeat(1000));
    for (let n = 0; n < 100; n++)
      writeFileSync(join(folder(), 'state/jobs', n % 2 ? 'a' : 'b', `${n}.json`), 'ab');
    writeFileSync(join(folder(), 'state/list.json'), '{}');
    assert.deepEqual(await measured(), {
      measured_at: 1000,
      folders: {
        journal: { files: 1, bytes: 1000 },
        state: { files: 101, bytes: 202 },
        series: { files: 0, bytes: 0 },
        quarantine: { files: 0, bytes: 0 },
      },
    });
  });

  it('are measured again after a minute, and while files go', async () => {
    const reader = new FolderSizeReader(folder());
    const file = join(folder(), 'state/jobs/a/1.json');
    writeFileSync(file, 'ab');
    const first = await measured(reader);
    rmSync(join(folder(), 'state/jobs'), { recursive: true });
    assert.equal(await reader.read(61_000), first);
    const next = await eventually(async () => {
      const sizes = await reader.read(61_001);
      return sizes?.measured_at === 61_001 ? sizes : null;
    }, 'The next measurement');
    assert.deepEqual(next.folders.state, { files: 0, bytes: 0 });
  });

  it('of 40,000 files are read while others are answered @alone', async function () {
    this.timeout(60_000);
    for (let n = 0; n < 200; n++) {
      const shard = join(folder(), 'state/jobs', `s${n}`);
      mkdirSync(shard);
      for (let file = 0; file < 200; file++) writeFileSync(join(shard, `${file}.json`), '{}');
    }
    const blocks: number[] = [];
    for (let round = 0; round < 3; round++) {
      let [longest, at] = [0, performance.now()];
      const timer = setInterval(() => {
        const now = performance.now();
        [longest, at] = [Math.max(longest, now - at), now];
      }, 1);
      const { folders } = await measured();
      clearInterval(timer);
      assert.deepEqual(folders.state, { files: 40_000, bytes: 80_000 });
      blocks.push(longest);
    }
    // Other processes may take the core once.
    assert.ok(Math.min(...blocks) < 50, `blocked for ${blocks.join(', ')} ms`);
  });
});
