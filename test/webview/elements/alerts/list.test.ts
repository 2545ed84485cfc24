import assert from 'node:assert/strict';
import {
  alertsOf,
  alertsPath,
  EVERY_ALERT,
  measured,
} from '../../../../webview/elements/alerts/list.ts';
import { alert } from '../../../fixtures/frames.ts';

const at = (minute: number): string => new Date(minute * 60_000).toISOString();

describe('the list of alerts', () => {
  it('has each open alert in one tab, the worst first, then the newest', () => {
    const all = [
      alert({ alert_id: 'old', raised_at: at(1) }),
      alert({ alert_id: 'new', raised_at: at(2) }),
      alert({ alert_id: 'bad', raised_at: at(0), severity: 'CRITICAL' }),
      alert({ alert_id: 'seen', acknowledged: true }),
      alert({ alert_id: 'over', active: false, acknowledged: true, resolved_at: at(3) }),
    ];
    const ids = (tab: 'active' | 'acknowledged'): string[] =>
      alertsOf(all, tab).map(({ alert_id }) => alert_id);
    assert.deepEqual([ids('active'), ids('acknowledged')], [['bad', 'new', 'old'], ['seen']]);
  });

  it('says the value and the limit with their unit', () => {
    const of = (metric: string, value: number, threshold: number | null): string =>
      measured(alert({ alert_id: 'x', metric, value, threshold }));
    assert.equal(of('cpu_percent', 96, 90), 'CPU 96 %, limit 90 %');
    assert.equal(of('execution_time_ms', 28_300, null), 'execution time 28.3 s');
    assert.equal(of('memory_mb', 2048, 512), 'memory 2.0 GB, limit 512 MB');
    assert.equal(of('error_count', 12, 10), 'error count 12, limit 10');
    assert.equal(measured(alert({ alert_id: 'x' })), '');
  });

  it('asks for past alerts by state, severity, text and days, the newest first', () => {
    const asked = (filter: Partial<typeof EVERY_ALERT>): Record<string, string> =>
      Object.fromEntries(
        new URL(alertsPath({ ...EVERY_ALERT, ...filter }, 86_400_000), 'http://x').searchParams,
      );
    const always = { order: 'newest', to: '86400000' };
    assert.deepEqual(asked({}), always);
    assert.deepEqual(asked({ state: 'resolved' }), { ...always, active: 'false' });
    assert.deepEqual(asked({ state: 'acknowledged', severity: 'ERROR' }), {
      ...{ ...always, active: 'true', acknowledged: 'true', severity: 'ERROR' },
    });
    assert.deepEqual(asked({ text: ' a&b ', days: 1 }), { ...always, text: 'a&b', from: '0' });
  });
});
