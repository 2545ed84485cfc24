import assert from 'node:assert/strict';
import { type Forecast, forecasts, median, readTraces } from '../../../bench/analysis/eta.ts';
import { msOf } from '../../../bench/analysis/eta/nextflow.ts';
import { needsCorpus } from '../../support/corpus.ts';

describe('the durations of Nextflow', () => {
  it('are read with all of their units', () => {
    assert.deepEqual(['366ms', '13.9s', '7m 8s', '1h 2m 3s', '1d', '-'].map(msOf), [
      366,
      13_900,
      428_000,
      3_723_000,
      86_400_000,
      null,
    ]);
  });
});

describe('ends that were foretold of recorded runs', function () {
  this.timeout(60_000);
  needsCorpus('nextflow');
  needsCorpus('wfcommons');
  let all: Forecast[] = [];

  before(() => {
    all = forecasts(readTraces()).filter(({ rest }) => rest !== null);
  });

  it('are off by less than 17 % in the median at half of the time, and their ranges hold about 8 of 10', () => {
    const half = all.filter(({ share }) => share === 0.5);
    assert.ok(all.length > 1500, `${all.length} forecasts`);
    assert.ok(median(half.map(({ error }) => error)) < 0.17);
    const inside = all.filter((one) => one.inside).length / all.length;
    assert.ok(inside > 0.75 && inside < 0.85, `${inside}`);
  });

  it('are off by less than 10 % where a pipeline does the same with each sample', () => {
    const samples = all.filter(({ trace }) => trace.set === 'wfcommons, samples');
    assert.ok(median(samples.map(({ error }) => error)) < 0.1);
  });

  it('never lie in the past', () => {
    for (const { rest } of all) assert.ok(rest && rest.low > 0 && rest.low <= rest.high);
  });
});
