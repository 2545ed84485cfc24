import assert from 'node:assert/strict';
import {
  arrange,
  type Arrangement,
  describeFilter,
  isFiltered,
} from '../../../src/views/arrange.ts';
import { Preferences } from '../../../src/views/preferences.ts';
import { at, job } from '../wire/records.ts';

const plain: Arrangement = { grouped: false, states: [], text: '', pinned: new Set(), most: 100 };
const jobs = [
  job({ job_id: 'old', status: 'COMPLETED', started_at: at(1) }),
  job({ job_id: 'running', status: 'RUNNING', started_at: at(0) }),
  job({ job_id: 'new', status: 'FAILED', started_at: at(2), pipeline: 'import' }),
];
const ids = (how: Partial<Arrangement>): unknown[] =>
  arrange(jobs, { ...plain, ...how }).map((entry) => {
    if (entry.kind === 'job') return entry.job.job_id;
    return entry.kind === 'group'
      ? [entry.pipeline, ...entry.jobs.map(({ job_id }) => job_id)]
      : entry.hidden;
  });

describe('the rows of the jobs tree', () => {
  it('are running jobs first, then the newest', () => {
    assert.deepEqual(ids({}), ['running', 'new', 'old']);
  });

  it('begin with what a person pinned', () => {
    assert.deepEqual(ids({ pinned: new Set(['old']) }), ['old', 'running', 'new']);
  });

  it('are grouped by pipeline where wanted', () => {
    assert.deepEqual(ids({ grouped: true }), [
      ['nightly', 'running', 'old'],
      ['import', 'new'],
    ]);
  });

  it('match every word of the filter and one of its states', () => {
    assert.deepEqual(ids({ text: 'NIGHT old' }), ['old']);
    assert.deepEqual(ids({ states: ['FAILED', 'COMPLETED'] }), ['new', 'old']);
    assert.deepEqual(ids({ text: 'nothing' }), []);
    assert.equal(describeFilter({ states: ['FAILED'], text: ' x ' }), 'failed · "x"');
    assert.equal(isFiltered(plain), false);
  });

  it('say how many are not shown', () => {
    assert.deepEqual(ids({ most: 1 }), ['running', 2]);
  });
});

describe('how a person arranged the jobs', () => {
  it('is remembered, and falls back to the settings', () => {
    const kept = new Map<string, unknown>();
    const store = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    };
    const defaults = { grouped: () => true, most: () => 50 };
    const first = new Preferences(store, defaults);
    assert.equal(first.arrangement.grouped, true);
    first.group(false);
    first.filter({ states: ['FAILED'] });
    first.filter({ text: 'x' });
    first.pin('a', true);
    first.pin('b', true);
    first.pin('a', false);
    const expected = {
      grouped: false,
      states: ['FAILED'],
      text: 'x',
      pinned: new Set(['b']),
      most: 50,
    };
    assert.deepEqual(new Preferences(store, defaults).arrangement, expected);
  });
});
