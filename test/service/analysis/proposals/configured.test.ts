import assert from 'node:assert/strict';
import { checkStrategies } from '../../../../service/analysis/proposals/configured.ts';
import type { ProductError } from '../../../../service/protocol/errors.ts';
import type { CustomStrategy } from '../../../../service/protocol/optimizer.ts';

const GOOD: CustomStrategy = {
  ...{ name: 'drain', parameter: 'workers' },
  when: [{ metric: 'queue_pending', above: 100 }],
  change: { add: 2 },
};

describe('strategies of the configuration', () => {
  it('are taken where each says when, and what is changed', () => {
    checkStrategies([]);
    checkStrategies([
      GOOD,
      { ...GOOD, name: 'b', change: { to: 'fast' } },
      { ...GOOD, name: 'c', change: { multiply: 2, add: 1 } },
      { ...GOOD, name: 'd', when: [{ metric: 'm', above: 1, below: 2 }] },
    ]);
  });

  it('are refused with the field and the fix where they could never do what they say', () => {
    const metric = 'm';
    const cases: [CustomStrategy[], string, RegExp][] = [
      [[GOOD, GOOD], '/optimizer/strategies/1/name', /there twice\. Rename one of them/],
      [[{ ...GOOD, name: 'batch_size' }], '/optimizer/strategies/0/name', /Choose another name/],
      [[{ ...GOOD, name: 'module' }], '/optimizer/strategies/0/name', /Choose another name/],
      [
        [{ ...GOOD, when: [...GOOD.when, { metric }] }],
        '/optimizer/strategies/0/when/1',
        /In "optimizer\.strategies\.0\.when\.1": "m" has no bound\. Give it "above", "below" or both/,
      ],
      [
        [{ ...GOOD, when: [{ metric, above: 5, below: 5 }] }],
        '/optimizer/strategies/0/when/0',
        /nothing is above 5 and below 5/,
      ],
      [[{ ...GOOD, change: {} }], '/optimizer/strategies/0/change', /Give it "to", "add" or/],
      [
        [{ ...GOOD, change: { to: 3, add: 1 } }],
        '/optimizer/strategies/0/change',
        /Leave "add" and "multiply" out, or "to"/,
      ],
      [
        [{ ...GOOD, change: { add: 0, multiply: 1 } }],
        '/optimizer/strategies/0/change',
        /as it is/,
      ],
    ];
    for (const [strategies, path, words] of cases) {
      assert.throws(
        () => checkStrategies(strategies),
        (error: ProductError) => {
          assert.equal(error.code, 'CONFIG_INVALID');
          assert.equal(error.errors?.[0]?.path, path);
          assert.match(error.message, words);
          return true;
        },
      );
    }
  });
});
