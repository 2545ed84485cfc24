import assert from 'node:assert/strict';
import { routeText } from '../../../../webview/elements/alerts/routes.ts';
import { matchersOf } from '../../../../webview/elements/alerts/silences/matchers.ts';
import { ROUTE_OUTCOMES } from '../../../../service/protocol/notification.ts';
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

describe('what became of an alert on its way to a channel', () => {
  it('is said for every outcome', () => {
    const texts = ROUTE_OUTCOMES.map((outcome) =>
      routeText({ channel_id: 'slack', outcome, reason: 'because' }),
    );
    assert.equal(new Set(texts).size, ROUTE_OUTCOMES.length);
    const reasons = ['cooldown', 'rate', 'flapping', 'other'].map((reason) =>
      routeText({ channel_id: 'slack', outcome: 'digest', reason }),
    );
    assert.equal(new Set(reasons).size, 4);
  });
});
