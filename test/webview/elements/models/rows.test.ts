import assert from 'node:assert/strict';
import type { ModelRecord } from '../../../../service/protocol/domain.ts';
import { modelRows, score } from '../../../../webview/elements/models/rows.ts';

function model(name: string, part: Partial<ModelRecord>): ModelRecord {
  return {
    ...{ model: name, predictions_count: 1, avg_mae: null, baseline_mae: null },
    ...{ degradation_percent: null, r2: null, avg_confidence: null, last_updated: null, seq: 1 },
    ...part,
  };
}

describe('the rows of models', () => {
  const worse = model('a', { avg_mae: 3.92, baseline_mae: 3.5, degradation_percent: 12 });
  const bad = model('b', { avg_mae: 2, baseline_mae: 1, degradation_percent: 100 });
  const better = model('c', { avg_mae: 0.5, baseline_mae: 1, degradation_percent: -50 });
  const rows = modelRows([model('d', {}), better, worse, bad, model('e', { avg_mae: 1 })], 20);

  it('stand with the worst first, in words and with a tone', () => {
    assert.deepEqual(
      rows.map(({ model: { model: name }, verdict, tone }) => [name, verdict, tone]),
      [
        ['b', '100 % worse than its baseline', 'bad'],
        ['a', '12 % worse than its baseline', 'worse'],
        ['c', '50 % better than its baseline', 'better'],
        ['d', 'no error was reported', 'unknown'],
        ['e', 'no baseline: send model.baselined with its mae', 'unknown'],
      ],
    );
  });

  it('have bars against the longer of both', () => {
    assert.deepEqual(rows[0]?.bar, { mae: 1, baseline: 0.5 });
    assert.deepEqual(rows[2]?.bar, { mae: 0.5, baseline: 1 });
    assert.equal(rows[4]?.bar, null);
  });

  it('say errors of any size with three digits that matter', () => {
    assert.deepEqual([score(0.004217), score(1234.5), score(null)], ['0.00422', '1,230', '-']);
  });

  it('do not compare with a baseline of 0', () => {
    const [row] = modelRows([model('z', { avg_mae: 1, baseline_mae: 0 })], 20);
    assert.equal(row?.verdict, 'not comparable with a baseline of 0');
  });
});
