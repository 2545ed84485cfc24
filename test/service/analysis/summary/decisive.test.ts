import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decisiveChain } from '../../../../service/analysis/summary/decisive.ts';
import type { PhaseRecord } from '../../../../service/protocol/record.ts';
import { phase } from '../../../fixtures/frames.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const span = (
  phase_id: string,
  begin: number,
  end: number,
  depends_on: string[] = [],
): PhaseRecord =>
  phase({
    ...{ phase_id, depends_on, status: 'COMPLETED' },
    ...{ started_at: iso(begin), ended_at: iso(end) },
  });

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

  it('goes by what the phases declare, as the critical path does', () => {
    const phases = [span('load', 0, 10), span('other', 0, 20), span('use', 20, 50, ['load'])];
    assert.deepEqual(
      decisiveChain(phases).map(({ phase_id }) => phase_id),
      ['load', 'use'],
    );
  });

  it('is one after the other and ends with the last phase, whatever the times', () => {
    const one = fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 500 }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (all) => {
        const phases = all.map(([begin, ms], n) => span(`p${n}`, begin, begin + ms));
        const chain = decisiveChain(phases);
        assert.equal(
          chain.at(-1)?.end,
          all.length === 0 ? undefined : Math.max(...all.map(([begin, ms]) => begin + ms)),
        );
        chain.slice(1).forEach((next, i) => assert.ok((chain[i]?.end ?? 0) <= next.begin));
      }),
    );
  });
});
