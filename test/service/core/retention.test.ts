import assert from 'node:assert/strict';
import { jobRecord } from '../../../service/core/view.ts';
import { retain } from '../../../service/core/retention.ts';
import { newTouched } from '../../../service/core/touched.ts';
import { events, fold } from './domain/support.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const limits = { jobs: 100, job_days: 30, alert_days: 30 };

/** A stored job that ended `endedDays` ago and was heard of `heardDays` ago. */
function stored(endedDays: number, heardDays: number) {
  const [started, completed] = events(
    { type: 'job.started', time: 0, job_id: 'j' },
    { type: 'job.completed', time: 1, job_id: 'j' },
  );
  assert.ok(started && completed);
  for (const event of [started, completed]) event.time = NOW - endedDays * DAY;
  const model = fold([started, completed], { receivedAt: () => NOW - heardDays * DAY });
  const job = model.jobs.get('j') ?? assert.fail();
  model.jobs.clear();
  model.finished.set('j', jobRecord(job, 0));
  return model;
}

describe('finished jobs', () => {
  const goes = (endedDays: number, heardDays: number) =>
    retain(stored(endedDays, heardDays), { limits, now: NOW }, newTouched()).jobs.length === 1;

  it('leave when they ended, and were last heard of, longer ago than they are kept', () => {
    assert.deepEqual([goes(29, 29), goes(31, 31)], [false, true]);
  });

  it('of long ago stay for as long after they were imported', () => {
    assert.deepEqual([goes(2000, 0), goes(2000, 29), goes(2000, 31)], [false, false, true]);
  });
});
