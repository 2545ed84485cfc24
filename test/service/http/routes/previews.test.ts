import assert from 'node:assert/strict';
import {
  type TestService,
  call,
  eventually,
  send,
  useSharedService,
} from '../../../support/service.ts';
import { Client } from '../../ws/client.ts';

const params = { threshold_ms: 500, aggregation: 'avg', range_ms: 300_000, least: 20 };
const RULE = { rule_id: 'slow', name: 'Slow', kind: 'response_time', params };
const PATH = '/api/v1/rules/preview?hours=720';

function ask(to: TestService, signal?: AbortSignal): Promise<Response> {
  return call(to, PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(RULE),
    ...(signal && { signal }),
  });
}

/** Milliseconds that a preview takes by itself. */
async function timeOf(to: TestService): Promise<number> {
  const before = performance.now();
  const answer = await ask(to);
  assert.equal(answer.status, 200, await answer.text());
  return performance.now() - before;
}

describe('previews of rules', function () {
  this.timeout(60_000);
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  before(async () => {
    const now = Date.now();
    for (let hour = 1; hour <= 20; hour++)
      await send(
        shared(),
        Array.from({ length: 100 }, (_, n) => ({
          ...{ type: 'request.recorded', endpoint: `/e${n}`, method: 'GET', status_code: 200 },
          ...{ duration_ms: 100, time: now - hour * 3_600_000 },
        })),
      );
  });

  it('are made two at a time; others are asked to come again', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(shared())));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 200, 503, 503]);
    const refused = answers.find(({ status }) => status === 503);
    assert.equal(refused?.headers.get('retry-after'), '2');
    const { code, detail } = (await refused.json()) as { code: string; detail: string };
    assert.deepEqual([code, /Ask again/.test(detail)], ['OVERLOADED', true]);
    await timeOf(shared());
  });

  it('end when the one who asked has gone: the next need not wait for them', async () => {
    const alone = await timeOf(shared());
    const gone = new AbortController();
    const left = [1, 2].map(() => ask(shared(), gone.signal).catch((error: unknown) => error));
    await eventually(async () => (await ask(shared())).status === 503, 'Both go on');
    gone.abort();
    const before = performance.now();
    await Promise.all(left);
    await eventually(async () => (await ask(shared())).status === 200, 'There is room');
    const took = performance.now() - before;
    assert.ok(took < alone * 2, `${took} ms, one alone ${alone} ms`);
  });

  it('end with the socket that they were asked by', async () => {
    const client = await Client.hello(shared());
    const value = { command: 'rule.preview', rule: RULE, hours: 720 };
    for (const ref of [1, 2]) client.send({ type: 'command', ref, ...value });
    await eventually(async () => (await ask(shared())).status === 503, 'Both go on');
    client.socket.terminate();
    await eventually(async () => (await ask(shared())).status === 200, 'There is room');
  });
});
