import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { root } from '../../support/paths.ts';
import { skipWhen } from '../../support/skip.ts';
import {
  type TestService,
  call,
  eventually,
  post,
  useSharedService,
} from '../../support/service.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';

const JOBS = 3;

/** A pipeline of every kind of record, told by events only. */
async function report(to: TestService): Promise<void> {
  const events: object[] = [];
  for (let n = 0; n < JOBS; n++) {
    const job = { job_id: `run-${n}` };
    events.push(
      { type: 'job.started', ...job, pipeline: 'nightly "x"\\', phases: [{ phase_id: 'P00' }] },
      { type: 'phase.started', ...job, phase_id: 'P00' },
      { type: 'phase.completed', ...job, phase_id: 'P00' },
      { type: 'job.completed', ...job },
      { type: 'task.submitted', task_id: `t${n}`, queue: 'gpu' },
      { type: 'task.started', task_id: `t${n}`, worker_id: 'w/ü' },
      { type: n === 0 ? 'task.failed' : 'task.completed', task_id: `t${n}` },
    );
  }
  events.push(
    { type: 'worker.registered', worker_id: 'w/ü', kind: 'gpu' },
    { type: 'queue.sampled', queue: 'gpu', kind: 'gpu', pending: 7, oldest_wait_ms: 1500 },
    {
      type: 'request.recorded',
      endpoint: '/predict',
      method: 'POST',
      status_code: 200,
      duration_ms: 20,
    },
    { type: 'alert.raised', title: 'Hot', severity: 'WARNING', component: 'machine' },
    { type: 'nothing.known' },
  );
  await post(to, events);
}

async function scrape(from: TestService, accept = 'text/plain'): Promise<string> {
  const response = await call(from, '/metrics', { headers: { accept } });
  assert.equal(response.status, 200);
  return response.text();
}

function valueOf(text: string, line: string): number {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  assert.ok(found, `${line} is not exposed`);
  return Number(found.split(' ').at(-1));
}

describe('the exposition at /metrics', () => {
  const shared = useSharedService();
  before(() => report(shared()));

  it('tells what the model knows, with no id of a run in any label', async () => {
    const text = await scrape(shared());
    const pipeline = 'pipeline="nightly \\"x\\"\\\\"';
    assert.equal(valueOf(text, 'pipescope_jobs{status="COMPLETED"}'), JOBS);
    assert.equal(valueOf(text, 'pipescope_jobs{status="RUNNING"}'), 0);
    await eventually(async () => {
      const ended = `pipescope_phase_executions_total{${pipeline},phase_id="P00",status="COMPLETED"}`;
      return valueOf(await scrape(shared()), ended) === JOBS;
    }, 'The history of the phase');
    assert.equal(valueOf(text, 'pipescope_tasks_total{state="completed"}'), JOBS - 1);
    assert.equal(valueOf(text, 'pipescope_tasks_total{state="failed"}'), 1);
    assert.equal(
      valueOf(text, 'pipescope_task_duration_seconds_count{queue="gpu",content_type=""}'),
      JOBS,
    );
    assert.equal(valueOf(text, 'pipescope_workers{state="ONLINE",kind="gpu"}'), 1);
    assert.equal(valueOf(text, 'pipescope_queue_pending{queue="gpu",kind="gpu"}'), 7);
    assert.equal(valueOf(text, 'pipescope_queue_oldest_wait_seconds{queue="gpu",kind="gpu"}'), 1.5);
    assert.equal(valueOf(text, 'pipescope_alerts_active{severity="WARNING"}'), 1);
    assert.equal(
      valueOf(text, 'pipescope_ingest_events_total{protocol="http",outcome="rejected"}'),
      1,
    );
    assert.ok(valueOf(text, 'process_resident_memory_bytes') > 1e6);
    assert.doesNotMatch(text, /run-\d|"t\d"/);
  });

  it('is OpenMetrics where that is asked for, also side by side with the other format', async () => {
    const open = 'application/openmetrics-text; version=1.0.0';
    const texts = await Promise.all(
      Array.from({ length: 10 }, (_, i) => scrape(shared(), i % 2 === 0 ? open : 'text/plain')),
    );
    texts.forEach((text, i) => assert.equal(text.endsWith('# EOF\n'), i % 2 === 0));
  });

  it('counts the answers of this service by route, not by address', async () => {
    await call(shared(), '/api/v1/jobs/nobody');
    const text = await scrape(shared());
    const labels = 'method="GET",route="/api/v1/jobs/:job_id",status="404"';
    assert.equal(valueOf(text, `pipescope_http_request_duration_seconds_count{${labels}}`), 1);
  });

  it('is refused without a token, and with one that may only send', async () => {
    const { url, tokens } = shared();
    assert.equal((await fetch(`${url}/metrics`)).status, 401);
    const authorization = `Bearer ${tokens.ingest}`;
    assert.equal((await fetch(`${url}/metrics`, { headers: { authorization } })).status, 403);
  });
});

describe('the Grafana dashboard', () => {
  const shared = useSharedService();
  before(() => report(shared()));

  it('asks only for metrics that there are', async () => {
    const text = await scrape(shared());
    const known = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name = '', kind]) =>
        kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    const file = readFileSync(join(root, 'deploy', 'grafana', 'pipescope.json'), 'utf8');
    const dashboard = JSON.parse(file) as {
      panels: { title: string; targets?: { expr: string }[] }[];
    };
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map((t) => t.expr));
    assert.ok(expressions.length >= 10);
    for (const expression of expressions)
      for (const [name] of expression.matchAll(/\b(pipescope|process|nodejs)_\w+/g))
        assert.ok(known.has(name), `${name} of ${expression}`);
  });
});

const missing = spawnSync('promtool', ['--version']).status !== 0;

describe('a real Prometheus', function () {
  skipWhen(missing, 'no Prometheus on this machine.');
  this.timeout(60_000);
  const shared = useSharedService();
  let folder = '';
  let server: ChildProcess | undefined;
  let port = 0;
  before(async () => {
    if (missing) return;
    await report(shared());
    folder = makeTempDir('prometheus');
    port = await freePort();
    writeFileSync(join(folder, 'token'), shared().tokens.admin);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `scrape_configs:
  - job_name: pipescope
    scrape_interval: 1s
    authorization: { credentials_file: ${join(folder, 'token')} }
    static_configs: [{ targets: ["127.0.0.1:${shared().port}"] }]
`,
    );
    server = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
  });
  after(async () => {
    if (server?.exitCode === null) {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    }
    if (folder) removeTempDir(folder);
  });

  interface Answer {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  }

  async function ask(query: string): Promise<Answer['data']['result']> {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const response = await fetch(url).catch(() => null);
    return response?.ok ? ((await response.json()) as Answer).data.result : [];
  }

  it('finds nothing to complain about', async () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], {
      input: await scrape(shared()),
      encoding: 'utf8',
    });
    assert.equal(checked.stdout + checked.stderr, '');
    assert.equal(checked.status, 0);
  });

  it('scrapes the service and answers questions about it', async () => {
    await eventually(
      async () => (await ask('up{job="pipescope"}'))[0]?.value[1] === '1',
      'The first scrape',
      30_000,
    );
    await eventually(
      async () => (await ask('sum(pipescope_jobs)'))[0]?.value[1] === String(JOBS),
      'The number of jobs',
    );
    const quantile =
      'histogram_quantile(0.95, sum(pipescope_task_duration_seconds_bucket) by (le))';
    const [answer] = await ask(quantile);
    assert.ok(Number(answer?.value[1]) >= 0);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
