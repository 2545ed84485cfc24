import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type PerformanceQuery,
  pipelinePerformance,
} from '../../../service/analysis/pipelinePerformance.ts';
import { heldAgainst } from '../../../service/analysis/performanceRuns.ts';
import { usualOf } from '../../../service/analysis/usual.ts';
import type { Execution } from '../../../service/core/executions.ts';
import { type HistoryRow, newHistoryRow } from '../../../service/core/historyRow.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import { job } from '../../fixtures/frames.ts';

const T0 = Date.parse('2026-03-01T22:10:00Z');
const HOUR = 3_600_000;

function ran(n: number, ms: number, more: Partial<JobRecord> = {}): JobRecord {
  const started_at = new Date(T0 + n * HOUR).toISOString();
  const ended_at = new Date(T0 + n * HOUR + ms).toISOString();
  const made = { job_id: `j${n}`, name: `Job ${n}`, pipeline: 'nightly', started_at, ended_at };
  return job({ ...made, status: 'COMPLETED', duration_ms: ms, error_count: 0, ...more });
}

function execution(n: number, ms: number | null, more: Partial<Execution> = {}): Execution {
  const ended_at = T0 + n * HOUR + (ms ?? 0) + 5000;
  return {
    ...{ job_id: `j${n}`, attempt: 1, status: 'COMPLETED', ended_at },
    started_at: ms === null ? null : ended_at - ms,
    ...{ cpu_percent: null, memory_mb: null, items_done: null, error_count: 0, warning_count: 0 },
    ...more,
  };
}

const row = (phase_id: string, executions: Execution[]): HistoryRow => ({
  ...newHistoryRow('nightly', phase_id),
  name: phase_id.toUpperCase(),
  executions,
});

function performance(
  jobs: readonly JobRecord[],
  rows: readonly HistoryRow[],
  query: Partial<PerformanceQuery> = {},
) {
  const usual = { pipeline: 'nightly', metric: 'execution_time' as const, last: 30, limit: 500 };
  const none = { phase_id: null, job_id: null, days: 14, offset_ms: 0 };
  return pipelinePerformance({ jobs, rows }, { ...usual, ...none, ...query });
}

