import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempDir } from '../support/tempDir.ts';
import { QUIET_SETTINGS, withConfig } from './support/config.ts';
import { useReceiver, webhookTo } from './support/receiver.ts';
import { eventually, services } from './support/service.ts';

const STOPPED_MS = 5000;
const ALERTS = 30;

describe('alerts of a service that was stopped for a while', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('alert-pause');
  const receiver = useReceiver();

  it('are told once each when it wakes, ten a minute at most, the rest in a digest', async function () {
    this.timeout(120_000);
    const alerting = { group_wait_ms: 0, rate_per_minute: 10 };
    const service = await start(folder(), { env: withConfig({ ...QUIET_SETTINGS, alerting }) });
    const body = JSON.stringify(webhookTo(receiver().url));
    assert.equal((await service.ask('POST', '/api/v1/channels', body)).status, 201);
    receiver().answer = (response) => response.writeHead(503).end();
    const events = Array.from({ length: ALERTS }, (_, n) => ({
      ...{ type: 'alert.raised', id: `alert-${n}`, title: `Alert ${n}`, severity: 'ERROR' },
      ...{ component: 'thing', component_id: `${n}` },
    }));
    await service.send(events);
    await eventually('a first try', () => receiver().deliveries.length > 0);
    process.kill(service.ready.pid, 'SIGSTOP');
    await sleep(STOPPED_MS);
    receiver().answer = (response) => response.writeHead(200).end();
    const before = receiver().deliveries.length;
    process.kill(service.ready.pid, 'SIGCONT');
    const taken = () => receiver().deliveries.slice(before);
    await eventually('ten are told', () => new Set(taken().map(({ id }) => id)).size >= 10, 60_000);
    await sleep(2000);
    const ids = taken().map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'one was told twice after it was taken');
    assert.equal(ids.length, 10);
    const alerts = await service.alerts();
    assert.equal(alerts.length, ALERTS, 'the standstill raised alerts of its own');
    const outcomes = alerts.map(({ routed }) => routed?.find((one) => one.channel_id === 'hook'));
    assert.equal(outcomes.filter((one) => one?.outcome === 'queued').length, 10);
    assert.equal(outcomes.filter((one) => one?.reason === 'rate').length, ALERTS - 10);
  });

  it('do not begin by the time in which nobody looked: what has to last is counted by what was seen', async function () {
    this.timeout(60_000);
    const service = await start(folder(), { env: withConfig(QUIET_SETTINGS) });
    const rule = {
      ...{ rule_id: 'hot', name: 'Hot', kind: 'threshold', for_ms: 3000 },
      params: {
        ...{ metric: 'heat', labels: {}, group_by: [], aggregation: 'last' },
        ...{ range_ms: 60_000, direction: 'above', value: 50 },
      },
    };
    assert.equal((await service.ask('POST', '/api/v1/rules', JSON.stringify(rule))).status, 201);
    const heat = (value: number) =>
      service.send([{ type: 'metric.recorded', name: 'heat', value }]);
    await heat(99);
    await sleep(500);
    process.kill(service.ready.pid, 'SIGSTOP');
    await sleep(STOPPED_MS);
    process.kill(service.ready.pid, 'SIGCONT');
    // Looks of the judge, each of which would have taken the standstill for heat.
    await sleep(1500);
    assert.deepEqual(await service.alerts(), []);
    await eventually(
      'what lasts is told',
      async () => (await service.alerts()).length === 1,
      10_000,
    );
  });
});
