import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  pipelineRuns,
  seriesKeys,
  seriesOf,
} from '../../../../service/analysis/changes/pipelineChanges.ts';
import { runChanges } from '../../../../service/analysis/changes/runChanges.ts';
import type { Execution } from '../../../../service/core/executions.ts';
import { type HistoryRow, countIn, newHistoryRow } from '../../../../service/core/historyRow.ts';
import { wobble } from '../../../support/pipelineRuns.ts';

const BEGIN = Date.parse('2026-11-01T00:00:00Z');
const MINUTE_MS = 60_000;

const execution = (job: number, more: Partial<Execution> = {}): Execution => ({
  ...{ job_id: `j${job}`, attempt: 1, status: 'COMPLETED' },
  started_at: BEGIN + job * MINUTE_MS,
  ended_at: BEGIN + job * MINUTE_MS + 12_000 + 200 * wobble(job),
  ...{ memory_mb: null, cpu_percent: null, items_done: null, error_count: 0, warning_count: 0 },
  ...more,
});

function rowOf(phase_id: string, executions: readonly Execution[], limit: number): HistoryRow {
  const row = newHistoryRow('nightly', phase_id);
  for (const one of executions) countIn(row, { execution: one, name: phase_id }, limit);
  return row;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => execution(i + 1));

describe('the runs of a pipeline', () => {
  it('have one number each, for the whole and for every phase, whatever is kept no more', () => {
    const all = rowOf('P01', upTo(30), 10);
    // Every third run only: its own executions would be numbered 1 to 10.
    const seldom = rowOf(
      'P02',
      upTo(30).filter((_, i) => i % 3 === 2),
      10,
    );
    const { numbers } = pipelineRuns([seldom, all]);
    assert.deepEqual(
      ['j21', 'j24', 'j30'].map((id) => numbers.get(id)),
      [21, 24, 30],
    );
  });

  it('count once however often they tried', () => {
    const tries = upTo(10).flatMap((one) => [
      { ...one, status: 'FAILED' as const },
      { ...one, attempt: 2, ended_at: one.ended_at + 1000 },
    ]);
    const { numbers } = pipelineRuns([rowOf('P01', tries, 100)]);
    assert.deepEqual([numbers.size, numbers.get('j10')], [10, 10]);
  });

  it('keep their numbers and changes when records of jobs are removed', () => {
    const slow = (one: Execution, job: number) =>
      job >= 20 ? { ...one, ended_at: one.ended_at + 6000 } : one;
    const runs = pipelineRuns([rowOf('P01', upTo(30).map(slow), 25)]);
    const key = { pipeline: 'nightly', phase_id: 'P01', metric: 'execution_time' } as const;
    const [change, ...others] = runChanges(seriesOf(key, runs, () => null)).changes;
    assert.deepEqual([change?.run, change?.job_id, others.length], [21, 'j21', 0]);
  });

  it('are no trouble for executions of any time, in any order', () => {
    const time = fc.oneof(fc.integer(), fc.constantFrom(Number.NaN, -1, 8.64e15, 0));
    const one = fc.record({
      job_id: fc.constantFrom('a', 'b', 'c', '__proto__'),
      attempt: fc.integer({ min: 1, max: 3 }),
      started_at: fc.option(time),
      ended_at: time,
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (all) => {
        const rows = [
          rowOf(
            'P01',
            all.map((some) => execution(1, some)),
            20,
          ),
        ];
        const runs = pipelineRuns(rows);
        for (const number of runs.numbers.values()) assert.ok(number >= 1 && number <= all.length);
        for (const key of seriesKeys('nightly', rows))
          assert.deepEqual(runChanges(seriesOf(key, runs, () => null)).changes, []);
      }),
    );
  });
});
