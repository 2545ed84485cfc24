import assert from 'node:assert/strict';
import type {
  ControlAnswer,
  OptimizationRecord,
  OptimizerRecord,
} from '../../../../service/protocol/optimization.ts';
import { proposed } from '../../../support/proposal.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  startService,
  useServices,
} from '../../../support/service.ts';
import { removeTempDir } from '../../../support/tempDir.ts';

interface Problem {
  code: string;
  detail: string;
  errors: { path: string }[];
}

describe('the control side', () => {
  const start = useServices();

  const control = async (to: TestService, query: string, token = to.tokens.ingest) => {
    const response = await fetch(`${to.url}/api/v1/control?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    return (await response.json()) as ControlAnswer;
  };
  const decide = (to: TestService, id: string, what: string, body: object = {}) =>
    call(to, `/api/v1/optimizations/${id}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const invoke = (to: TestService, action: string, body: object = {}) =>
    call(to, `/api/v1/actions/${action}/invoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const invoked = async (to: TestService, action: string, body: object) => {
    const response = await invoke(to, action, body);
    assert.equal(response.status, 202);
    return (await response.json()) as OptimizationRecord;
  };
  const prepared = async (to: TestService, id = 'o-1', job_id = 'run-1') => {
    await send(to, { type: 'job.started', job_id });
    await to.service.monitor.append([proposed(id, { job_id })]);
  };

  it('asks nothing before a person applied, then only the job that is named', async () => {
    const to = await start();
    await prepared(to);
    assert.deepEqual((await control(to, 'job_id=run-1')).requests, []);
    const waiting = control(to, 'job_id=run-1&wait_ms=10000');
    const other = control(to, 'job_id=run-2&wait_ms=1000');
    assert.equal((await decide(to, 'o-1', 'apply', { by: 'Ada' })).status, 200);
    const { requests, seq } = await waiting;
    const [request] = requests;
    assert.deepEqual(
      [request?.optimization_id, request?.parameter, request?.value, request?.rollback],
      ['o-1', 'workers', 4, false],
    );
    assert.deepEqual((await other).requests, []);
    assert.deepEqual((await control(to, `job_id=run-1&after=${seq}`)).requests, []);
    assert.equal((await control(to, 'job_id=run-1')).requests.length, 1);
    await send(to, {
      ...{ type: 'optimization.answered', optimization_id: 'o-1' },
      ...{ outcome: 'refused', detail: 'The queue is full.' },
    });
    assert.deepEqual((await control(to, 'job_id=run-1')).requests, []);
    const record = await getJson<OptimizationRecord>(to, '/api/v1/optimizations/o-1');
    assert.deepEqual([record.state, record.detail], ['refused', 'The queue is full.']);
    assert.equal(record.reason, null);
  });

  it('is decided once', async () => {
    const to = await start();
    await prepared(to);
    assert.equal((await decide(to, 'o-1', 'dismiss', { note: 'not now' })).status, 200);
    for (const what of ['apply', 'dismiss']) {
      const again = await decide(to, 'o-1', what);
      assert.equal(again.status, 409);
      assert.equal(((await again.json()) as { code: string }).code, 'OPTIMIZATION_DECIDED');
    }
    assert.equal((await decide(to, 'nobody', 'apply')).status, 404);
  });

  it('lets one change of a job be under way, and none of a job that has ended', async () => {
    const to = await start();
    await prepared(to);
    await to.service.monitor.append([proposed('o-2', { to: 8 })]);
    assert.equal((await decide(to, 'o-1', 'apply')).status, 200);
    const second = await decide(to, 'o-2', 'apply');
    assert.equal(((await second.json()) as { code: string }).code, 'OPTIMIZATION_BUSY');
    await send(to, { type: 'job.completed', job_id: 'run-1' });
    assert.equal((await decide(to, 'o-2', 'apply')).status, 409);
  });

  it('takes one of two decisions of the same moment: about one proposal, and about two of a job', async () => {
    const to = await start();
    await prepared(to);
    await to.service.monitor.append([proposed('o-2', { to: 8 })]);
    const both = await Promise.all([decide(to, 'o-1', 'apply'), decide(to, 'o-2', 'apply')]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
    await prepared(to, 'o-3', 'run-2');
    const same = await Promise.all([decide(to, 'o-3', 'apply'), decide(to, 'o-3', 'dismiss')]);
    assert.deepEqual(same.map(({ status }) => status).sort(), [200, 409]);
  });

  it('gives up a request that nobody answers, and says so', async () => {
    const to = await start({ config: { optimizer: { answer_ms: 1000 } } });
    await send(to, {
      ...{ type: 'parameter.offered', job_id: 'run-1', parameter: 'workers', value: 2 },
      ...{ minimum: 1, maximum: 8 },
    });
    await prepared(to);
    await decide(to, 'o-1', 'apply');
    const record = await eventually(
      async () => {
        const one = await getJson<OptimizationRecord>(to, '/api/v1/optimizations/o-1');
        return one.state === 'expired' ? one : null;
      },
      'It expired',
      15_000,
    );
    assert.match(record.reason ?? '', /did not answer in time/);
    assert.deepEqual((await control(to, 'job_id=run-1')).requests, []);
  });

  it('has what was asked after a kill: the service goes on where it was', async () => {
    const first = await startService();
    try {
      await prepared(first);
      await decide(first, 'o-1', 'apply', { by: 'Ada' });
      await first.stop();
      const second = await start({ dataDir: first.dataDir });
      const { requests } = await control(second, 'job_id=run-1&after=999999');
      assert.deepEqual(
        requests.map(({ optimization_id, value }) => [optimization_id, value]),
        [['o-1', 4]],
      );
    } finally {
      await first.stop();
      removeTempDir(first.dataDir);
    }
  });

  it('hands an action over, and its answer back', async () => {
    const to = await start();
    await send(to, { type: 'action.offered', action: 'retrain', title: 'Train again' });
    const request = { by: 'Ada', params: { epochs: 2 } };
    const { optimization_id } = await invoked(to, 'retrain', request);
    const headers = { authorization: `Bearer ${to.tokens.ingest}` };
    const path = `${to.url}/api/v1/control/actions?action=retrain`;
    const { requests } = (await (await fetch(path, { headers })).json()) as ControlAnswer;
    assert.deepEqual(
      requests.map(({ action, params }) => [action, params]),
      [['retrain', { epochs: 2 }]],
    );
    await send(to, { type: 'optimization.answered', optimization_id, outcome: 'applied' });
    const record = await getJson<OptimizationRecord>(
      to,
      `/api/v1/optimizations/${optimization_id}`,
    );
    assert.deepEqual([record.state, record.decided_by], ['applied', 'Ada']);
  });

  it('lets an action that nobody does expire, and takes a late answer for what it is', async () => {
    const to = await start({ config: { optimizer: { answer_ms: 1000 } } });
    await send(to, { type: 'action.offered', action: 'clear', title: 'Clear the cache' });
    const { optimization_id: id, state } = await invoked(to, 'clear', { by: 'Ada' });
    assert.equal(state, 'sent');
    const one = () => getJson<OptimizationRecord>(to, `/api/v1/optimizations/${id}`);
    await eventually(async () => (await one()).state === 'expired', 'It expired', 10_000);
    const expired = await one();
    assert.match(expired.reason ?? '', /Nobody who offers the action answered in time/);
    assert.deepEqual([expired.decided_by, expired.action], ['Ada', 'clear']);
    const headers = { authorization: `Bearer ${to.tokens.ingest}` };
    const asked = await fetch(`${to.url}/api/v1/control/actions?action=clear`, { headers });
    assert.deepEqual(((await asked.json()) as ControlAnswer).requests, []);
    await send(to, { type: 'optimization.answered', optimization_id: id, outcome: 'applied' });
    const late = await one();
    assert.deepEqual([late.state, late.reason], ['applied', null]);
  });

  it('asks for an action only with params that fit what was offered, naming field and fix', async () => {
    const to = await start();
    const params = {
      ...{ type: 'object', required: ['epochs'], additionalProperties: false },
      properties: { epochs: { type: 'integer', minimum: 1 }, mode: { enum: ['fast', 'full'] } },
    };
    await send(to, { type: 'action.offered', action: 'retrain', title: 'Train again', params });
    for (const [given, path, words] of [
      [{}, '/params/epochs', /"params\.epochs" of "Train again": It is missing: give it\./],
      [{ epochs: 'two' }, '/params/epochs', /Give a whole number\./],
      [{ epochs: 0 }, '/params/epochs', /Give 1 or more\./],
      [{ epochs: 1, mode: 'slow' }, '/params/mode', /Choose from fast, full\./],
      [{ epochs: 1, epoch: 2 }, '/params/epoch', /no such field\. Use epochs, mode\./],
    ] as const) {
      const response = await invoke(to, 'retrain', { params: given });
      const problem = (await response.json()) as Problem;
      assert.deepEqual([response.status, problem.code], [422, 'ACTION_PARAMS_INVALID']);
      assert.equal(problem.errors[0]?.path, path);
      assert.match(problem.detail, words);
    }
    assert.equal((await invoke(to, 'nothing')).status, 404);
    const { total } = await getJson<{ total: number }>(to, '/api/v1/optimizations');
    assert.equal(total, 0);
    assert.equal((await invoke(to, 'retrain', { params: { epochs: 3 } })).status, 202);
  });

  it('tells a job whose throughput nobody can measure so, and proposes nothing', async () => {
    const to = await start({ config: { optimizer: { auto: true } } });
    await send(to, [
      { type: 'job.started', job_id: 'run-1' },
      { type: 'phase.started', job_id: 'run-1', phase_id: 'A' },
      {
        ...{ type: 'parameter.offered', job_id: 'run-1', parameter: 'concurrency', value: 1 },
        ...{ minimum: 1, maximum: 8 },
      },
    ]);
    const status = await eventually(async () => {
      const { jobs } = await getJson<{ jobs: OptimizerRecord[] }>(to, '/api/v1/optimizer');
      return jobs[0];
    }, 'It was looked at');
    assert.deepEqual([status.state, status.samples], ['waiting_for_data', 0]);
    assert.match(status.sentence, /cannot be measured/);
  });

  it('refuses offers that nobody could propose a value for, with the field', async () => {
    const to = await start();
    const offer = { type: 'parameter.offered', job_id: 'j', parameter: 'p' };
    for (const [more, path] of [
      [{ value: 3 }, '/minimum'],
      [{ value: 3, minimum: 1 }, '/maximum'],
      [{ value: 3, minimum: 9, maximum: 1 }, '/maximum'],
      [{ value: 30, minimum: 1, maximum: 9 }, '/value'],
      [{ value: 'fast' }, '/values'],
      [{ value: 'fast', values: ['slow'] }, '/value'],
      [{ value: null, minimum: 1, maximum: 2 }, '/value'],
    ] as const) {
      const response = await call(to, '/api/v1/events', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...offer, ...more }),
      });
      const { rejected } = (await response.json()) as { rejected: { path: string }[] };
      assert.equal(rejected[0]?.path, path, JSON.stringify(more));
    }
  });
});
