import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeInput } from '../../../service/config.ts';
import { read, refusal } from '../../support/rest.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  journalBytes,
  send,
  useServices,
} from '../../support/service.ts';
import { useCli } from '../cli/cli.ts';

interface Answer {
  revision: number;
  settings: { thresholds: { cpu_usage_percent: number }; retention: { tasks: number } };
  changes: RuntimeInput;
  fixed: Record<string, unknown>;
}

const T0 = Date.now() - 60_000;
const QUIET = { sampling: { host_interval_ms: 0 } };

function request(changes: unknown, revision?: string): RequestInit {
  const match = revision === undefined ? {} : { 'if-match': revision };
  const headers = { 'content-type': 'application/json', ...match };
  return { method: 'PUT', headers, body: JSON.stringify(changes) };
}

const STRATEGY = { name: 'own', parameter: 'workers', when: [{ metric: 'm', above: 1 }] };

describe('the configuration of a running service', () => {
  const start = useServices();
  const started = () => start({ config: QUIET });
  const put = (to: TestService, changes: unknown, revision?: number, query = '') =>
    call(
      to,
      `/api/v1/config${query}`,
      request(changes, revision === undefined ? undefined : `"${revision}"`),
    );

  /** A change that is taken; the answer. */
  async function change(to: TestService, changes: RuntimeInput): Promise<Answer> {
    const { revision } = await read<Answer>(to, '/api/v1/config');
    const response = await put(to, changes, revision);
    const answer = (await response.json()) as Answer;
    assert.equal(response.status, 200, JSON.stringify(answer));
    assert.equal(response.headers.get('etag'), `"${revision + 1}"`);
    assert.deepEqual([answer.revision, answer.changes], [revision + 1, changes]);
    return answer;
  }

  it('is read with an ETag, in what can be changed and what needs a new start', async () => {
    const to = await started();
    const response = await call(to, '/api/v1/config');
    assert.equal(response.headers.get('etag'), '"0"');
    const { settings, changes, fixed } = (await response.json()) as Answer;
    assert.deepEqual(Object.keys(settings).sort(), [
      ...[
        'alert_defaults',
        'alerting',
        'bottleneck_patterns',
        'optimizer',
        'retention',
        'sampling',
        'stale_after_ms',
        'targets',
        'thresholds',
      ],
      'worker_offline_ms',
    ]);
    assert.deepEqual(changes, {});
    assert.equal(fixed['data_dir'], to.dataDir);
    assert.ok(!('thresholds' in fixed) && 'port' in fixed);
    assert.ok(!JSON.stringify([settings, fixed]).includes(to.tokens.admin));
  });

  it('is replaced as a whole: what a change leaves out goes back to its value of the start', async () => {
    const to = await started();
    const first = await change(to, { thresholds: { cpu_usage_percent: 50 }, stale_after_ms: 5000 });
    assert.equal(first.settings.thresholds.cpu_usage_percent, 50);
    const second = await change(to, { stale_after_ms: 6000 });
    assert.equal(second.settings.thresholds.cpu_usage_percent, 95);
    assert.deepEqual(
      (await change(to, {})).settings,
      (await read<Answer>(to, '/api/v1/config')).settings,
    );
  });

  it('is only changed by who knows it: 428 without If-Match, 412 when it is another one', async () => {
    const to = await started();
    await change(to, { stale_after_ms: 5000 });
    for (const [match, status, code] of [
      [undefined, 428, 'CONFIG_REVISION_MISSING'],
      ['', 428, 'CONFIG_REVISION_MISSING'],
      ['"x"', 428, 'CONFIG_REVISION_MISSING'],
      ['"0"', 412, 'CONFIG_CHANGED'],
      ['"2"', 412, 'CONFIG_CHANGED'],
      ['0', 412, 'CONFIG_CHANGED'],
    ] as const) {
      const problem = await refusal(to, '/api/v1/config', request({ stale_after_ms: 9000 }, match));
      assert.deepEqual([problem.status, problem.code], [status, code], match);
    }
    assert.equal((await read<Answer>(to, '/api/v1/config')).changes.stale_after_ms, 5000);
  });

  it('refuses what is wrong, naming the field and what would be right', async () => {
    const to = await started();
    const before = await journalBytes(to.dataDir);
    const twice = [{ target_id: 'a' }, { target_id: 'a' }];
    for (const [changes, field, words] of [
      [{ thresholds: { cpu_usage_percent: -1 } }, '/thresholds/cpu_usage_percent', /percent/],
      [{ thresholds: { cpu_usage_percent: '50' } }, '/thresholds/cpu_usage_percent', /number/],
      [{ stale_after_ms: 10 }, '/stale_after_ms', /at least 1000/],
      [{ sampling: { interval_ms: 1.5 } }, '/sampling/interval_ms', /100 to 3600000/],
      [{ retention: { tasks: 1e9 } }, '/retention/tasks', /200000/],
      [{ thresholds: { speed: 1 } }, '/thresholds/speed', /There is no setting "thresholds.speed"/],
      [{ colour: 'red' }, '/colour', /There is no setting "colour"/],
      [{ port: 1 }, '/port', /"port" cannot be changed while the service runs.*start/],
      [{ data_dir: '/x' }, '/data_dir', /"data_dir" cannot be changed/],
      [{ optimizer_module: '/x.mjs' }, '/optimizer_module', /"optimizer_module" cannot be changed/],
      [
        { optimizer: { strategies: [{ ...STRATEGY, change: {} }] } },
        '/optimizer/strategies/0/change',
        /it changes nothing\. Give it "to", "add" or "multiply"/,
      ],
      [{ series: { max_series: 1 } }, '/series', /"series" cannot be changed/],
      [{ targets: twice }, '/targets', /twice|is new/],
      [[], '', /./],
      [null, '', /./],
    ] as const) {
      const problem = await refusal(to, '/api/v1/config', request(changes, '"0"'));
      assert.equal(problem.status, 400, JSON.stringify(changes));
      assert.equal(problem.field, field);
      assert.match(problem.detail, words);
    }
    const { code } = await refusal(to, '/api/v1/config', {
      ...request({}, '"0"'),
      body: '{"stale_after_ms":',
    });
    assert.equal(code, 'BODY_INVALID');
    assert.equal(await journalBytes(to.dataDir), before);
  });

  it('takes exactly one of two changes at once', async () => {
    const to = await started();
    for (let round = 0; round < 5; round++) {
      const values = [1000, 2000, 3000, 4000].map((ms) => ms + round);
      const responses = await Promise.all(
        values.map((stale_after_ms) => put(to, { stale_after_ms }, round)),
      );
      const statuses = responses.map(({ status }) => status);
      assert.deepEqual([...statuses].sort(), [200, 412, 412, 412], String(round));
      const { revision, changes } = await read<Answer>(to, '/api/v1/config');
      assert.deepEqual(
        [revision, changes.stale_after_ms],
        [round + 1, values[statuses.indexOf(200)]],
      );
    }
  });

  it('writes down who changed what and when, in order, and in the journal', async () => {
    const to = await started();
    const begin = Date.now();
    assert.equal((await put(to, { stale_after_ms: 5000 }, 0, '?by=Ada')).status, 200);
    assert.equal((await put(to, {}, 1)).status, 200);
    const { changes } = await read<{ changes: { time: string }[] }>(to, '/api/v1/config/changes');
    const known = changes.map(({ time, ...rest }) => {
      assert.ok(Date.parse(time) >= begin - 1000 && Date.parse(time) <= Date.now() + 1000);
      return rest;
    });
    assert.deepEqual(known, [
      { revision: 2, by: null, changes: {} },
      { revision: 1, by: 'Ada', changes: { stale_after_ms: 5000 } },
    ]);
    const journal = await journalBytes(to.dataDir);
    assert.equal(journal.match(/"type":"config\.changed"/g)?.length, 2);
    const forged = { type: 'config.changed', revision: 9, changes: {} };
    await assert.rejects(send(to, forged), /EVENT_TYPE_UNKNOWN/);
  });

  it('works at once: a lower threshold raises an alert on what runs', async () => {
    const to = await started();
    const of = { job_id: 'a', phase_id: 'p' };
    await send(to, [
      { type: 'job.started', job_id: 'a' },
      { type: 'phase.started', ...of, time: Date.now() - 60_000 },
    ]);
    assert.equal(to.service.monitor.model.alerts.size, 0);
    await change(to, { thresholds: { execution_time_ms: 10_000 } });
    const alert = await eventually(async () => {
      const { alerts } = await getJson<{ alerts: { threshold: number }[] }>(to, '/api/v1/alerts');
      return alerts[0];
    }, 'The alert');
    assert.equal(alert.threshold, 10_000);
  });

  it('works at once: what is kept, and how often this machine is looked at', async () => {
    const to = await started();
    const tasks = Array.from({ length: 700 }, (_, i) => `t-${i}`);
    await send(
      to,
      tasks.map((task_id) => ({ type: 'task.completed', task_id })),
    );
    const has = () => getJson<{ metrics: object[] }>(to, '/api/v1/series/metrics?text=cpu_percent');
    assert.equal((await has()).metrics.length, 0);
    await change(to, { retention: { tasks: 20 }, sampling: { host_interval_ms: 50 } });
    const total = async () => (await getJson<{ total: number }>(to, '/api/v1/tasks')).total;
    await eventually(async () => (await total()) === 20, 'Only 20 tasks are left');
    await eventually(async () => (await has()).metrics.length > 0, 'This machine is sampled');
    const summary = await getJson<{ dropped: Record<string, number> }>(
      to,
      '/api/v1/monitoring/summary',
    );
    assert.equal(summary.dropped['tasks'], 680);
    await change(to, { retention: { tasks: 50 } });
    const more = Array.from({ length: 40 }, (_, i) => `more-${i}`);
    await send(
      to,
      more.map((task_id) => ({ type: 'task.completed', task_id })),
    );
    assert.equal(await total(), 50);
  });

  it('cuts the history of phases at once, and a state made of the journal anew says the same', async () => {
    const first = await started();
    await send(
      first,
      Array.from({ length: 6 }, (_, n) => [
        { type: 'job.started', job_id: `j-${n}`, pipeline: 'nightly', time: T0 + n * 1000 },
        { type: 'phase.started', job_id: `j-${n}`, phase_id: 'load', time: T0 + n * 1000 },
        { type: 'phase.completed', job_id: `j-${n}`, phase_id: 'load', time: T0 + n * 1000 + 10 },
      ]).flat(),
    );
    const answers = async (of: TestService) => ({
      history: await getJson<{ total: number }>(of, '/api/pipeline/stages/load/history'),
      metrics: await getJson<{ executions_total: number }>(of, '/api/pipeline/stages/load/metrics'),
    });
    await eventually(async () => {
      const listed = await getJson<{ total: number }>(first, '/api/pipeline/stages/metrics');
      return listed.total === 1 && (await answers(first)).history.total === 6;
    }, 'Six executions are known');
    await change(first, { retention: { phase_history: 2 } });
    const before = await answers(first);
    assert.deepEqual([before.history.total, before.metrics.executions_total], [2, 6]);
    await first.stop();
    await rm(join(first.dataDir, 'state'), { recursive: true });
    const second = await start({ dataDir: first.dataDir, config: QUIET });
    assert.deepEqual(await answers(second), before);
  });

  it('is there after a restart', async () => {
    const first = await started();
    await change(first, { thresholds: { cpu_usage_percent: 50 } });
    await first.stop();
    const second = await start({ dataDir: first.dataDir, config: QUIET });
    const { revision, changes, settings } = await read<Answer>(second, '/api/v1/config');
    assert.deepEqual([revision, changes], [1, { thresholds: { cpu_usage_percent: 50 } }]);
    assert.equal(settings.thresholds.cpu_usage_percent, 50);
    await change(second, {});
  });
});

