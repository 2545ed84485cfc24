import assert from 'node:assert/strict';
import type { RunChange, SeriesChanges } from '../../../../service/protocol/changes.ts';
import { changesPath, changeWords, signsAmong } from '../../../../webview/changeView.ts';
import { listed, silence } from '../../../../webview/elements/performance/changes.ts';

const slower: RunChange = {
  ...{ change_id: 'c', class: 'slower', direction: 'worse', sentence: '', job_id: 'run-3' },
  ...{ at: '2026-11-22T12:00:00Z', run: 418, before: 12_100, after: 17_900, percent: 47.9 },
  ...{ runs_before: 20, runs_after: 9, confidence: 0.99 },
};

function series(changes: RunChange[], more: Partial<SeriesChanges> = {}): SeriesChanges {
  return {
    ...{ pipeline: 'nightly', phase_id: null, name: 'nightly', metric: 'execution_time' },
    ...{ unit: 'ms', state: 'known', note: null, runs: 29, runs_needed: 8, changes },
    ...more,
  };
}

describe('the changes of a pipeline, in the page', () => {
  it('are said with the run, both levels and the percent', () => {
    assert.equal(
      changeWords('execution_time', slower),
      'slower since run #418, 12.1 s → 17.9 s, +48 %',
    );
    const less = { ...slower, before: 900, after: 450, percent: -50 };
    assert.equal(
      changeWords('memory_usage', less),
      'less memory since run #418, 900 MB → 450 MB, -50 %',
    );
    const first = { ...slower, before: 0, after: 2, percent: null };
    assert.match(
      changeWords('error_count', first),
      /^more errors since run #418, 0 errors → 2 err/,
    );
  });

  it('stand on the chart between the last run before and the first one after, where it shows both', () => {
    const runs = ['run-1', 'run-2', 'run-3', 'run-4'].map((job_id, n) => ({
      ...{ job_id, started_at: `2026-11-22T1${n}:00:00Z` },
    }));
    const signs = (shown: typeof runs) => signsAmong(shown, [slower], 'execution_time');
    const detail = 'slower since run #418, 12.1 s → 17.9 s, +48 %';
    assert.deepEqual(signs(runs), [{ at: 1.5, label: 'slower', detail, tone: 'bad' }]);
    assert.deepEqual(signs(runs.slice(2)), [], 'no run before it is shown');
    assert.deepEqual(signs(runs.slice(0, 2)), [], 'no run after it is shown');
    const hidden = runs.filter(({ job_id }) => job_id !== 'run-3');
    assert.equal(signs(hidden)[0]?.at, 1.5, 'before the first that is shown');
  });

  it('are listed the newest first', () => {
    const later = { ...slower, at: '2026-11-23T12:00:00Z', job_id: 'run-9' };
    const all = listed({ series: [series([slower]), series([later], { phase_id: 'P06' })] }, 'P07');
    assert.deepEqual(
      all.map(({ change }) => change.job_id),
      ['run-9', 'run-3'],
    );
    const picked = { series: [series([slower]), series([later], { phase_id: 'P06' })] };
    assert.equal(listed(picked, null)[0]?.change.job_id, 'run-3', 'what is picked comes first');
  });

  it('are silent with the reason where nobody can tell', () => {
    const few = series([], { state: 'not_enough_data', runs: 3 });
    assert.match(silence({ series: [few] }, null), /not enough data \(3 of 8 runs\)/);
    assert.equal(silence({ series: [series([])] }, null), 'No lasting change in 29 runs.');
    assert.equal(silence({ series: [] }, null), 'No run has a value of this yet.');
    assert.equal(changesPath(null, 'execution_time'), null);
  });
});
