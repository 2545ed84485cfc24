import assert from 'node:assert/strict';
import type { Finding } from '../../../../service/protocol/finding.ts';
import { Court, T0 } from '../../../support/court.ts';
import { foundAt } from '../../../support/finding.ts';

const at = (ms: number): string => new Date(T0 + ms).toISOString();

const found = (changes: Partial<Finding> = {}): Finding => foundAt(T0, changes);

/** The kinds with a finding that each of them tells of, and one that it does not. */
const KINDS: { rule: string; bad: Partial<Finding>; mild: Partial<Finding> }[] = [
  { rule: 'bottleneck', bad: { kind: 'bottleneck', measure: 50 }, mild: { measure: 49 } },
  { rule: 'trend_changed', bad: { kind: 'change', measure: 10 }, mild: { measure: -40 } },
  { rule: 'anomaly', bad: { kind: 'anomaly', measure: 99 }, mild: { measure: 98 } },
  {
    rule: 'limit_predicted',
    bad: { kind: 'prediction', measure: 1_800_000, confidence: 0.8 },
    mild: { measure: 1_800_001, confidence: 1 },
  },
];

describe('rules on what the analysis finds', () => {
  for (const { rule, bad, mild } of KINDS) {
    it(`${rule} tells of one that is enough, once, and resolves it with its end`, async () => {
      const court = new Court();
      court.define({ rule_id: rule, for_ms: 0 });
      court.findings.set(found({ ...bad, ...mild }));
      court.look();
      assert.equal(court.alerts(rule).length, 0, 'too mild');
      court.findings.set(found(bad));
      court.look();
      court.findings.set(found({ ...bad, sentence: 'Four tasks wait.' }));
      court.look();
      await court.pass(30_000);
      const [alert, ...others] = court.alerts(rule);
      assert.equal(others.length, 0);
      assert.equal(alert?.resolved_at, null);
      assert.equal(alert.job_id, 'j1');
      assert.equal(alert.phase_id, 'P1');
      assert.equal(alert.description, 'All cores are busy; 3 tasks wait.');
      court.findings.end('cpu/nightly/P1/1', at(31_000), 'The cores have room again.');
      court.look();
      const [ended] = court.alerts(rule);
      assert.notEqual(ended?.resolved_at, null);
    });
  }

  it('bottleneck tells of an impact that nobody knows only from 0 % on', () => {
    const unknown = found({ impact: null, measure: 0 });
    const alerts = (least_impact_percent: number): number => {
      const court = new Court();
      court.define({ rule_id: 'bottleneck', for_ms: 0, params: { least_impact_percent } });
      court.findings.set(unknown);
      court.look();
      return court.alerts('bottleneck').length;
    };
    assert.deepEqual([1, 0].map(alerts), [0, 1]);
  });

  it('wait as long as they say before they tell', async () => {
    const court = new Court();
    court.define({ rule_id: 'bottleneck', for_ms: 5000 });
    court.findings.set(found());
    await court.pass(4000);
    assert.equal(court.alerts('bottleneck').length, 0);
    await court.pass(2000);
    assert.equal(court.alerts('bottleneck').length, 1);
  });

  it('look at pipeline, phase, class and labels', () => {
    const court = new Court();
    const fits = (scope: object): number => {
      court.define({ rule_id: 'bottleneck', for_ms: 0, scope });
      const id = JSON.stringify(scope);
      court.findings.set(found({ finding_id: id }));
      court.look();
      return court.alerts('bottleneck').filter(({ component_id }) => component_id === id).length;
    };
    assert.equal(fits({ pipeline: 'night*', phase: 'P1', subject: 'CPU' }), 1);
    assert.equal(fits({ labels: { source: 'host' } }), 1);
    for (const other of [
      { pipeline: 'daily' },
      { phase: 'P2' },
      { worker: 'w1' },
      { subject: 'MEMORY' },
      { labels: { source: 'worker' } },
    ])
      assert.equal(fits(other), 0, JSON.stringify(other));
  });

  it('say nothing twice after a restart, and end what is not found again; a change of history stays', async () => {
    const court = new Court();
    court.define({ rule_id: 'bottleneck', for_ms: 0 });
    const change = { finding_id: 'slower', kind: 'change', class: 'slower', measure: 48 } as const;
    court.findings.set(found());
    court.findings.set(found({ finding_id: 'again' }));
    court.findings.set(found(change));
    court.look();
    court.restart();
    court.findings.set(found({ finding_id: 'again' }));
    court.look();
    await court.pass(180_000);
    const states = court
      .alerts()
      .map(({ component_id, resolved_at }) => [
        component_id,
        resolved_at === null ? 'ACTIVE' : 'RESOLVED',
      ]);
    assert.deepEqual(states.sort(), [
      ['again', 'ACTIVE'],
      ['cpu/nightly/P1/1', 'RESOLVED'],
      ['slower', 'ACTIVE'],
    ]);
  });

  it('do not tell what was noticed more than a day ago', () => {
    const court = new Court();
    court.define({ rule_id: 'bottleneck', for_ms: 0 });
    court.findings.set(found({ noticed_at: at(-90_000_000) }));
    court.look();
    assert.equal(court.alerts('bottleneck').length, 0);
  });

  it('resolve when somebody switches the rule off, or narrows it to something else', () => {
    const court = new Court();
    court.define({ rule_id: 'bottleneck', for_ms: 0 });
    court.findings.set(found());
    court.look();
    court.define({ rule_id: 'bottleneck', scope: { pipeline: 'daily' } });
    assert.notEqual(court.alerts('bottleneck')[0]?.resolved_at, null);
  });
});