describe('the configuration of a service that is killed', () => {
  const cli = useCli();

  it('has every change that was answered', async function () {
    this.timeout(60_000);
    const dataDir = join(cli.folder(), 'data');
    const first = await cli.serve(dataDir);
    const tokens = JSON.parse(readFileSync(join(dataDir, 'tokens.json'), 'utf8')) as {
      admin: string;
    };
    const authorization = `Bearer ${tokens.admin}`;
    for (const revision of [0, 1, 2]) {
      const init = request({ stale_after_ms: 5000 + revision }, `"${revision}"`);
      const headers = { ...(init.headers as object), authorization };
      const response = await fetch(`${first.ready.url}/api/v1/config`, { ...init, headers });
      assert.equal(response.status, 200);
    }
    first.service.kill('SIGKILL');
    await first.service.exited;
    const second = await cli.serve(dataDir);
    const ask = async (path: string) =>
      (await (
        await fetch(`${second.ready.url}${path}`, { headers: { authorization } })
      ).json()) as Answer & { changes: { revision: number }[] };
    const { revision, changes } = await ask('/api/v1/config');
    assert.deepEqual([revision, changes], [3, { stale_after_ms: 5002 }]);
    const audit = await ask('/api/v1/config/changes');
    assert.deepEqual(
      audit.changes.map((one) => one.revision),
      [3, 2, 1],
    );
  });
});
