import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type {
  ControlAnswer,
  OptimizationRecord,
  OptimizerRecord,
  ParameterRecord,
} from '../../../../service/protocol/optimization.ts';
import { root } from '../../../support/paths.ts';
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

const QUICK = { auto: true, window_ms: 2000, cooldown_ms: 500, min_gain: 0.05 };
/** Nothing else on a busy machine is to speak against a change. */
const CALM = { sampling: { host_interval_ms: 0 } };

describe('proposals, with a real pipeline that listens', () => {
  const children: ChildProcess[] = [];
  const start = useServices();

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function listener(to: TestService, job: string, ...args: string[]): void {
    const file = join(root, 'test', 'service', 'http', 'routes', 'listener.ts');
    const all = ['--import', 'tsx', file, to.url, to.tokens.ingest, job, ...args];
    children.push(spawn(process.execPath, all, { cwd: root, stdio: 'ignore' }));
  }

  const all = async (to: TestService, query = '') =>
    (await getJson<{ optimizations: OptimizationRecord[] }>(to, `/api/v1/optimizations${query}`))
      .optimizations;

  const strategies = (multiply: number) => [
    {
      ...{ name: 'more', parameter: 'workers', expected_gain: 0.5, costs: true },
      when: [{ metric: 'pressure', above: 1 }],
      change: { multiply },
    },
  ];
  const pressed = async (to: TestService) => {
    await send(to, { type: 'metric.recorded', name: 'pressure', value: 5 });
  };

  for (const transport of ['poll', 'ws']) {
    it(`are sent by ${transport}, applied, measured, and kept where they help`, async function () {
      this.timeout(90_000);
      const optimizer = { ...QUICK, strategies: strategies(2) };
      const to = await start({ config: { ...CALM, optimizer } });
      listener(to, 'run-1', transport, '2', '8');
      const pressing = setInterval(() => void pressed(to), 1000);
      const kept = await eventually(
        async () => (await all(to, '?state=kept'))[0],
        'A change was kept',
        60_000,
      ).finally(() => clearInterval(pressing));
      assert.deepEqual([kept.parameter, kept.from, kept.to], ['workers', 2, 4]);
      assert.deepEqual(
        [kept.outcome, kept.decided_by, kept.measured_by],
        ['applied', 'auto', 'items'],
      );
      assert.ok((kept.measured_gain ?? 0) > 0.7 && (kept.measured_gain ?? 0) < 1.4);
      assert.ok((kept.before?.samples ?? 0) >= 8 && (kept.after?.samples ?? 0) >= 8);
      const { parameters } = await getJson<{ parameters: ParameterRecord[] }>(
        to,
        '/api/v1/parameters?job_id=run-1',
      );
      assert.equal(parameters[0]?.value, 4);
    });
  }

  it('are taken back where they harm', async function () {
    this.timeout(120_000);
    const optimizer = { ...QUICK, strategies: strategies(2) };
    const to = await start({ config: { ...CALM, optimizer } });
    listener(to, 'run-1', 'poll', '4', '4');
    const pressing = setInterval(() => void pressed(to), 1000);
    const back = await eventually(
      async () => (await all(to, '?state=rolled_back'))[0],
      'It was taken back',
      90_000,
    ).finally(() => clearInterval(pressing));
    assert.deepEqual([back.from, back.to], [4, 8]);
    assert.ok((back.measured_gain ?? 0) < -0.3);
    const rollback = (await all(to)).find((one) => one.rollback_of === back.optimization_id);
    assert.deepEqual([rollback?.to, rollback?.outcome], [4, 'applied']);
  });
});

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
    assert.deepEqual([record.state, record.reason], ['refused', 'The queue is full.']);
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
    const invoked = await call(to, '/api/v1/actions/retrain/invoke', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'Ada', params: { epochs: 2 } }),
    });
    assert.equal(invoked.status, 202);
    const { optimization_id } = (await invoked.json()) as OptimizationRecord;
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
