import assert from 'node:assert/strict';
import { jobStatistics } from '../../../../service/analysis/jobStatistics.ts';
import type { SeriesChanges } from '../../../../service/protocol/changes.ts';
import type { RunInTime } from '../../../../service/protocol/jobStatistics.ts';
import { Charts } from '../../../../webview/elements/history/charts.ts';

const figures: { run: RunInTime; changes: { series: SeriesChanges[] } } = {
  run: {
    ...{ job_id: '', name: '', pipeline: 'p', status: 'COMPLETED', started_at: '', outlier: false },
    ...{ duration_ms: 10_000, usual_ms: null, usual_low_ms: null, usual_high_ms: null },
    ...{ expected_ms: null, expected_low_ms: null, expected_high_ms: null },
  },
  changes: {
    series: [
      {
        ...{ pipeline: 'p', phase_id: null, name: 'p', metric: 'execution_time', unit: 'ms' },
        ...{ state: 'known', note: null, runs: 3, runs_needed: 2 },
        changes: [
          {
            ...{ change_id: 'c', class: 'slower', direction: 'worse', sentence: '', job_id: 'b' },
            ...{ at: '2026-11-22T11:00:00Z', run: 2, before: 10_000, after: 20_000, percent: 100 },
            ...{ runs_before: 1, runs_after: 2, confidence: 0.99 },
          },
        ],
      },
    ],
  },
};

describe('the charts of past runs', () => {
  it('are made once of the same figures, however often they are shown', () => {
    const charts = new Charts();
    const figures = jobStatistics([]);
    const first = charts.of(figures);
    assert.equal(charts.of(undefined).times, null);
    assert.equal(charts.of(figures), first);
    assert.notEqual(charts.of(jobStatistics([])), first);
  });

  it('mark since when the one pipeline is slower, and hold the range of each run', () => {
    const runs = ['a', 'b', 'c'].map((job_id, n) => ({
      ...figures.run,
      ...{ job_id, started_at: `2026-11-22T1${n}:00:00Z` },
      ...{ expected_ms: 10_000, expected_low_ms: 9000 + n, expected_high_ms: 12_000 },
    }));
    const charts = new Charts();
    const statistics = { ...jobStatistics([]), runs, runs_total: 3 };
    const before = charts.of(statistics);
    assert.equal(before.times?.signs, undefined);
    const { times, timesNote } = charts.of(statistics, figures.changes);
    const detail = 'slower since run #2, 10.0 s → 20.0 s, +100 %';
    assert.deepEqual(times?.signs, [{ at: 0.5, label: 'slower', detail, tone: 'bad' }]);
    assert.deepEqual(times?.runs[2]?.range, { low: 9002, high: 12_000 });
    assert.match(timesNote, /^Last change: slower since run #2, 10\.0 s → 20\.0 s, \+100 %\. /);
    const mixed = runs.map((run, n) => ({ ...run, pipeline: `p${n}` }));
    const several = charts.of({ ...statistics, runs: mixed }, figures.changes);
    assert.equal(several.times?.signs, undefined);
    assert.match(several.timesNote, /^Choose a pipeline above/);
  });
});
