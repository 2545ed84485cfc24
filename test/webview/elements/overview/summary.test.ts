import assert from 'node:assert/strict';
import type { PerformanceState } from '../../../../service/protocol/performance.ts';
import type { TargetRecord } from '../../../../service/protocol/targets.ts';
import { type Known, tiles } from '../../../../webview/elements/overview/summary.ts';
import { dashboardFrame, RUNNING_JOB } from '../../../fixtures/frames.ts';

const NOTHING: Known = {
  ...{ jobs: [], jobsTotal: 0, alerts: [], job: undefined, phases: [] },
  ...{ state: undefined, throughput: undefined },
};

function run(now: number): Known {
  const { jobs, alerts, phases } = dashboardFrame(now);
  const job = jobs.find(({ job_id }) => job_id === RUNNING_JOB);
  const mine = phases.filter(({ job_id }) => job_id === RUNNING_JOB);
  return { ...NOTHING, jobs, jobsTotal: 10_000, alerts, job, phases: mine };
}

function target(id: string, part: Partial<TargetRecord>): TargetRecord {
  return {
    ...{ target_id: id, title: id, metric: id, unit: 'percent', direction: 'at_most' },
    ...{ target: 1, critical: 5, value: null, status: 'UNKNOWN', score: null, weight: 1 },
    ...{ read: 'average', window_ms: 3_600_000, ...part },
  };
}

function state(part: { targets?: TargetRecord[]; tasks?: number }): Known['state'] {
  const tasks = part.tasks ?? 0;
  const system = { total_tasks: tasks, completed_tasks: tasks };
  const health = { score: 64.4, status: 'WARNING', target: 80, critical: 60 };
  const points = [
    { points: 30, points_possible: 50 },
    { points: 34.4, points_possible: 50 },
    { points: null, points_possible: null },
  ];
  return {
    health: { ...health, parts: points },
    targets: part.targets ?? [],
    metrics: { system },
  } as unknown as PerformanceState;
}

const named = (known: Known, label: string, now = 0) =>
  tiles(known, now).find((tile) => tile.label === label);

describe('the tiles of the overview', () => {
  it('say the state of the shown job and of the alerts while nothing else is known', () => {
    const now = Date.parse('2026-05-05T10:00:00Z');
    assert.deepEqual(
      tiles(run(now), now).map(({ label, value, unit, caption, tone }) =>
        [label, value, unit, caption, tone].filter((part) => part !== undefined),
      ),
      [
        ['Health score', '-', '', 'plain'],
        ['Targets missed', '-', '', 'plain'],
        ['Running jobs', '1', 'of 10,000 jobs', 'plain'],
        ['Progress', '58 %', '5 of 10 phases done', 'plain'],
        ['Elapsed', '1m 08s', '~50 s left', 'plain'],
        ['Throughput', '119', 'items/s', 'now', 'plain'],
        ['Errors', '0', '4 warnings', 'warn'],
        ['Active alerts', '2', '1 error, 1 warning, 1 acknowledged', 'bad'],
      ],
    );
  });

  it('show dashes while nothing is known', () => {
    assert.deepEqual(
      tiles(NOTHING, 0).map(({ value }) => value),
      ['-', '-', '0', '-', '-', '-', '-', '0'],
    );
  });

  it('say the health score with how many targets cost it points', () => {
    const tile = named({ ...NOTHING, state: state({}) }, 'Health score');
    assert.deepEqual(
      [tile?.value, tile?.unit, tile?.caption, tile?.tone],
      ['64', 'of 100', '2 targets cost points', 'warn'],
    );
  });

  it('count missed targets without the health score itself', () => {
    const targets = [
      target('a', { status: 'OK', value: 1 }),
      target('b', { status: 'WARNING', value: 2 }),
      target('c', { status: 'CRITICAL', value: 9 }),
      target('d', {}),
      target('own', { metric: 'health_score', status: 'CRITICAL', value: 3 }),
    ];
    const tile = named({ ...NOTHING, state: state({ targets }) }, 'Targets missed');
    assert.deepEqual(
      [tile?.value, tile?.unit, tile?.caption, tile?.tone],
      ['2', 'of 4 targets', '1 is critical', 'bad'],
    );
  });

  it('say the error rate where tasks or requests tell one, against its target', () => {
    const rate = target('e', { metric: 'error_rate_percent', value: 0.42, status: 'OK' });
    const tile = named({ ...NOTHING, state: state({ targets: [rate] }) }, 'Error rate');
    assert.deepEqual([tile?.value, tile?.unit, tile?.caption], ['0.4', '%', 'at most 1 %']);
    assert.equal(tile?.leadsTo, 'API');
    const tasks = named({ ...NOTHING, state: state({ targets: [rate], tasks: 3 }) }, 'Error rate');
    assert.equal(tasks?.leadsTo, 'Workers');
  });

  it('say what was finished, and what the running phases do now', () => {
    const throughput = { value: '41', unit: 'tasks/min', points: [] };
    const tile = named({ ...run(0), throughput }, 'Throughput');
    assert.deepEqual(
      [tile?.value, tile?.unit, tile?.caption],
      ['41', 'tasks/min', 'now 119 items/s'],
    );
  });

  it('warn of jobs without a sign of life', () => {
    const known = run(0);
    const jobs = [...known.jobs].map((job) => ({ ...job, status: 'STALE' as const }));
    const tile = named({ ...known, jobs }, 'Running jobs');
    assert.deepEqual(
      [tile?.value, tile?.caption, tile?.tone],
      ['0', '3 without a sign of life', 'warn'],
    );
  });
});
