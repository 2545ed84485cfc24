import assert from 'node:assert/strict';
import {
  type OptimizationState,
  newOptimization,
  optimizationRecord,
} from '../../../../service/core/domain/optimization.ts';
import type { OptimizationRecord } from '../../../../service/protocol/optimization.ts';
import { OPTIMIZATION_STATES } from '../../../../service/protocol/optimization.ts';
import {
  changeOf,
  effectOf,
  gainOf,
  proposalState,
  stateWords,
  titleOf,
  valueIn,
  whyOf,
} from '../../../../webview/elements/bottlenecks/proposalWords.ts';
import { proposed } from '../../../support/proposal.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

const window = (median_per_s: number, low_per_s: number, high_per_s: number) => ({
  ...{ from: '', to: '', samples: 20, median_per_s, low_per_s, high_per_s },
});

function record(changes: Partial<OptimizationRecord> = {}): OptimizationRecord {
  return {
    ...{ optimization_id: 'o-1', state: 'proposed', job_id: 'run-1', phase_id: null },
    ...{ strategy: 'concurrency_up', title: 'Workers: 2 -> 4', sentence: 'The machine is idle.' },
    ...{ parameter: 'workers', unit: null, from: 2, to: 4, action: null, params: null },
    ...{ expected_gain: 0.8, confidence: 0.6, evidence: [], finding_id: null, rollback_of: null },
    ...{ needs_person: false, decided_by: null, outcome: null, detail: null, reason: null },
    ...{ measured_gain: null, measured_by: null, p_value: null, before: null, after: null },
    ...{ proposed_at: null, expires_at: null, decided_at: null, answer_by: null },
    ...{ answered_at: null, measured_at: null, seq: 1 },
    ...changes,
  };
}

describe('a proposal in words', () => {
  it('says what is changed, and the gain as a share with its sign', () => {
    assert.equal(changeOf(record()), 'workers: 2 → 4');
    assert.equal(changeOf(record({ from: null, unit: 'MB' })), 'workers: 4 MB');
    assert.equal(changeOf(record({ to: null })), '');
    assert.equal(gainOf(record()), '+80 % throughput expected');
    assert.equal(gainOf(record({ expected_gain: null })), 'No gain of throughput is promised.');
  });

  it('reports the effect honestly: better, worse, and not before it is measured', () => {
    const measured = { before: window(10, 9, 11), after: window(14, 13, 15.5), p_value: 0.002 };
    assert.equal(effectOf(record()), '');
    assert.equal(
      effectOf(record({ ...measured, measured_gain: 0.4 })),
      '+40 % throughput measured: before 10/s (9 to 11), after 14/s (13 to 15.5); by chance alone in 0.2 % of cases.',
    );
    assert.match(effectOf(record({ ...measured, measured_gain: -0.25 })), /^-25 % throughput/);
  });

  it('has a word of its own for each state, and says why it is in it', () => {
    assert.equal(new Set(OPTIMIZATION_STATES.map(proposalState)).size, OPTIMIZATION_STATES.length);
    const refused = record({ state: 'refused', detail: 'Only 2 GPUs.', decided_by: 'ada' });
    assert.equal(whyOf(refused, NOW), 'Only 2 GPUs. Decided by ada.');
    assert.match(whyOf(record({ decided_by: 'auto' }), NOW), /automatic changes are switched on/);
    const until = new Date(NOW + 30_000).toISOString();
    assert.match(whyOf(record({ state: 'sent', answer_by: until }), NOW), /may answer until /);
    assert.equal(whyOf(record(), NOW), '');
  });

  it('says once what the service says of it: the words of the pipeline, or the figures', () => {
    const answered = { id: 'a', time: NOW, optimization_id: 'o-1' };
    const state: OptimizationState = {
      ...newOptimization('o-1'),
      proposed: proposed('o-1', {}, NOW),
      answer: {
        ...{ type: 'optimization.answered', ...answered },
        ...{ outcome: 'refused', detail: 'Only 2 GPUs.' },
      },
    };
    assert.equal(whyOf(optimizationRecord(state), NOW), 'Only 2 GPUs.');
    const measured = { before: window(10, 9, 11), after: window(14, 13, 15), measured_gain: 0.4 };
    const kept = record({ state: 'kept', ...measured, reason: 'It made the work faster.' });
    assert.equal(whyOf(kept, NOW), '');
    const left = record({ state: 'not_taken_back', ...measured, reason: 'It was not taken back.' });
    assert.equal(whyOf(left, NOW), 'It was not taken back.');
  });

  it('says who decided, and of the service why', () => {
    assert.equal(whyOf(record({ decided_by: 'a person' }), NOW), 'Decided by a person.');
    const back = record({ decided_by: 'auto', rollback_of: 'o-0' });
    assert.match(whyOf(back, NOW), /what did not help is taken back/);
  });

  it('says that an action is done, because nothing measures it', () => {
    const action = { state: 'applied', action: 'retrain', parameter: null } as const;
    assert.equal(stateWords(record(action)), 'done');
    assert.equal(stateWords(record({ state: 'applied' })), 'applied, being measured');
  });

  it('gives what speaks for it in units that people read', () => {
    assert.equal(valueIn(12.34, 'percent'), '12 %');
    assert.equal(valueIn(0.62, 'share'), '62 %');
    assert.equal(valueIn(40, 'percent of the machine'), '40 % of the machine');
    assert.equal(valueIn(4, 'cores'), '4 cores');
    assert.equal(valueIn('queue_pending is above 100', undefined), 'queue_pending is above 100');
  });

  it('is cut where somebody gave it a name without end', () => {
    assert.ok(titleOf(record({ title: 'x'.repeat(10_000) })).length <= 120);
    assert.equal(titleOf(record({ title: null, parameter: null })), 'o-1');
  });
});
