import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { AlertRecord } from '../../../../service/protocol/record.ts';
import { corpus, needsCorpus } from '../../../support/corpus.ts';
import { refusal } from '../../../support/rest.ts';
import { type TestService, getJson, journalBytes, useServices } from '../../../support/service.ts';

const QUIET = { config: { sampling: { host_interval_ms: 0 } } };
const JSON_TYPE = { 'content-type': 'application/json' };
const HOUR = 3_600_000;

interface Received {
  accepted: number;
  duplicates: number;
  resolved: number;
  rejected: object[];
}

interface Delivery {
  name: string;
  status: 'firing' | 'resolved';
}

describe('POST /ingest/alertmanager', () => {
  const start = useServices();
  const begin = Date.now() - HOUR;

  function bodyOf(deliveries: readonly Delivery[]): string {
    const alerts = deliveries.map(({ name, status }) => ({
      ...{ status, labels: { alertname: name, severity: 'critical' } },
      startsAt: new Date(begin).toISOString(),
      endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date(begin + 60_000).toISOString(),
    }));
    return JSON.stringify({ version: '4', status: 'firing', alerts });
  }

  async function post(
    to: TestService,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Received> {
    const authorization = `Bearer ${to.tokens.ingest}`;
    const response = await fetch(`${to.url}/ingest/alertmanager`, {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization, ...headers },
      body: new Uint8Array(Buffer.from(body as string)),
    });
    const answer = (await response.json()) as Received;
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  }

  const alertsOf = async (of: TestService) =>
    (await getJson<{ alerts: AlertRecord[] }>(of, '/api/v1/alerts')).alerts;

  it('raises an alert once, however often it is sent, and resolves it', async () => {
    const to = await start(QUIET);
    const firing = bodyOf([{ name: 'Full', status: 'firing' }]);
    const first = await post(to, firing);
    assert.deepEqual([first.accepted, first.duplicates, first.resolved], [1, 0, 0]);
    const again = await post(to, gzipSync(firing), { 'content-encoding': 'gzip' });
    assert.deepEqual([again.accepted, again.duplicates, again.resolved], [0, 1, 0]);
    const [alert, ...others] = await alertsOf(to);
    assert.ok(alert && others.length === 0);
    const { title, severity, active, rule, raised_at, tags } = alert;
    assert.deepEqual([title, severity, active, rule], ['Full', 'CRITICAL', true, null]);
    assert.equal(Date.parse(raised_at), begin);
    assert.deepEqual(tags, { alertname: 'Full', severity: 'critical' });
    const over = bodyOf([{ name: 'Full', status: 'resolved' }]);
    assert.equal((await post(to, over)).resolved, 1);
    assert.equal((await post(to, over)).resolved, 0);
    // A repetition that was under way when it ended opens nothing.
    await post(to, firing);
    const [ended] = await alertsOf(to);
    assert.deepEqual([ended?.active, ended?.resolved_by], [false, null]);
    assert.equal(Date.parse(ended?.resolved_at ?? ''), begin + 60_000);
  });

  it('knows it after a restart', async () => {
    const first = await start(QUIET);
    await post(first, bodyOf([{ name: 'Full', status: 'firing' }]));
    await first.stop();
    const second = await start({ ...QUIET, dataDir: first.dataDir });
    assert.equal((await post(second, bodyOf([{ name: 'Full', status: 'firing' }]))).duplicates, 1);
    assert.equal((await alertsOf(second)).length, 1);
  });

  it('comes to the same alerts, however the deliveries are ordered and repeated', async function () {
    this.timeout(60_000);
    const all: Delivery[] = ['A', 'B', 'C'].flatMap((name): Delivery[] => [
      { name, status: 'firing' },
      ...(name === 'C' ? [] : ([{ name, status: 'resolved' }] as const)),
    ]);
    const summary = (alerts: AlertRecord[]) =>
      alerts
        .map(({ alert_id, title, active, raised_at, resolved_at }) => ({
          ...{ alert_id, title, active, raised_at, resolved_at },
        }))
        .sort((a, b) => (a.alert_id < b.alert_id ? -1 : 1));
    const expected = await start(QUIET);
    await post(expected, bodyOf(all));
    const wanted = summary(await alertsOf(expected));
    assert.deepEqual(wanted.map(({ active }) => active).sort(), [false, false, true]);
    const order = fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length });
    await fc.assert(
      fc.asyncProperty(order, fc.integer({ min: 1, max: 4 }), async (deliveries, size) => {
        const to = await start(QUIET);
        for (let i = 0; i < deliveries.length; i += size)
          await post(to, bodyOf(deliveries.slice(i, i + size)));
        assert.deepEqual(summary(await alertsOf(to)), wanted);
      }),
      { numRuns: 8 },
    );
  });

  it('refuses what is no webhook of it, and writes nothing', async () => {
    const to = await start(QUIET);
    const before = await journalBytes(to.dataDir);
    for (const [body, field] of [
      ['{', undefined],
      ['{}', '/alerts'],
      ['{"version":"1","alerts":[]}', '/version'],
    ] as const) {
      const problem = await refusal(to, '/ingest/alertmanager', {
        ...{ method: 'POST', headers: JSON_TYPE, body },
      });
      assert.deepEqual([problem.status, problem.code, problem.field], [400, 'BODY_INVALID', field]);
    }
    const answer = await post(to, '{"version":"4","alerts":[{"labels":{}}]}');
    assert.deepEqual([answer.accepted, answer.rejected.length], [0, 1]);
    assert.equal(await journalBytes(to.dataDir), before);
  });

  describe('as it was recorded', () => {
    needsCorpus('prometheus');

    it('becomes alerts', async () => {
      const to = await start(QUIET);
      const file = corpus('prometheus', 'recorded', 'alertmanager_webhook-a.ndjson');
      for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
        const { body } = JSON.parse(line) as { body: string };
        const { accepted, rejected } = await post(to, body);
        assert.deepEqual([accepted, rejected], [1, []]);
      }
      const [alert] = await alertsOf(to);
      assert.equal(alert?.title, 'InstanceDown');
      assert.match(alert.description, /has been down for more than 5 minutes/);
      assert.match(String(alert.metadata['generatorURL']), /^http:\/\/vm:29090\/graph/);
    });
  });
});
