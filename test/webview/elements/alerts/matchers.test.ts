import assert from 'node:assert/strict';
import { matchersOf } from '../../../../webview/elements/alerts/silences/matchers.ts';
import { alert } from '../../../fixtures/frames.ts';

describe('the silence that an alert begins', () => {
  const is = (field: string, value: string) => ({ field, op: '=', value });

  it('is for its rule, pipeline and phase, in whichever run', () => {
    const one = alert({ alert_id: 'a', rule: 'slow_phase', phase_id: 'P02', component: 'phase' });
    assert.deepEqual(matchersOf(one, 'nightly'), [
      is('rule', 'slow_phase'),
      is('pipeline', 'nightly'),
      is('phase_id', 'P02'),
    ]);
  });

  it('is for the title of an alert that no rule raised, and for the worker where it is about one', () => {
    const one = alert({ alert_id: 'a', rule: null, title: 'Disk full', phase_id: null });
    assert.deepEqual(matchersOf({ ...one, component: 'worker', component_id: 'w1' }, null), [
      is('title', 'Disk full'),
      is('worker_id', 'w1'),
    ]);
  });
});
