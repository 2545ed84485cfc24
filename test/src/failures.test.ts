import assert from 'node:assert/strict';
import type { JobRecord } from '../../service/protocol/record.ts';
import { Failures } from '../../src/failures.ts';
import { MapStore } from './wire/mapStore.ts';
import { at, job, START } from './wire/records.ts';

const failed = (job_id: string, seconds: number, attempt = 1): JobRecord =>
  job({ job_id, status: 'FAILED', attempt, ended_at: at(seconds) });

describe('which failures are news', () => {
  let store: MapStore;
  let now: number;
  let told: string[];
  const open = (): Failures => {
    const failures = new Failures(store, () => now);
    failures.onDidFail((jobs) => told.push(...jobs.map(({ job_id }) => job_id)));
    return failures;
  };
  beforeEach(() => {
    store = new MapStore();
    now = START + 100_000;
    told = [];
  });

  it('are not those from before the window connected for the first time', () => {
    const failures = open();
    failures.observe([failed('old', 50)], true);
    failures.observe([failed('new', 150)], false);
    assert.deepEqual(told, ['new']);
    assert.deepEqual(
      failures.openOf([failed('old', 50), failed('new', 150)]).map(({ job_id }) => job_id),
      ['new'],
    );
  });

  it('are told once, however often the record comes, and again for a new attempt', () => {
    const failures = open();
    failures.observe([], true);
    for (let n = 0; n < 3; n += 1) failures.observe([failed('a', 150)], false);
    failures.observe([failed('a', 170, 2)], false);
    assert.deepEqual(told, ['a', 'a']);
  });

  it('are not told again after a reload, but those of the meantime are', () => {
    const before = open();
    before.observe([], true);
    before.observe([failed('a', 150)], false);
    before.alive();
    now += 10_000;
    const after = open();
    after.observe([failed('a', 150), failed('meantime', 105)], true);
    assert.deepEqual(told, ['a', 'meantime']);
    assert.equal(after.isOpen(failed('a', 150)), true);
  });

  it('begin anew in a window that is opened much later', () => {
    const before = open();
    before.observe([], true);
    before.alive();
    now += 3600_000;
    open().observe([failed('overnight', 200)], true);
    assert.deepEqual(told, []);
  });

  it('wait until they are looked at', () => {
    const failures = open();
    failures.observe([], true);
    failures.observe([failed('a', 150)], false);
    failures.lookedAt(failed('a', 150));
    assert.deepEqual(failures.openOf([failed('a', 150)]), []);
  });

  it('are remembered within bounds', () => {
    const failures = open();
    failures.observe([], true);
    failures.observe(
      Array.from({ length: 3000 }, (_, n) => failed(`${n}`, 150)),
      false,
    );
    const kept = store.get('failures') as { noticed: string[]; open: string[] };
    assert.deepEqual([kept.noticed.length, kept.open.length], [1000, 200]);
  });
});
