import assert from 'node:assert/strict';
import type { AlertRecord } from '../../../../service/protocol/record.ts';
import { ask } from '../../../support/definitions.ts';
import { type TestService, eventually, send, useServices } from '../../../support/service.ts';
import { Client } from '../../ws/client.ts';

const QUIET = { config: { sampling: { host_interval_ms: 0 } } };
const alertOf = (id: string, more: object = {}) => ({
  ...{ type: 'alert.raised', id, title: id, severity: 'ERROR', component: 'disk' },
  ...more,
});

describe('what people do with alerts, by REST', () => {
  const start = useServices();
  const get = async (to: TestService, id: string) =>
    (await ask(to, `GET /api/v1/alerts/${id}`)).body as unknown as AlertRecord;

  it('acknowledge with a note and for a time, take back, resolve: each says who', async () => {
    const to = await start(QUIET);
    await send(to, alertOf('a'));
    const begin = Date.now();
    const acknowledged = (
      await ask(to, 'POST /api/v1/alerts/a/acknowledge', {
        body: { by: 'Ada', note: 'known', for_ms: 60_000 },
      })
    ).body as unknown as AlertRecord;
    assert.deepEqual(
      [acknowledged.acknowledged, acknowledged.acknowledged_by, acknowledged.note],
      [true, 'Ada', 'known'],
    );
    const until = Date.parse(acknowledged.acknowledged_until ?? '');
    assert.ok(until >= begin + 60_000 && until <= Date.now() + 60_000);
    // The first one stands.
    await ask(to, 'POST /api/v1/alerts/a/acknowledge', { body: { by: 'Bob' } });
    assert.equal((await get(to, 'a')).acknowledged_by, 'Ada');
    await ask(to, 'POST /api/v1/alerts/a/unacknowledge', { body: { by: 'Bob' } });
    assert.equal((await get(to, 'a')).acknowledged, false);
    await ask(to, 'POST /api/v1/alerts/a/resolve', { body: { by: 'Eve', note: 'mended' } });
    const { active, resolved_by, resolve_reason } = await get(to, 'a');
    assert.deepEqual([active, resolved_by, resolve_reason], [false, 'Eve', 'mended']);
  });

  it('acknowledge many, by their ids or all of a job, and list those of longest ago first', async () => {
    const to = await start(QUIET);
    const ids = ['a', 'b', 'c', 'd'];
    await send(
      to,
      ids.map((id) => alertOf(id, id > 'b' ? { job_id: 'j' } : {})),
    );
    const path = 'POST /api/v1/alerts/acknowledge';
    const some = await ask(to, path, { body: { ids: ['b', 'gone', 'b'], by: 'Ada' } });
    assert.deepEqual(some.body, { acknowledged: 1, unknown: ['gone'] });
    const job = await ask(to, path, { body: { all: true, job_id: 'j' } });
    assert.equal(job.body['acknowledged'], 2);
    const all = await ask(to, path, { body: { all: true } });
    assert.deepEqual(all.body, { acknowledged: 1, unknown: [] });
    const { alerts } = (await ask(to, 'GET /api/v1/alerts?order=acknowledged&rule=external'))
      .body as unknown as { alerts: AlertRecord[] };
    assert.deepEqual([alerts[0]?.alert_id, alerts.at(-1)?.alert_id], ['b', 'a']);
  });

  it('is refused with the field where it is wrong', async () => {
    const to = await start(QUIET);
    await send(to, alertOf('a'));
    for (const [path, body, code, field] of [
      ['a/acknowledge', { for_ms: 1 }, 'BODY_INVALID', '/for_ms'],
      ['a/acknowledge', { note: 7 }, 'BODY_INVALID', '/note'],
      ['a/acknowledge', { who: 'x' }, 'BODY_INVALID', '/who'],
      ['gone/acknowledge', {}, 'ALERT_UNKNOWN', undefined],
      ['gone/resolve', {}, 'ALERT_UNKNOWN', undefined],
      ['acknowledge', {}, 'BODY_INVALID', '/ids'],
      ['acknowledge', { ids: [], all: true }, 'BODY_INVALID', '/ids'],
      ['acknowledge', { ids: [], job_id: 'j' }, 'BODY_INVALID', '/job_id'],
    ] as const) {
      const answer = await ask(to, `POST /api/v1/alerts/${path}`, { body });
      assert.deepEqual([answer.code, answer.fields[0]], [code, field], path);
    }
    assert.equal((await get(to, 'a')).acknowledged, false);
  });
});

describe('commands about rules, channels and silences, on the WebSocket', () => {
  const start = useServices();
  const clients: Client[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.end();
  });

  it('answer the record, name wrong fields, and tell every window that something changed', async () => {
    const to = await start(QUIET);
    const client = await Client.watch(to, ['alerts']);
    const other = await Client.watch(to, ['alerts']);
    clients.push(client, other);
    const rule = { name: 'Slow', kind: 'slow_phase', params: { threshold_ms: 1000 } };
    const told = other.records.length;
    const made = await client.command('rule.set', { rule, revision: 0, by: 'Ada' });
    assert.ok(made.type === 'result' && made.ok);
    const { rule_id, revision, changed_by } = made.body as Record<string, unknown>;
    assert.deepEqual([rule_id, revision, changed_by], ['slow', 1, 'Ada']);
    await eventually(
      () => other.records.slice(told).some(({ definitions }) => definitions === true),
      'The other window is told',
    );
    const wrong = await client.command('rule.set', {
      rule: { rule_id: 'slow', severity: 'BAD', params: { threshold_ms: -1 } },
    });
    assert.ok(wrong.type === 'result' && !wrong.ok);
    assert.equal(wrong.code, 'RULE_INVALID');
    assert.deepEqual(wrong.errors?.map(({ path }) => path).sort(), [
      '/params/threshold_ms',
      '/severity',
    ]);
    const late = await client.command('rule.set', { rule: { rule_id: 'slow' }, revision: 0 });
    assert.ok(late.type === 'result' && !late.ok && late.code === 'DEFINITION_CHANGED');
    const gone = await client.command('rule.reset', { rule_id: 'slow', by: 'Ada' });
    assert.ok(gone.type === 'result' && gone.ok && gone.body === null);
  });

  it('take a secret of a window for as long as the service runs, and show it to nobody', async () => {
    const to = await start(QUIET);
    const client = await Client.watch(to, ['alerts']);
    clients.push(client);
    const channel = { channel_id: 'ops', name: 'Ops', kind: 'slack' };
    await client.command('channel.set', { channel });
    const url = 'https://hooks.slack.com/services/T0/B0/secret-of-a-window';
    const answer = await client.command('channel.secrets', {
      ...{ channel_id: 'ops', secrets: { url } },
    });
    assert.ok(answer.type === 'result' && answer.ok);
    const { secrets, state } = answer.body as { secrets: object; state: string };
    assert.deepEqual([secrets, state], [{ url: 'window' }, 'UNUSED']);
    assert.ok(!JSON.stringify(client.frames).includes('secret-of-a-window'));
    assert.ok(!to.log.join('\n').includes('secret-of-a-window'));
    const tested = await client.command('channel.test', { channel_id: 'log' });
    assert.ok(tested.type === 'result' && tested.ok);
    assert.equal((tested.body as { ok: boolean }).ok, true);
  });
});
