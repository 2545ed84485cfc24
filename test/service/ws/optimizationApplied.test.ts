import assert from 'node:assert/strict';
import type { OptimizationRecord } from '../../../service/protocol/optimization.ts';
import { proposed } from '../../support/proposal.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  useServices,
} from '../../support/service.ts';
import { Client } from './client.ts';

describe('OptimizationApplied over /ws', () => {
  const start = useServices();
  const applied = (client: Client) =>
    client.messages.filter(({ type }) => type === 'OptimizationApplied');

  const prepared = async (to: TestService, id: string, job_id: string) => {
    await send(to, { type: 'job.started', job_id });
    await to.service.monitor.append([proposed(id, { job_id })]);
    const path = `/api/v1/optimizations/${id}/apply`;
    const headers = { 'content-type': 'application/json' };
    assert.equal((await call(to, path, { method: 'POST', headers, body: '{}' })).status, 200);
  };
  const answer = (to: TestService, optimization_id: string, outcome: string) =>
    send(to, { type: 'optimization.answered', optimization_id, outcome, detail: `${outcome}.` });

  it('comes when the pipeline has applied it: once, with its words, and not when it refused', async () => {
    const to = await start();
    const client = await Client.hello(to, { topics: ['events'] });
    await prepared(to, 'o-1', 'run-1');
    await prepared(to, 'o-2', 'run-2');
    assert.deepEqual(applied(client), []);
    await answer(to, 'o-2', 'refused');
    await answer(to, 'o-1', 'applied');
    await eventually(() => applied(client).length > 0, 'The message');
    const record = () => getJson<OptimizationRecord>(to, '/api/v1/optimizations/o-1');
    const { answered_at } = await record();
    const [message] = applied(client);
    assert.deepEqual(message, {
      type: 'OptimizationApplied',
      seq: message && 'seq' in message ? message.seq : null,
      data: { optimization_id: 'o-1', outcome: 'applied', detail: 'applied.', answered_at },
    });
    // Its effect is told by REST; here it is no second one.
    await eventually(async () => (await record()).state === 'unmeasured', 'It was measured');
    await send(to, { type: 'job.completed', job_id: 'run-1' });
    const isOver = () => client.messages.some(({ type }) => type === 'job_completed');
    await eventually(isOver, 'What came after it');
    assert.equal(applied(client).length, 1);
  });

  it('comes once to who was away when it was applied, and not again to who has it', async () => {
    const to = await start();
    const first = await Client.hello(to, { topics: ['events'] });
    await prepared(to, 'o-1', 'run-1');
    await eventually(() => first.messages.length > 0, 'The first message');
    const since = Math.max(...first.messages.map((one) => ('seq' in one ? one.seq : 0)));
    first.socket.close();
    await answer(to, 'o-1', 'applied');
    const second = await Client.hello(to, { topics: ['events'], since });
    await eventually(() => applied(second).length > 0, 'What was missed');
    assert.equal(applied(second).length, 1);
    const [{ seq } = { seq: 0 }] = applied(second) as { seq: number }[];
    await eventually(async () => {
      const one = await getJson<OptimizationRecord>(to, '/api/v1/optimizations/o-1');
      return one.state === 'unmeasured';
    }, 'It was measured');
    const third = await Client.hello(to, { topics: ['events'], since: seq });
    await send(to, { type: 'job.completed', job_id: 'run-1' });
    const isOver = () => third.messages.some(({ type }) => type === 'job_completed');
    await eventually(isOver, 'What came after it');
    assert.deepEqual(applied(third), []);
  });
});
