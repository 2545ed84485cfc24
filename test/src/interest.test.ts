import assert from 'node:assert/strict';
import type { Topic } from '../../service/protocol/frame.ts';
import { Interest, wantedJobs } from '../../src/interest.ts';
import { Mirror } from '../../src/mirror.ts';
import { at, job, worker } from './wire/records.ts';
import { until } from './wire/until.ts';

describe('the jobs a window wants to know in full', () => {
  it('are the newest 20 that run and the newest 20 that failed', () => {
    const jobs = Array.from({ length: 100 }, (_, n) =>
      job({ job_id: `${n}`, status: n % 2 ? 'RUNNING' : 'FAILED', started_at: at(n) }),
    );
    const wanted = wantedJobs(jobs, []);
    assert.equal(wanted.size, 40);
    assert.ok(wanted.has('99') && wanted.has('60') && !wanted.has('59'));
  });

  it('are also the newest run that passed of each pipeline that failed', () => {
    const jobs = [
      job({ job_id: 'failed', status: 'FAILED', started_at: at(1) }),
      job({ job_id: 'passed', status: 'COMPLETED', started_at: at(2) }),
      job({ job_id: 'passed before', status: 'COMPLETED', started_at: at(0) }),
      job({ job_id: 'other', pipeline: 'other', status: 'COMPLETED', started_at: at(3) }),
    ];
    assert.deepEqual([...wantedJobs(jobs, ['shown'])], ['passed', 'failed', 'shown']);
  });

  it('are told to the service together, at most twice a second', async () => {
    const sent: Topic[][] = [];
    const mirror = new Mirror();
    const interest = new Interest(mirror, (topics) => sent.push(topics));
    const asked = ['a', 'b', 'c'].map((id) => interest.ask(id));
    await until('topics', () => sent.length === 1);
    assert.deepEqual(sent[0], ['jobs', 'alerts', 'job:a', 'job:b', 'job:c']);
    const began = performance.now();
    for (const each of asked) each.dispose();
    await until('topics', () => sent.length === 2);
    assert.ok(performance.now() - began > 400);
    assert.deepEqual(sent[1], ['jobs', 'alerts']);
    interest.dispose();
  });

  it('come with workers, queues and tasks only while somebody looks at these', async () => {
    const sent: Topic[][] = [];
    const mirror = new Mirror();
    const interest = new Interest(mirror, (topics) => sent.push(topics));
    const [first, second] = [interest.askForWork(), interest.askForWork()];
    await until('topics', () => sent.length === 1);
    assert.deepEqual(sent[0], ['jobs', 'alerts', 'workers']);
    mirror.apply({
      ...{ type: 'records', seq: 1, jobs: [], phases: [], alerts: [], removed: [] },
      workers: [worker({ worker_id: 'w' })],
    });
    first.dispose();
    first.dispose();
    interest.ask('a');
    await until('topics', () => sent.length === 2);
    assert.deepEqual(
      [sent[1], mirror.work.workers.size],
      [['jobs', 'alerts', 'workers', 'job:a'], 1],
    );
    second.dispose();
    await until('topics', () => sent.length === 3);
    assert.deepEqual([sent[2], mirror.work.workers.size], [['jobs', 'alerts', 'job:a'], 0]);
    assert.equal(mirror.work.known, false);
    interest.dispose();
  });

  it('lose the one asked for longest ago when 50 are asked for', async () => {
    const sent: Topic[][] = [];
    const interest = new Interest(new Mirror(), (topics) => sent.push(topics));
    for (let n = 0; n < 60; n += 1) interest.ask(`${n}`);
    await until('topics', () => sent.length === 1);
    assert.equal(sent[0]?.length, 52);
    assert.ok(!sent[0]?.includes('job:9') && sent[0]?.includes('job:59'));
    interest.dispose();
  });
});
