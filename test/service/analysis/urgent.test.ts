import assert from 'node:assert/strict';
import fc from 'fast-check';
import { urgentOf } from '../../../service/analysis/urgent.ts';
import { FINDING_KINDS, type Finding } from '../../../service/protocol/finding.ts';
import { foundAt } from '../../support/finding.ts';

const T0 = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 24 * 3_600_000;
const change = (finding_id: string, measure: number, at = T0) =>
  foundAt(at, { finding_id, kind: 'change', measure });

function idsOf(findings: readonly Finding[]): string[] {
  return urgentOf(findings, T0).map(({ finding_id }) => finding_id);
}

describe('what needs attention', () => {
  it('is the sooner said the more urgent its kind, then the surer, then the newer it is', () => {
    const all = [
      change('c', 48),
      foundAt(T0, { finding_id: 'a', kind: 'anomaly' }),
      foundAt(T0, { finding_id: 'b-unsure', confidence: 0.4 }),
      foundAt(T0 - 1000, { finding_id: 'b-older', confidence: 0.99 }),
      foundAt(T0, { finding_id: 'b-newer', confidence: 0.95 }),
      foundAt(T0, { finding_id: 'p', kind: 'prediction', confidence: 0.1 }),
    ];
    assert.deepEqual(idsOf(all), ['p', 'b-newer', 'b-older', 'b-unsure', 'a', 'c']);
  });

  it('is no improvement, no old change, and nothing that is over', () => {
    const over = foundAt(T0, { finding_id: 'over', until: new Date(T0).toISOString() });
    const all = [
      ...[change('better', -20), change('old', 48, T0 - 8 * DAY_MS), over],
      ...[change('news', 48, T0 - 6 * DAY_MS)],
      foundAt(T0 - 8 * DAY_MS, { finding_id: 'still so' }),
    ];
    assert.deepEqual(idsOf(all), ['still so', 'news']);
  });

  it('is found behind any number of changes', () => {
    const many = Array.from({ length: 200 }, (_, i) => change(`c${i}`, 48));
    const last = foundAt(T0, { finding_id: 'p', kind: 'prediction' });
    assert.equal(idsOf([...many, last])[0], 'p');
  });

  it('is the same in whatever order it was found, and never throws', () => {
    const finding = fc
      .record({
        finding_id: fc.string(),
        kind: fc.constantFrom(...FINDING_KINDS),
        measure: fc.double(),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        since: fc.constantFrom('', new Date(T0).toISOString(), new Date(T0 - DAY_MS).toISOString()),
      })
      .map((changes) => foundAt(T0, changes));
    fc.assert(
      fc.property(fc.uniqueArray(finding, { selector: (one) => one.finding_id }), (all) => {
        assert.deepEqual(idsOf(all), idsOf([...all].reverse()));
      }),
    );
  });
});