describe('the performance of a pipeline', () => {
  const times = [1000, 1100, 1200, 1300, 1400, 9000];
  const jobs = times.map((ms, n) => ran(n, ms));

  it('lists the newest runs, oldest first, each with the median and quartiles of those before it', () => {
    const { runs, runs_total } = performance([...jobs].reverse(), [], { last: 4 });
    assert.equal(runs_total, 6);
    assert.deepEqual(
      runs.map(({ job_id, value, usual, side }) => [job_id, value, usual?.median, side]),
      [
        ['j2', 1200, undefined, null],
        ['j3', 1300, 1100, null],
        // Newer runs count more: just beyond the middle.
        ['j4', 1400, 1200, null],
        ['j5', 9000, 1200, 'above'],
      ],
    );
    assert.deepEqual(runs[3]?.usual, { median: 1200, low: 1100, high: 1300, runs: 5 });
    assert.equal(runs[3].ratio, 7.5);
  });

  it('takes no run that failed for usual, and none that runs for a run', () => {
    const failed = ran(3.5, 50, { status: 'FAILED', job_id: 'failed' });
    const running = ran(9, 0, { status: 'RUNNING', duration_ms: null, job_id: 'now' });
    const answer = performance([...jobs, failed, running], []);
    const { runs, completed } = answer;
    assert.equal(runs.at(-1)?.usual?.median, 1200);
    assert.deepEqual(
      [runs.length, completed, answer.failed, answer.success_rate_percent],
      [7, 6, 1, 600 / 7],
    );
  });

  it('sets the phases of a run beside the runs before it, the slowest phase first', () => {
    const rows = [
      row(
        'b',
        times.map((ms, n) => execution(n, ms / 2, { memory_mb: 100 + n })),
      ),
      row('a', [...times.slice(0, 5).map((_, n) => execution(n, 10)), execution(5, 12)]),
      row('c', [
        execution(0, 4000, { status: 'FAILED' }),
        execution(1, null, { status: 'SKIPPED' }),
      ]),
    ];
    const { phases, worse, judged, worse_total } = performance(jobs, rows, { job_id: 'j5' });
    assert.deepEqual(
      phases.map(({ phase_id }) => phase_id),
      ['b', 'a', 'c'],
    );
    const [b, a, c] = phases;
    assert.deepEqual(b?.spread, {
      count: 6,
      min: 500,
      max: 4500,
      low: 562.5,
      median: 625,
      high: 687.5,
    });
    assert.deepEqual(b?.shown?.usual, { median: 600, low: 550, high: 650, runs: 5 });
    assert.equal(b?.shown?.ratio, 7.5);
    assert.equal(Math.round(b?.share_percent ?? 0), Math.round((100 * 625) / 635));
    assert.deepEqual(a?.shown?.side, 'within', '2 ms is noise');
    assert.deepEqual(
      [c?.values, c?.failed, c?.success_rate_percent, c?.spread, c?.shown],
      [[4000, null, null, null, null, null], ...[1, 0, null, null]],
    );
    assert.deepEqual(c?.statuses.slice(0, 3), ['FAILED', 'SKIPPED', null]);
    assert.deepEqual([worse.map(({ phase_id }) => phase_id), worse_total, judged], [['b'], 1, 2]);
  });

  it('shows the newest attempt of a phase, and does not hold it against its own earlier ones', () => {
    const again = [execution(5, 20), execution(5, 900, { attempt: 2, ended_at: T0 + 9 * HOUR })];
    const rows = [row('a', [...[0, 1, 2, 3, 4].map((n) => execution(n, 700)), ...again])];
    const [phase] = performance(jobs, rows, { job_id: 'j5' }).phases;
    assert.equal(phase?.values[5], phase?.shown?.value);
    assert.equal(phase?.shown?.usual?.median, 700);
    assert.equal(phase?.shown?.usual?.runs, 5);
  });

  it('answers memory by the phase that used most, CPU by the time of each phase, errors by the job', () => {
    const rows = [
      row('a', [execution(0, 1000, { memory_mb: 300, cpu_percent: 10 })]),
      row('b', [execution(0, 3000, { memory_mb: 200, cpu_percent: 50 })]),
    ];
    const runs = [ran(0, 4000, { error_count: 3 })];
    const value = (metric: PerformanceQuery['metric']) =>
      performance(runs, rows, { metric }).runs[0]?.value;
    assert.deepEqual(
      [value('memory_usage'), value('cpu_usage'), value('error_count'), value('execution_time')],
      [300, 40, 3, 4000],
    );
  });

  it('answers runs and hours of one phase, also of jobs that are gone', () => {
    const rows = [row('a', [execution(0, 100), execution(1, 300)])];
    const answer = performance([ran(1, 1)], rows, { phase_id: 'a' });
    assert.deepEqual(
      answer.runs.map(({ name, value }) => [name, value]),
      [
        ['j0', 100],
        ['Job 1', 300],
      ],
    );
    assert.deepEqual(answer.phases[0]?.values, [100, 300]);
    assert.deepEqual(performance([ran(1, 1)], rows, { phase_id: 'other' }).runs, []);
  });

  it('places runs into hours and days of the person who asks', () => {
    const runs = [ran(0, 100), ran(0.1, 300), ran(0.2, 5, { status: 'FAILED' }), ran(50, 200)];
    const utc = performance(runs, []);
    assert.deepEqual(utc.days, ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04']);
    assert.deepEqual(utc.hours[0], {
      ...{ day: '2026-03-01', hour: 22, runs: 3, failed: 1, median: 200, job_id: 'j0.2' },
    });
    const moved = performance(runs, [], { offset_ms: 2 * HOUR, days: 2 });
    assert.deepEqual(moved.days, ['2026-03-04']);
    assert.deepEqual([moved.hours.length, moved.hours[0]?.hour], [1, 2]);
  });

  it('has an answer for a pipeline of which nothing is known', () => {
    const answer = performance([], [], { job_id: 'x', phase_id: 'y' });
    const { runs, phases, days, shown, success_rate_percent } = answer;
    assert.deepEqual([runs, phases, days, shown, success_rate_percent], [[], [], [], null, null]);
  });

  it('is the same in whatever order the jobs come, and lines up every phase with the runs', () => {
    const any = fc.array(fc.record({ ms: fc.nat(10_000), fails: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 100 }), (made, last) => {
        const all = made.map(({ ms, fails }, n) =>
          ran(n, ms, { status: fails ? 'FAILED' : 'COMPLETED' }),
        );
        const rows = [
          row(
            'a',
            made.map(({ ms, fails }, n) =>
              execution(n, ms, { status: fails ? 'FAILED' : 'COMPLETED' }),
            ),
          ),
        ];
        const answer = performance(all, rows, { last });
        assert.deepEqual(performance([...all].reverse(), rows, { last }), answer);
        assert.equal(answer.runs.length, Math.min(last, made.length));
        const [phase] = answer.phases;
        assert.deepEqual(
          phase?.values ?? [],
          answer.runs.map(({ value }) => value),
        );
        assert.deepEqual(
          phase?.statuses ?? [],
          answer.runs.map(({ status }) => status),
        );
        assert.equal(answer.completed + answer.failed, answer.runs.length);
      }),
    );
  });

  it('never looks at later runs to tell what was usual', () => {
    const any = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(any, fc.nat(10_000), (made, later) => {
        const all = made.map((ms, n) => ran(n, ms));
        const before = performance(all, [], { last: 100 }).runs;
        const after = performance([...all, ran(made.length, later)], [], { last: 100 }).runs;
        assert.deepEqual(after.slice(0, -1), before);
      }),
    );
  });
});

describe('a value held against those before it', () => {
  it('is judged from five values on, by the fences of Tukey', () => {
    const held = (value: number, before: number[]) =>
      heldAgainst(value, usualOf(value, before), 'execution_time');
    assert.equal(held(1, [1, 2]).usual, null);
    const four = held(9900, [1, 2, 3, 4]);
    assert.deepEqual([four.usual?.median, four.side], [2.5, null]);
    const before = [10_000, 11_000, 12_000, 13_000, 14_000];
    const sides = [7999, 8000, 16_000, 16_001].map((value) => held(value, before).side);
    assert.deepEqual(sides, ['below', 'within', 'within', 'above']);
  });

  it('is off the usual only by more than noise, however steady the runs were', () => {
    const flat = (n: number) => Array.from({ length: 6 }, () => n);
    const side = (value: number, usual: number) =>
      heldAgainst(value, usualOf(value, flat(usual)), 'execution_time').side;
    assert.deepEqual(
      [side(50, 1), side(1199, 1000), side(1200, 1000)],
      ['within', 'within', 'above'],
    );
    assert.deepEqual([side(834, 1000), side(833, 1000)], ['within', 'below']);
    assert.equal(heldAgainst(1, usualOf(1, flat(0)), 'error_count').side, 'above');
    assert.equal(heldAgainst(null, usualOf(null, flat(5)), 'error_count').side, null);
  });
});
