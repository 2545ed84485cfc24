import assert from 'node:assert/strict';
import type { AlertRecord } from '../../../../service/protocol/record.ts';
import { call, getJson, send, useServices } from '../../../support/service.ts';

describe('GET /api/v1/alerts by state', () => {
  const start = useServices();

  it('answers those that have come so far, each in one state', async () => {
    const to = await start({ config: { sampling: { host_interval_ms: 0 } } });
    const about = { type: 'alert.raised', severity: 'WARNING', component: 'disk' };
    const time = Date.now() - 60_000;
    const idOf = (title: string) => `alert-of-${title}`;
    const titles = ['fresh', 'seen', 'over', 'seen-over'];
    await send(
      to,
      titles.map((title) => ({ ...about, id: idOf(title), component_id: title, title, time })),
    );
    const mark = async (what: string, title: string) => {
      const path = `/api/v1/alerts/${idOf(title)}/${what}`;
      const headers = { 'content-type': 'application/json' };
      const answer = await call(to, path, { method: 'POST', headers, body: '{}' });
      assert.equal(answer.status, 200);
    };
    for (const title of ['seen', 'seen-over']) await mark('acknowledge', title);
    for (const title of ['over', 'seen-over']) await mark('resolve', title);
    const found = async (state: string) => {
      const path = `/api/v1/alerts?state=${state}`;
      const { alerts } = await getJson<{ alerts: AlertRecord[] }>(to, path);
      return alerts.map(({ title }) => title).sort();
    };
    assert.deepEqual(await found('active'), ['fresh']);
    assert.deepEqual(await found('acknowledged'), ['seen']);
    assert.deepEqual(await found('resolved'), ['over', 'seen-over']);
    assert.deepEqual(await found('active,Acknowledged'), ['fresh', 'seen']);
    const page = await getJson<{ total: number; truncated: boolean; alerts: AlertRecord[] }>(
      to,
      '/api/v1/alerts?state=resolved&limit=1',
    );
    assert.deepEqual([page.total, page.truncated, page.alerts.length], [2, true, 1]);
    const refused = await call(to, '/api/v1/alerts?state=pending');
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /Choose from active, acknowledged, resolved/);
  });
});
