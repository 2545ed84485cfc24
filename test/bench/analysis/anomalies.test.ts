import assert from 'node:assert/strict';
import { detect, scorerError } from '../../../bench/analysis/anomalies.ts';
import { type NabFile, readNab } from '../../../bench/analysis/nab/corpus.ts';
import {
  PROFILES,
  type ProfileName,
  type Scored,
  corpusScore,
  probationOf,
  rawScore,
} from '../../../bench/analysis/nab/score.ts';
import { needsCorpus } from '../../support/corpus.ts';

/** A little below what was reached. */
const FLOORS: Record<ProfileName, number> = {
  standard: 70,
  reward_low_FP_rate: 62,
  reward_low_FN_rate: 74,
};

const alertsAt = (rows: number, ...at: number[]) =>
  Array.from({ length: rows }, (_, row) => at.includes(row));

describe('the score of the Numenta Anomaly Benchmark', () => {
  const windows = [[400, 499]] as const;

  it('is 0 for silence and 100 for an alert at the begin of each window', () => {
    const silent: Scored = { windows, alerts: alertsAt(1000) };
    const perfect: Scored = { windows, alerts: alertsAt(1000, 400) };
    assert.equal(corpusScore([silent], PROFILES.standard), 0);
    assert.equal(corpusScore([perfect], PROFILES.standard), 100);
  });

  it('counts a window once, the earlier the better', () => {
    const [early, late, both] = [[410], [490], [410, 490]].map((at) =>
      rawScore({ windows, alerts: alertsAt(1000, ...at) }, PROFILES.standard),
    ) as [number, number, number];
    assert.ok(early > late && late > 0);
    assert.equal(both, early);
  });

  it('takes off for each alert outside, less just after a window, nothing in the first 15 %', () => {
    const cost = (row: number) =>
      rawScore({ windows, alerts: alertsAt(1000, 400, row) }, PROFILES.standard) - 1;
    assert.ok(Math.abs(cost(300) + 0.11) < 1e-12);
    assert.ok(cost(510) < 0 && cost(510) > -0.11);
    assert.equal(cost(100), 0);
    assert.equal(probationOf(1000), 150);
    assert.equal(probationOf(100_000), 750);
  });
});

describe('the anomaly detector on the Numenta Anomaly Benchmark', () => {
  needsCorpus('nab');
  let files: NabFile[] = [];

  before(() => {
    files = readNab();
  });

  it('is scored as the published results are', () => {
    assert.equal(files.length, 35);
    assert.ok(scorerError(files) < 1e-9);
  });

  it('reaches what docs/analysis.md says, with the threshold in the code', () => {
    const scored = detect(files);
    for (const [name, floor] of Object.entries(FLOORS)) {
      const score = corpusScore(scored, PROFILES[name as ProfileName]);
      assert.ok(score >= floor, `${name}: ${score.toFixed(1)}`);
    }
  });
});
