import assert from 'node:assert/strict';
import { jobStatistics } from '../../../../service/analysis/jobStatistics.ts';
import { Charts } from '../../../../webview/elements/history/charts.ts';

describe('the charts of past runs', () => {
  it('are made once of the same figures, however often they are shown', () => {
    const charts = new Charts();
    const figures = jobStatistics([]);
    const first = charts.of(figures);
    assert.equal(charts.of(undefined).times, null);
    assert.equal(charts.of(figures), first);
    assert.notEqual(charts.of(jobStatistics([])), first);
  });
});
