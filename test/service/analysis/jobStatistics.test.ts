import assert from 'node:assert/strict';
import { jobChoices } from '../../../service/analysis/jobChoices.ts';
import { jobStatistics } from '../../../service/analysis/jobStatistics.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import { job } from '../../fixtures/frames.ts';

const DAY = 86_400_000;
const begin = Date.parse('2026-03-01T22:30:00Z');

function ran(n: number, ms: number | null, more: Partial<JobRecord> = {}): JobRecord {
  const started_at = new Date(begin + n * DAY).toISOString();
  const ended_at = ms === null ? null : new Date(begin + n * DAY + ms).toISOString();
  const made = { job_id: `j${n}`, name: `Job ${n}`, pipeline: 'nightly', started_at, ended_at };
  return job({ ...made, status: 'COMPLETED', duration_ms: ms, ...more });
}

describe('the statistics of jobs', () => {
  it('counts each pipeline and each day, the day being that of who asks', () => {
    const jobs = [
      ran(0, 1000),
      ran(0, 3000, { job_id: 'b', status: 'FAILED' }),
      ran(1, 2000, { pipeline: 'weekly' }),
    ];
    const { by_day, by_pipeline, executions_total } = jobStatistics(jobs, 2 * 3_600_000);
    assert.equal(executions_total, 3);
    const figures = { success_rate_percent: 50, p50_duration_ms: 2000, p95_duration_ms: 2900 };
    assert.deepEqual(by_day[0], {
      day: '2026-03-02',
      runs: 2,
      completed: 1,
      failed: 1,
      ...figures,
    });
    assert.deepEqual(
      by_pipeline.map(({ pipeline, runs }) => [pipeline, runs]),
      [
        ['nightly', 2],
        ['weekly', 1],
      ],
    );
    assert.equal(jobStatistics(jobs).by_day[0]?.day, '2026-03-01');
  });

  it('sets each run beside the completed ones of its pipeline before it', () => {
    const jobs = [1, 2, 3, 4, 5].map((n) => ran(n, 1000 + n));
    const { runs } = jobStatistics([
      ran(6, 9000),
      ran(7, 1003, { job_id: 'other', pipeline: 'weekly' }),
      ...jobs.reverse(),
    ]);
    const last = runs.find(({ job_id }) => job_id === 'j6');
    assert.deepEqual(
      [last?.usual_ms, last?.usual_low_ms, last?.usual_high_ms, last?.outlier],
      [...[1003, 1002, 1004, true]],
    );
    const first = runs.map(({ usual_ms }) => usual_ms);
    assert.deepEqual(first, [null, null, null, 1002, 1003, 1003, null]);
    assert.ok(runs.slice(0, -2).every(({ outlier }) => !outlier));
  });

  it('calls no run off the usual that is near it, however steady the others were', () => {
    const steady = [1, 2, 3, 4, 5].map((n) => ran(n, 60_000));
    const { runs } = jobStatistics([...steady, ran(6, 61_000), ran(7, 90_000)]);
    assert.deepEqual(
      runs.slice(-2).map(({ outlier }) => outlier),
      [false, true],
    );
  });

  it('leaves out of the runs in time what has not ended or never began', () => {
    const jobs = [ran(1, null, { status: 'RUNNING' }), ran(2, null, { started_at: null })];
    const { runs, by_day, executions_total } = jobStatistics(jobs);
    assert.deepEqual([runs, by_day.length, executions_total], [[], 1, 2]);
  });

  it('keeps to the newest 200 runs and says how many there are', () => {
    const jobs = Array.from({ length: 250 }, (_, n) => ran(n / 100, n));
    const { runs, runs_total } = jobStatistics(jobs);
    assert.deepEqual([runs.length, runs_total, runs.at(-1)?.duration_ms], [200, 250, 249]);
    assert.notEqual(runs[0]?.usual_ms, null);
  });
});

describe('the choices of jobs', () => {
  it('lists values, the most frequent first, and how many there are beyond the list', () => {
    const jobs = Array.from({ length: 60 }, (_, n) =>
      ran(n, 1, { kind: n === 0 ? null : 'batch', labels: { commit: `c${n}`, branch: 'main' } }),
    );
    const { pipelines, kinds, labels } = jobChoices(jobs);
    assert.deepEqual(
      [pipelines, kinds],
      [[{ value: 'nightly', jobs: 60 }], [{ value: 'batch', jobs: 59 }]],
    );
    assert.deepEqual(
      labels.map(({ name, values, values_total }) => [name, values.length, values_total]),
      [
        ['branch', 1, 1],
        ['commit', 50, 60],
      ],
    );
  });
});
