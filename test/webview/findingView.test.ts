import assert from 'node:assert/strict';
import { FINDING_KINDS } from '../../service/protocol/finding.ts';
import { urgentFirst } from '../../webview/elements/overview/attention.ts';
import { kindWord, regionOfFinding, signsOf, sureOf } from '../../webview/findingView.ts';
import { foundAt } from '../support/finding.ts';

const T0 = Date.UTC(2026, 10, 22, 12);

describe('what the analysis found, in the page', () => {
  it('has a word for each kind and leads to where more of it stands', () => {
    assert.equal(new Set(FINDING_KINDS.map((kind) => kindWord({ kind }))).size, 4);
    assert.equal(regionOfFinding({ kind: 'change' }), 'Performance');
  });

  it('says how sure it is, and of an anomaly how odd', () => {
    assert.equal(sureOf(foundAt(T0)), '90 % sure');
    assert.equal(sureOf(foundAt(T0, { kind: 'anomaly', measure: 87 })), 'score 87 %');
    assert.equal(sureOf(foundAt(T0, { confidence: NaN })), '0 % sure');
  });

  it('stands on the charts of its metric only, as a sign where it began', () => {
    const spike = foundAt(T0, { kind: 'anomaly', class: 'spike', measure: 87 });
    const over = { ...spike, until: new Date(T0).toISOString() };
    const signs = signsOf(
      [spike, over, { ...spike, metric: 'memory_mb' }],
      'cpu_percent',
      () => true,
    );
    assert.deepEqual(signs, [
      { at: T0, label: 'spike, score 87 %', tone: 'bad' },
      { at: T0, label: 'spike, score 87 %', tone: 'plain' },
    ]);
    assert.deepEqual(
      signsOf([spike], 'cpu_percent', () => false),
      [],
    );
    assert.deepEqual(
      signsOf([{ ...spike, since: '' }], 'cpu_percent', () => true),
      [],
    );
  });

  it('needs attention the sooner the more urgent its kind, then the surer it is', () => {
    const all = [
      foundAt(T0, { finding_id: 'c', kind: 'change' }),
      foundAt(T0, { finding_id: 'b1', confidence: 0.4 }),
      foundAt(T0, { finding_id: 'b2', confidence: 0.9 }),
      foundAt(T0, { finding_id: 'p', kind: 'prediction' }),
    ];
    assert.deepEqual(
      urgentFirst(all).map(({ finding_id }) => finding_id),
      ['p', 'b2', 'b1', 'c'],
    );
  });
});
