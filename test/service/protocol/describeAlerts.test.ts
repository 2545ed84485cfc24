import assert from 'node:assert/strict';
import {
  alertDescription,
  endTime,
  routedWords,
} from '../../../service/protocol/describeAlerts.ts';
import { ROUTE_OUTCOMES } from '../../../service/protocol/notification.ts';
import { alert, at, START } from '../../src/wire/records.ts';

const said = (fields: object): string =>
  alertDescription(alert({ alert_id: 'a', ...fields }), START + 240_000);

describe('what is said beside an alert', () => {
  it('is its severity and since when it waits', () => {
    assert.equal(said({}), 'warning · 4 min ago');
  });

  it('is who acknowledged it, since when and until when, so that nothing is forgotten', () => {
    const acknowledged = { acknowledged: true, acknowledged_at: at(60), acknowledged_by: 'ada' };
    assert.equal(said(acknowledged), 'warning · acknowledged by ada since 3 min ago');
    assert.equal(
      said({ ...acknowledged, acknowledged_by: null }),
      'warning · acknowledged since 3 min ago',
    );
    const until = at(960);
    assert.equal(
      said({ ...acknowledged, acknowledged_until: until }),
      `warning · acknowledged by ada since 3 min ago until ${endTime(until, START)}`,
    );
  });

  it('is that it came back, since then, and that it comes and goes', () => {
    assert.equal(
      said({ reopened_count: 1, last_raised_at: at(120) }),
      'warning · 2 min ago · came back once',
    );
    assert.equal(
      said({ reopened_count: 6, last_raised_at: at(235), flapping: true }),
      'warning · just now · came back 6 times · comes and goes',
    );
  });

  it('names a day only where the end is not near', () => {
    assert.doesNotMatch(endTime(START + 3_600_000, START), /2026/);
    assert.match(endTime(START + 7 * 86_400_000, START), /2026/);
  });

  it('has words for every way to a channel', () => {
    const words = ROUTE_OUTCOMES.map((outcome) =>
      routedWords({ channel_id: 'mail', outcome, reason: 's1' }),
    );
    assert.equal(new Set(words).size, ROUTE_OUTCOMES.length);
    assert.equal(routedWords({ channel_id: 'vscode', outcome: 'queued' }), 'shown in VS Code');
    assert.ok(words.includes('not told: silenced by s1'));
    const reasons = ['cooldown', 'rate', 'flapping', 'backlog'].map((reason) =>
      routedWords({ channel_id: 'mail', outcome: 'digest', reason }),
    );
    assert.equal(new Set(reasons).size, 4);
    assert.equal(
      routedWords({ channel_id: 'mail', outcome: 'digest', reason: 'rate' }),
      'told with the next digest: too many at once',
    );
  });
});
