import assert from 'node:assert/strict';
import type { OptimizerRecord } from '../../../../service/protocol/optimization.ts';
import { OPTIMIZER_STATES } from '../../../../service/protocol/optimization.ts';
import {
  optimizerIcon,
  optimizerState,
  optimizerWords,
  throughputWords,
} from '../../../../webview/elements/bottlenecks/optimizerWords.ts';

const T0 = Date.UTC(2026, 10, 22, 12);

const record = (more: Partial<OptimizerRecord>): OptimizerRecord => ({
  ...{ job_id: 'j', state: 'watching', sentence: '', samples: 3, samples_needed: 8 },
  ...{ measured_by: 'items', throughput_per_s: 12.34, optimization_id: null },
  ...{ title: null, until: null },
  ...more,
});

describe('what the automatic optimiser does, in words', () => {
  const said = (more: Partial<OptimizerRecord>): string => optimizerWords(record(more), T0);
  const title = 'Workers: 2 -> 4';

  it('has a word and an icon for each state', () => {
    assert.equal(new Set(OPTIMIZER_STATES.map(optimizerState)).size, OPTIMIZER_STATES.length);
    assert.equal(new Set(OPTIMIZER_STATES.map(optimizerIcon)).size, OPTIMIZER_STATES.length);
  });

  it('says what is waited for, with the numbers', () => {
    assert.equal(said({ state: 'waiting_for_data' }), 'Not enough data: 3 of 8 samples.');
    assert.match(said({ state: 'waiting_for_data', measured_by: null }), /cannot be measured/);
    assert.equal(said({}), 'Nothing speaks for a change.');
    const state = 'waiting_for_person';
    assert.equal(said({ state, title }), 'Waits for a decision: Workers: 2 -> 4.');
  });

  it('counts down to the end of the rest, never to nothing', () => {
    const until = (ms: number) => new Date(T0 + ms).toISOString();
    const rest = (ms: number) => said({ state: 'cooling_down', until: until(ms) });
    assert.equal(rest(11_200), 'The last change is not long ago: next in 12.0 s.');
    assert.equal(rest(-5), 'The last change is not long ago: next in 1.0 s.');
    assert.equal(said({ state: 'cooling_down' }), 'The last change is not long ago.');
  });

  it('says what is being tried', () => {
    const effect = 'The effect is measured: 3 of 8 samples.';
    assert.equal(said({ state: 'measuring' }), effect);
    assert.equal(said({ state: 'measuring', title }), `${effect} Tried is Workers: 2 -> 4.`);
    const asked = said({ state: 'waiting_for_answer', title, until: new Date(T0).toISOString() });
    assert.match(asked, /^The pipeline is asked for Workers: 2 -> 4\. It may answer until /);
  });

  it('says the throughput by what it is measured by', () => {
    assert.equal(throughputWords(record({})), '12.3 items/s');
    assert.equal(throughputWords(record({ measured_by: 'tasks' })), '12.3 tasks/s');
    const progress = record({ measured_by: 'progress', throughput_per_s: 0.0125 });
    assert.equal(throughputWords(progress), 'progress 1.25 %/s');
    assert.equal(throughputWords(record({ throughput_per_s: null })), '');
  });
});
