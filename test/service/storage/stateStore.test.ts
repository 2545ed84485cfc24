import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateStore } from '../../../service/storage/stateStore.ts';
import { temporaryFolders } from './support.ts';

interface Doc {
  job_id: string;
  value?: number;
}

function parseDoc(value: unknown): Doc {
  if (typeof value !== 'object' || value === null || !('job_id' in value))
    throw new Error('no job_id');
  return value as Doc;
}

async function open(dir: string, sync = true) {
  const reports: string[] = [];
  const store = await StateStore.open<{ seq: number }, Doc, Doc>(dir, {
    sync,
    parseCheckpoint: (value) => {
      if (typeof value !== 'object' || value === null || !('seq' in value))
        throw new Error('no seq');
      return value as { seq: number };
    },
    parseJob: parseDoc,
    parseRow: parseDoc,
    onDamaged: (sentence) => reports.push(sentence),
  });
  const rows: Doc[] = [];
  const loaded = await store.loadIndex((page) => rows.push(...page));
  return { store, rows, loaded, reports };
}

const rowsOf = (from: number, count: number): Doc[] =>
  Array.from({ length: count }, (_, n) => ({ job_id: `job-${from + n}`, value: from + n }));

describe('state store', () => {
  const folder = temporaryFolders();

  it('keeps a checkpoint and a file a job, and nothing but hashes in names', async () => {
    const dir = folder();
    const { store } = await open(dir);
    assert.equal(await store.readCheckpoint(), null);
    await store.writeCheckpoint({ seq: 7 });
    const ids = ['a', '../../escape', '', 'CON', 'é\0\n', 'x'.repeat(5000), '__proto__'];
    await Promise.all(ids.map((job_id, value) => store.writeJob(job_id, { job_id, value })));
    const again = (await open(dir)).store;
    assert.deepStrictEqual(await again.readCheckpoint(), { seq: 7 });
    for (const [value, job_id] of ids.entries()) {
      assert.deepStrictEqual(await again.readJob(job_id), { job_id, value });
    }
    for (const name of readdirSync(join(dir, 'state', 'jobs'), { recursive: true })) {
      assert.match(String(name), /^[0-9a-f]{2}([/\\][0-9a-f]{64}\.json)?$/);
    }
    await again.removeJob('a');
    await again.removeJob('never there');
    assert.equal(await again.readJob('a'), null);
    const left: string[] = [];
    for await (const job of again.jobs()) left.push(job.job_id);
    assert.deepStrictEqual(left.sort(), ids.filter((id) => id !== 'a').sort());
  });

  it('keeps the last of many writes of one job', async () => {
    const { store } = await open(folder());
    const writes = Array.from({ length: 30 }, (_, value) =>
      store.writeJob('j', { job_id: 'j', value }),
    );
    await Promise.all(writes);
    assert.deepStrictEqual(await store.readJob('j'), { job_id: 'j', value: 29 });
    await store.close();
  });

  it('puts rows into pages of 500, rewrites only what changed and forgets what is removed', async () => {
    const dir = folder();
    const index = join(dir, 'state', 'index');
    const { store } = await open(dir);
    await store.putRows(rowsOf(0, 1200));
    assert.deepStrictEqual(readdirSync(index), ['000001.json', '000002.json', '000003.json']);
    const untouched = statSync(join(index, '000001.json')).ino;
    await Promise.all([
      store.putRows([{ job_id: 'job-600', value: -1 }]),
      store.putRows(rowsOf(1200, 10)),
      store.removeRows(['job-700', 'job-701', 'unknown']),
    ]);
    assert.equal(statSync(join(index, '000001.json')).ino, untouched);
    const { rows, loaded, store: again } = await open(dir);
    assert.deepStrictEqual(loaded, { rows: 1208, damaged: 0 });
    assert.equal(rows.find((row) => row.job_id === 'job-600')?.value, -1);
    assert.equal(new Set(rows.map((row) => row.job_id)).size, 1208);
    await again.removeRows(rowsOf(0, 500).map((row) => row.job_id));
    assert.deepStrictEqual(readdirSync(index), ['000002.json', '000003.json']);
  });

  it('starts with damaged files, sets them aside and says so', async () => {
    const dir = folder();
    const { store } = await open(dir);
    await store.writeCheckpoint({ seq: 1 });
    await store.writeJob('a', { job_id: 'a' });
    await store.writeJob('b', { job_id: 'b' });
    await store.putRows(rowsOf(0, 600));
    await store.close();
    const state = join(dir, 'state');
    const jobs = readdirSync(join(state, 'jobs'), { recursive: true }).map(String);
    for (const name of jobs.filter((job) => job.endsWith('.json')).slice(0, 1)) {
      writeFileSync(join(state, 'jobs', name), '{"job_id":');
    }
    writeFileSync(
      join(state, 'checkpoint.json'),
      readFileSync(join(state, 'checkpoint.json')).subarray(1),
    );
    writeFileSync(join(state, 'index', '000001.json'), '[{}]');
    mkdirSync(join(state, 'index', '000007.json'));
    writeFileSync(join(state, 'index', '.000001.json.0123456789abcdef.tmp'), 'left by a crash');
    writeFileSync(join(state, 'index', 'notes.txt'), 'not ours');

    const { store: again, rows, loaded, reports } = await open(dir);
    assert.deepStrictEqual(loaded, { rows: 100, damaged: 2 });
    assert.equal(rows.length, 100);
    assert.equal(await again.readCheckpoint(), null);
    const read = [await again.readJob('a'), await again.readJob('b')].filter((job) => job !== null);
    assert.equal(read.length, 1);
    assert.equal(reports.length, 4);
    assert.equal(readdirSync(join(dir, 'quarantine')).length, 4);
    assert.deepStrictEqual(readdirSync(join(state, 'index')), ['000002.json', 'notes.txt']);
    await again.putRows(rowsOf(0, 10));
    assert.equal((await open(dir)).loaded.rows, 110);
  });

  it('loads 100,000 rows without holding the event loop @alone', async () => {
    const dir = folder();
    const { store } = await open(dir, false);
    const facts = {
      name: 'document pipeline',
      status: 'COMPLETED',
      started_at: 1.7e12,
      duration_ms: 31_415,
    };
    await store.putRows(rowsOf(0, 100_000).map((row) => ({ ...row, ...facts })));
    let longest = 0;
    let turn = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - turn);
      turn = performance.now();
    }, 1);
    const began = performance.now();
    const { loaded } = await open(dir, false);
    const took = performance.now() - began;
    clearInterval(timer);
    assert.equal(loaded.rows, 100_000);
    // 200-300 ms on an idle machine; the bounds leave room for one that runs other tests as well.
    assert.ok(
      took < 3000 && longest < 250,
      `${took.toFixed(0)} ms, longest block ${longest.toFixed(0)} ms`,
    );
  }).timeout(30_000);
});
