import assert from 'node:assert/strict';
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import {
  type TestService,
  eventually,
  getJson,
  send,
  startService,
  useServices,
} from '../../support/service.ts';

const SECOND = 1000;
const start = useServices();

describe('what is expected of jobs', () => {
  it('is known from runs before: usual times, the end with its range, and how many times the usual it is', async () => {
    const service = await start();
    const now = Date.now();
    for (let n = 0; n < 5; n++) await run(service, `old-${n}`, now - (20 - n) * 60 * SECOND);
    await begin(service, 'new', now - 12 * SECOND);
    await eventually(
      async () => (await snapshotOf(service, 'new')).expected_ms,
      'A forecast from history',
      20_000,
    );
    const [job, phases] = await read(service, 'new', 0);
    assert.equal(job.expected_ms, 30_000);
    assert.equal(job.times_usual, null, 'it is not beyond the usual time');
    const left = Date.parse(job.eta_at ?? '') - now;
    assert.ok(left > 14_000 && left < 25_000, `about 18 s are left, said ${left} ms`);
    assert.equal(job.eta_basis, 'history');
    assert.ok(Date.parse(job.eta_low_at ?? '') < Date.parse(job.eta_at ?? ''));
    assert.ok(Date.parse(job.eta_high_at ?? '') > Date.parse(job.eta_at ?? ''));
    assert.deepEqual(
      phases.map((phase) => [phase.phase_id, phase.expected_ms, phase.times_usual]),
      [
        ['load', 10_000, 1],
        ['sort', 20_000, null],
      ],
    );
    assert.equal(phases[0]?.eta_at, null, 'what has ended has no end to come');
    assert.ok(Date.parse(phases[1]?.eta_at ?? '') > now);
  });

  it('says nothing where neither runs before nor progress tell', async () => {
    const service = await start();
    await send(service, [{ type: 'job.started', job_id: 'a', pipeline: 'p' }]);
    await send(service, [{ type: 'phase.started', job_id: 'a', phase_id: 'P1' }]);
    const [job, [phase]] = await read(service, 'a');
    assert.deepEqual([job.eta_at, job.expected_ms, job.eta_basis], [null, null, null]);
    assert.deepEqual([phase?.eta_at, phase?.expected_ms], [null, null]);
  });

  it('follows from progress alone in a first run', async () => {
    const service = await start();
    const time = new Date(Date.now() - 60 * SECOND).toISOString();
    await send(service, [
      { type: 'job.started', job_id: 'a', pipeline: 'p', time },
      { type: 'job.progress', job_id: 'a', progress: 0.5 },
    ]);
    await eventually(
      async () => (await snapshotOf(service, 'a')).eta_basis,
      'A forecast from progress',
      20_000,
    );
    const [job] = await read(service, 'a', 0);
    const left = Date.parse(job.eta_at ?? '') - Date.now();
    assert.ok(left > 30_000 && left < 90_000, `about 60 s are left, said ${left} ms`);
    assert.deepEqual([job.eta_basis, job.expected_ms], ['progress', null]);
  });

  it('is no more once a job has ended, and what was usual stays, also after a restart', async () => {
    const first = await startService();
    const now = Date.now();
    for (let n = 0; n < 4; n++) await run(first, `old-${n}`, now - (20 - n) * 60 * SECOND);
    await eventually(
      async () => (await snapshotOf(first, 'old-3')).expected_ms,
      'What is usual, of the runs before',
      20_000,
    );
    await run(first, 'slow', now - 90 * SECOND, 2);
    await eventually(async () => (await snapshotOf(first, 'slow')).times_usual, 'A look', 20_000);
    const before = await read(first, 'slow', 0);
    assert.deepEqual(
      [before[0].eta_at, before[0].expected_ms, before[0].times_usual],
      [null, 30_000, 2],
    );
    assert.deepEqual(
      before[1].map((phase) => [phase.expected_ms, phase.times_usual]),
      [
        [10_000, 2],
        [20_000, 2],
      ],
    );
    await first.stop();
    const again = await start({ dataDir: first.dataDir });
    await eventually(async () => (await snapshotOf(again, 'slow')).times_usual, 'A look', 20_000);
    const after = await read(again, 'slow', 0);
    assert.deepEqual(
      [after[0].expected_ms, after[0].times_usual, after[1].map(({ times_usual }) => times_usual)],
      [30_000, 2, [2, 2]],
    );
  });
});

/** A run of 30 s, or `times` as long, with two phases after each other. */
async function run(service: TestService, job_id: string, at: number, times = 1): Promise<void> {
  const time = (seconds: number) => new Date(at + seconds * times * SECOND).toISOString();
  await send(service, [
    { type: 'job.started', job_id, pipeline: 'nightly', time: time(0) },
    { type: 'phase.started', job_id, phase_id: 'load', time: time(0) },
    { type: 'phase.completed', job_id, phase_id: 'load', time: time(10) },
    { type: 'phase.started', job_id, phase_id: 'sort', time: time(10) },
    { type: 'phase.completed', job_id, phase_id: 'sort', time: time(30) },
    { type: 'job.completed', job_id, time: time(30) },
  ]);
}

async function begin(service: TestService, job_id: string, at: number): Promise<void> {
  const time = (seconds: number) => new Date(at + seconds * SECOND).toISOString();
  await send(service, [
    { type: 'job.started', job_id, pipeline: 'nightly', time: time(0) },
    { type: 'phase.started', job_id, phase_id: 'load', time: time(0) },
    { type: 'phase.completed', job_id, phase_id: 'load', time: time(10) },
    { type: 'phase.started', job_id, phase_id: 'sort', time: time(10) },
  ]);
}

type Snapshot = JobRecord & { phases: PhaseRecord[] };

const snapshotOf = (service: TestService, job_id: string): Promise<Snapshot> =>
  getJson<Snapshot>(service, `/api/v1/monitoring/jobs/${job_id}/snapshot`);

/** The job and its phases, once the service has looked at what came last. */
async function read(
  service: TestService,
  job_id: string,
  afterMs = 3500,
): Promise<[JobRecord, PhaseRecord[]]> {
  if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
  const snapshot = await snapshotOf(service, job_id);
  return [snapshot, snapshot.phases];
}
