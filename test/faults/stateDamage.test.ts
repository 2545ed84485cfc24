import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeTempDir, removeTempDir, useTempDir } from '../support/tempDir.ts';
import { seedDataDir } from './support/seed.ts';
import { type TestService, services } from './support/service.ts';

describe('a state that was damaged or deleted', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('state');
  let seed = '';
  let jobs: string[] = [];
  let records: unknown;

  before(async () => {
    seed = makeTempDir('seed');
    jobs = await seedDataDir(seed);
  });
  after(() => removeTempDir(seed));

  const recordsOf = async (service: TestService) => {
    await service.settle();
    const exports = await Promise.all(jobs.map((id) => service.export(id)));
    const list = await service.jobs();
    return { exports, jobs: list.toSorted((a, b) => (a.job_id < b.job_id ? -1 : 1)) };
  };

  beforeEach(async () => {
    cpSync(seed, folder(), { recursive: true });
    if (records !== undefined) return;
    const service = await start(folder());
    records = await recordsOf(service);
    await service.kill();
  });

  const jobFile = (id: string) => {
    const hash = createHash('sha256').update(id).digest('hex');
    return join(folder(), 'state', 'jobs', hash.slice(0, 2), `${hash}.json`);
  };
  const indexPage = () => {
    const index = join(folder(), 'state', 'index');
    return join(index, readdirSync(index).find((name) => name.endsWith('.json')) ?? '');
  };
  const checkpoint = () => join(folder(), 'state', 'checkpoint.json');

  const damages: { what: string; damage: () => void; says: RegExp | null; kept: boolean }[] = [
    {
      what: 'the whole state is deleted',
      damage: () => rmSync(join(folder(), 'state'), { recursive: true }),
      says: null,
      kept: false,
    },
    {
      what: 'the checkpoint is cut in half',
      damage: () => truncateSync(checkpoint(), 60),
      says: /checkpoint\.json is damaged/,
      kept: true,
    },
    {
      what: 'the checkpoint is JSON of another kind',
      damage: () => writeFileSync(checkpoint(), '{"epoch":1}'),
      says: /checkpoint\.json is damaged/,
      kept: true,
    },
    {
      what: 'a page of the index is damaged',
      damage: () => writeFileSync(indexPage(), '\0'.repeat(500)),
      says: /000001\.json is damaged/,
      kept: true,
    },
    {
      what: 'the index is deleted',
      damage: () => rmSync(join(folder(), 'state', 'index'), { recursive: true }),
      says: /3 finished jobs are missing from the index/,
      kept: false,
    },
    {
      what: 'the file of a finished job is damaged',
      damage: () => writeFileSync(jobFile('done-2'), '[1,2'),
      says: /is damaged .*job done-2 was lost\. It was read again from the journal/s,
      kept: true,
    },
    {
      what: 'the file of a running job is damaged',
      damage: () => writeFileSync(jobFile('running'), ''),
      says: /is damaged/,
      kept: true,
    },
    {
      what: 'the files of all jobs are deleted',
      damage: () => rmSync(join(folder(), 'state', 'jobs'), { recursive: true }),
      says: /job done-1 was lost/,
      kept: false,
    },
    {
      what: 'the index and the files of all jobs are deleted',
      damage: () => {
        rmSync(join(folder(), 'state', 'jobs'), { recursive: true });
        rmSync(join(folder(), 'state', 'index'), { recursive: true });
      },
      says: /3 finished jobs are missing from the index/,
      kept: false,
    },
  ];
  for (const { what, damage, says, kept } of damages) {
    it(`recovers by itself when ${what}`, async () => {
      damage();
      const service = await start(folder());
      assert.deepStrictEqual(await recordsOf(service), records);
      if (says) assert.match(service.log, says);
      assert.equal(readdirSync(join(folder(), 'quarantine')).length, kept ? 1 : 0);
      assert.equal((await service.stop()).code, 0);
      const again = await start(folder());
      assert.deepStrictEqual(await recordsOf(again), records);
      assert.doesNotMatch(again.log, /damaged|lost|missing/);
    });
  }
});
