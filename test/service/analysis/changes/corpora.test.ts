import assert from 'node:assert/strict';
import {
  falseShare,
  normals,
  tcpdScores,
  tigerBeetleHits,
} from '../../../../bench/analysis/changes.ts';
import { otavaSample, tigerBeetle } from '../../../../bench/analysis/changes/corpora.ts';
import { covering, f1 } from '../../../../bench/analysis/changes/scores.ts';
import { changePoints } from '../../../../service/analysis/changes/changePoints.ts';
import { needsCorpus } from '../../../support/corpus.ts';
import { skipWhen } from '../../../support/skip.ts';

describe('the scores of the Turing Change Point Dataset', () => {
  it('are those of its own examples', () => {
    assert.equal(f1({ 1: [10, 20], 2: [11, 20], 3: [10], 4: [0, 5] }, [10, 20]), 1);
    assert.ok(Math.abs(f1({ 1: [], 2: [10], 3: [50] }, [10]) - 0.9090909) < 1e-6);
    assert.ok(
      Math.abs(covering({ 1: [10, 20], 2: [10], 3: [0, 5] }, [10, 20], 45) - 0.7962962) < 1e-6,
    );
    assert.ok(Math.abs(covering({ 1: [], 2: [10], 3: [40] }, [], 45) - 0.81893) < 1e-5);
  });
});

describe('change points on recorded series', () => {
  needsCorpus('changepoint');

  it('are nearer to what people marked than those of PELT and binary segmentation', () => {
    const [ours, ...others] = tcpdScores() ?? [];
    assert.ok((ours?.f1 ?? 0) > 0.74, `F1 ${ours?.f1}`);
    assert.ok((ours?.covering ?? 0) > 0.67, `covering ${ours?.covering}`);
    for (const { f1: score, covering: cover } of others)
      assert.ok(score < (ours?.f1 ?? 0) && cover < (ours?.covering ?? 0));
  });

  it("are those that Otava's manual shows", () => {
    for (const { values, expected } of otavaSample() ?? [])
      assert.deepEqual(
        changePoints(values).map(({ at }) => at),
        expected,
      );
  });

  it('come by chance in few series that never change', () => {
    const noise = normals(1);
    assert.ok(falseShare(() => 100 + 5 * noise()) <= 0.08);
  });
});

describe("change points of Otava's TigerBeetle series", () => {
  skipWhen(tigerBeetle() === null, "Otava's TigerBeetle series is not beside the checkout.");

  it('are all of the sure ones of Otava, and at most one besides all of them', () => {
    const series = tigerBeetle();
    assert.ok(series);
    assert.deepEqual(tigerBeetleHits(series, 0.0001).missed, []);
    assert.ok(tigerBeetleHits(series, 0.001).besides.length <= 1);
  });
});
