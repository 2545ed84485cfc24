import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decisiveChain } from '../../../../service/analysis/summary/decisive.ts';

const span = (phase_id: string, begin: number, end: number) => ({ phase_id, begin, end });

describe('the chain that decided when a run ended', () => {
  it('leaves out what ran beside it', () => {
    const phases = [
      span('load', 0, 10),
      span('fast', 10, 20),
      span('slow', 10, 50),
      span('merge', 50, 60),
    ];
    assert.deepEqual(
      decisiveChain(phases).map(({ phase_id }) => phase_id),
      ['load', 'slow', 'merge'],
    );
  });

  it('is one after the other and ends with the last phase, whatever the times', () => {
    const phase = fc
      .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 500 }))
      .map(([begin, ms]) => span('p', begin, begin + ms));
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 40 }), (phases) => {
        const chain = decisiveChain(phases);
        assert.equal(
          chain.at(-1)?.end,
          phases.length === 0 ? undefined : Math.max(...phases.map(({ end }) => end)),
        );
        chain.slice(1).forEach((one, i) => assert.ok((chain[i]?.end ?? 0) <= one.begin));
      }),
    );
  });
});
