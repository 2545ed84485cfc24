import assert from 'node:assert/strict';
import { latestJob, listJobs } from '../../webview/jobs.ts';
import { job } from '../fixtures/frames.ts';

const at = (minute: number): string => new Date(minute * 60_000).toISOString();
const jobs = [
  job({ job_id: 'done', name: 'import', status: 'COMPLETED', started_at: at(9) }),
  job({ job_id: 'runs', name: 'nightly report', started_at: at(3) }),
  job({ job_id: 'failed', name: 'nightly report', status: 'FAILED', started_at: at(7) }),
];
const ids = (list: readonly { job_id: string }[]): string[] => list.map(({ job_id }) => job_id);

describe('the list of jobs', () => {
  it('begins with the running ones, then the newest', () => {
    assert.deepEqual(ids(listJobs(jobs, '')), ['runs', 'done', 'failed']);
  });

  it('finds jobs by every word, in name, id and state', () => {
    assert.deepEqual(ids(listJobs(jobs, 'REPORT fail')), ['failed']);
  });

  it('takes the one that began last for the latest run', () => {
    assert.equal(latestJob(jobs)?.job_id, 'done');
    assert.equal(latestJob([]), undefined);
  });
});
