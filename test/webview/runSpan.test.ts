import assert from 'node:assert/strict';
import { endOfRun, originOf } from '../../webview/runSpan.ts';
import { job, phase } from '../fixtures/frames.ts';

const iso = (second: number): string => new Date(second * 1000).toISOString();
const RUN = { job_id: 'a', started_at: iso(10) } as const;

describe('the span of a run', () => {
  it('begins with the job, or with a phase that was reported to begin before it', () => {
    assert.equal(originOf(job(RUN), [phase({ phase_id: 'P0', started_at: iso(12) })]), 10_000);
    assert.equal(originOf(job(RUN), [phase({ phase_id: 'P0', started_at: iso(8) })]), 8_000);
    assert.equal(originOf(job({ job_id: 'a', started_at: null }), []), null);
  });

  it('reaches to now while it runs, and to its last end afterwards', () => {
    const done = phase({ phase_id: 'P0', status: 'COMPLETED', ended_at: iso(21) });
    assert.equal(endOfRun(job(RUN), [done], 30_000), 30_000);
    const over = job({ ...RUN, status: 'COMPLETED', ended_at: iso(20) });
    assert.equal(endOfRun(over, [done], 30_000), 21_000);
    assert.equal(endOfRun(over, [], 30_000), 20_000);
  });

  it('ends for a silent job where it was last heard of', () => {
    const silent = job({ ...RUN, status: 'STALE', last_seen_at: iso(15) });
    assert.equal(endOfRun(silent, [], 30_000), 15_000);
  });
});
