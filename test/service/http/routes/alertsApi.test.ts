import assert from 'node:assert/strict';
import type { AlertRecord } from '../../../../service/protocol/record.ts';
import { type Page, allPages, read, refusal } from '../../../support/rest.ts';
import {
  type TestService,
  call,
  eventually,
  send,
  useServices,
  useSharedService,
} from '../../../support/service.ts';

const MINUTE = 60_000;

interface Alerts extends Page {
  alerts: AlertRecord[];
}

describe('the routes of alerts and health', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  const begin = Date.now();
  const titles = async (path: string) =>
    (await read<Alerts>(shared(), path)).alerts.map(({ title }) => title);

  before(async () => {
    const to = shared();
    for (const [severity, component, minutes] of [
      ['CRITICAL', 'queue', 3],
      ['WARNING', 'queue', 2],
      ['WARNING', 'worker', 1],
    ] as const) {
      const time = begin - minutes * MINUTE;
      await send(to, {
        type: 'alert.raised',
        title: `${severity} ${component}`,
        severity,
        component,
        time,
      });
    }
  });

  describe('GET /alerts', () => {
    it('active: the worst first, filtered', async () => {
      assert.deepEqual(await titles('/alerts/active'), [
        'CRITICAL queue',
        'WARNING worker',
        'WARNING queue',
      ]);
      assert.deepEqual(await titles('/alerts/active?component=queue&severity=warning'), [
        'WARNING queue',
      ]);
      assert.deepEqual(
        await titles('/alerts/active?severity=CRITICAL,WARNING&acknowledged=true'),
        [],
      );
      assert.deepEqual(
        await titles(`/alerts/active?from=${begin - 2.5 * MINUTE}&to=${begin - 1.5 * MINUTE}`),
        ['WARNING queue'],
      );
    });

    it('history: those raised last first, resolved ones too, in pages', async () => {
      const all = await allPages<AlertRecord>(shared(), '/alerts/history', {
        name: 'alerts',
        limit: 2,
      });
      assert.deepEqual(
        all.map(({ title }) => title),
        ['WARNING worker', 'WARNING queue', 'CRITICAL queue'],
      );
      assert.deepEqual(await titles('/alerts/history?active=false'), []);
      for (const [path, field] of [
        ['/alerts/active?severity=bad', '/severity'],
        ['/alerts/history?active=perhaps', '/active'],
        ['/alerts/history?from=x', '/from'],
        ['/alerts/history?cursor=x', '/cursor'],
      ] as const)
        assert.equal((await refusal(shared(), path)).field, field, path);
    });
  });

  describe('POST /alerts/configure', () => {
    const start = useServices();
    const configure = (to: TestService, body: unknown) =>
      call(to, '/alerts/configure', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const DEFAULTS = {
      error_rate_percent: 5,
      response_time_ms: 500,
      accuracy_degradation_percent: 20,
      cache_hit_rate_percent: 50,
      resource_percent: 80,
    };

    it('changes the limits it names, keeps the others, and both over a restart', async () => {
      const first = await start();
      const answers: unknown[] = [];
      for (const body of [{}, { response_time_ms: 250.5 }, { resource_percent: 95 }]) {
        const response = await configure(first, body);
        assert.equal(response.status, 200);
        answers.push(await response.json());
      }
      assert.deepEqual(answers, [
        DEFAULTS,
        { ...DEFAULTS, response_time_ms: 250.5 },
        { ...DEFAULTS, response_time_ms: 250.5, resource_percent: 95 },
      ]);
      // The first one said nothing: it is no change.
      assert.equal(first.service.monitor.settings.revision, 2);
      await first.stop();
      const second = await start({ dataDir: first.dataDir });
      assert.deepEqual(await (await configure(second, {})).json(), answers[2]);
    });

    it('takes changes that come at the same moment one after the other', async () => {
      const to = await start();
      const bodies = [{ response_time_ms: 1 }, { resource_percent: 2 }, { error_rate_percent: 3 }];
      const responses = await Promise.all(bodies.map((body) => configure(to, body)));
      assert.deepEqual(
        responses.map(({ status }) => status),
        [200, 200, 200],
      );
      assert.deepEqual(
        await (await configure(to, {})).json(),
        Object.assign({}, DEFAULTS, ...bodies),
      );
    });

    it('refuses what it does not know or cannot be, naming the field', async () => {
      for (const [body, field] of [
        [{ error_rate_percent: 101 }, '/error_rate_percent'],
        [{ error_rate_percent: '5' }, '/error_rate_percent'],
        [{ response_time_ms: 0 }, '/response_time_ms'],
        [{ cache_hit_rate_percent: -1 }, '/cache_hit_rate_percent'],
        [{ latency: 5 }, '/latency'],
        [[], undefined],
        ['{', undefined],
      ] as const) {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const problem = await refusal(shared(), '/alerts/configure', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: text,
        });
        assert.deepEqual([problem.status, problem.code], [400, 'BODY_INVALID'], text);
        if (field !== undefined) assert.equal(problem.field, field);
      }
      assert.deepEqual(await (await configure(shared(), {})).json(), DEFAULTS);
    });
  });

  describe('GET /health', () => {
    interface Health {
      status: string;
      reasons: string[];
      alerts_critical: number;
      storage: string;
      health_score: number;
    }

    it('is degraded by a critical alert or a bad score, and says so', async () => {
      for (const path of ['/health', '/api/health']) {
        const health = await read<Health>(shared(), path);
        assert.equal(health.status, 'DEGRADED');
        assert.ok(health.reasons.includes('Critical alert: CRITICAL queue'));
        assert.deepEqual([health.alerts_critical, health.storage], [1, 'open']);
      }
    });

    it('needs a token', async () => {
      const response = await fetch(`${shared().url}/health`);
      assert.equal(response.status, 401);
    });

    it('has one reason less when the alert was resolved', async () => {
      const { service } = shared();
      const { alerts } = await read<Alerts>(shared(), '/alerts/active?severity=CRITICAL');
      const [alert] = alerts;
      assert.ok(alert);
      await service.monitor.append([
        { type: 'alert.resolved', id: 'r1', time: Date.now(), alert_id: alert.alert_id },
      ]);
      await eventually(
        async () => (await titles('/alerts/history?active=false')).length === 1,
        'resolved',
      );
      const health = await read<Health>(shared(), '/health');
      assert.ok(health.reasons.every((reason) => !reason.startsWith('Critical alert')));
    });
  });
});
