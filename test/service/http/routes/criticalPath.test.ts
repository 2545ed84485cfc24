import assert from 'node:assert/strict';
import type { CriticalPathRecord } from '../../../../service/protocol/criticalPath.ts';
import type { JobRecord } from '../../../../service/protocol/record.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  useServices,
  useSharedService,
} from '../../../support/service.ts';

const BEGIN = Date.parse('2026-11-01T00:00:00Z');
const at = (second: number): string => new Date(BEGIN + second * 1000).toISOString();

const pathOf = (of: TestService, job_id: string) =>
  getJson<CriticalPathRecord>(of, `/api/v1/jobs/${job_id}/critical-path`);

interface Part {
  from: number;
  to: number | null;
  after?: string[];
}

/** A job that began at second 0, with phases of these seconds. */
function events(job_id: string, phases: Record<string, Part>, end: number | null): object[] {
  return [
    { type: 'job.started', job_id, pipeline: 'paths', time: at(0) },
    ...Object.entries(phases).flatMap(([phase_id, { from, to, after = [] }]) => [
      { type: 'phase.started', job_id, phase_id, depends_on: after, time: at(from) },
      ...(to === null ? [] : [{ type: 'phase.completed', job_id, phase_id, time: at(to) }]),
    ]),
    ...(end === null ? [] : [{ type: 'job.completed', job_id, time: at(end) }]),
  ];
}

describe('GET /api/v1/jobs/{job_id}/critical-path', () => {
  const shared = useSharedService();

  it('tells the chain in order, with times, shares and waits, and what one would gain', async () => {
    const phases = {
      P0: { from: 5, to: 45 },
      P1: { from: 45, to: 75, after: ['P0'] },
      P2: { from: 45, to: 145, after: ['P0'] },
      P3: { from: 155, to: 200, after: ['P1', 'P2'] },
    };
    await send(shared(), events('known', phases, 205));
    const record = await pathOf(shared(), 'known');
    assert.deepEqual(
      [record.state, record.method, record.length_ms, record.path_ms],
      ['known', 'declared', 200_000, 185_000],
    );
    assert.deepEqual(record.path, [
      step('P0', [5, 45], { ms: 40_000, share: 0.2, waited_ms: 5000, by: null }),
      step('P2', [45, 145], { ms: 100_000, share: 0.5, waited_ms: 0, by: 'declared' }),
      step('P3', [155, 200], { ms: 45_000, share: 0.225, waited_ms: 10_000, by: 'declared' }),
    ]);
    assert.deepEqual(
      record.phases.map((one) => [one.phase_id, one.on_path, one.gain_ms_if_halved]),
      [
        ['P0', true, 20_000],
        ['P1', false, 0],
        ['P2', true, 50_000],
        ['P3', true, 22_500],
      ],
    );
  });

  it('looks through a phase that was skipped', async () => {
    const job_id = 'skipped';
    const phases = {
      P0: { from: 0, to: 10 },
      P9: { from: 1, to: 19 },
      P2: { from: 20, to: 30, after: ['P1'] },
    };
    await send(shared(), [
      {
        type: 'job.started',
        job_id,
        pipeline: 'paths',
        time: at(0),
        phases: [{ phase_id: 'P1', depends_on: ['P0'] }],
      },
      ...events(job_id, phases, 30),
      { type: 'phase.skipped', job_id, phase_id: 'P1', reason: 'cached', time: at(10) },
    ]);
    const { path, method } = await pathOf(shared(), job_id);
    assert.deepEqual([path.map(({ phase_id }) => phase_id), method], [['P0', 'P2'], 'declared']);
  });

  it('ends now in a run that goes on', async () => {
    const job_id = 'running';
    const time = new Date(Date.now() - 60_000).toISOString();
    await send(shared(), [
      { type: 'job.started', job_id, pipeline: 'paths', time },
      { type: 'phase.started', job_id, phase_id: 'P0', time },
    ]);
    const { state, path, length_ms } = await pathOf(shared(), job_id);
    assert.deepEqual([state, path.length, path[0]?.ended_at], ['running', 1, null]);
    assert.ok(length_ms >= 60_000 && length_ms < 90_000, String(length_ms));
  });

  it('tells of all steps of a run of thousands of phases, of 500 phases, and lets others in between', async () => {
    const phases = Object.fromEntries(
      Array.from({ length: 2000 }, (_, n) => [
        `P${n}`,
        { from: n, to: n + 1, after: n === 0 ? [] : [`P${n - 1}`] },
      ]),
    );
    const all = events('long', phases, 2000);
    for (let from = 0; from < all.length; from += 1000)
      await send(shared(), all.slice(from, from + 1000));
    const answers = await Promise.all([pathOf(shared(), 'long'), pathOf(shared(), 'long')]);
    for (const { path, path_ms, phases: told } of answers) {
      assert.deepEqual([path.length, path_ms, told.length], [2000, 2_000_000, 500]);
      assert.ok(told.every(({ on_path }) => on_path));
    }
  });

  it('is nothing before a phase began, and refuses a job that is not known', async () => {
    await send(shared(), [
      { type: 'job.started', job_id: 'empty', pipeline: 'paths', time: at(0) },
    ]);
    const { state, path, phases, length_ms } = await pathOf(shared(), 'empty');
    assert.deepEqual([state, path, phases, length_ms], ['not_enough_data', [], [], 0]);
    const refused = await call(shared(), '/api/v1/jobs/nobody/critical-path');
    assert.equal(refused.status, 404);
  });

  const step = (
    phase_id: string,
    [from, to]: [number, number],
    rest: Omit<CriticalPathRecord['path'][number], 'phase_id' | 'began_at' | 'ended_at'>,
  ) => ({ phase_id, began_at: at(from), ended_at: at(to), ...rest });
});

describe('the critical path of a run that went silent', () => {
  const start = useServices();

  it('ends where it was last heard of, however late one asks', async () => {
    const service = await start({ config: { stale_after_ms: 1000 } });
    const job_id = 'silent';
    const time = new Date(Date.now() - 5000).toISOString();
    await send(service, [
      { type: 'job.started', job_id, pipeline: 'paths', time },
      { type: 'phase.started', job_id, phase_id: 'P0', time },
    ]);
    await eventually(
      async () => (await getJson<JobRecord>(service, `/api/v1/jobs/${job_id}`)).status === 'STALE',
      'the run to be silent',
    );
    const { last_seen_at } = await getJson<JobRecord>(service, `/api/v1/jobs/${job_id}`);
    const before = await pathOf(service, job_id);
    assert.equal(before.length_ms, Date.parse(last_seen_at) - Date.parse(time));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(await pathOf(service, job_id), before);
  });
});
