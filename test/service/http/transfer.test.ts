import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { JobExport, JobRecord } from '../../../service/protocol/record.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  startService,
  useServices,
  useSharedService,
} from '../../support/service.ts';

const T0 = Date.now() - 3_600_000;
/** Nothing of these jobs is slow or much: only what fails raises an alert. */
const CALM = { thresholds: { execution_time_ms: 1e12, cpu_usage_percent: 1000, error_count: 1e6 } };

type Start = typeof startService;
type Raw = Record<string, unknown> & { type: string };

function story(job_id: string, at = T0): Raw[] {
  const of = (phase_id: string) => ({ job_id, phase_id });
  return [
    {
      ...{ type: 'job.started', job_id, name: `Run ${job_id}`, pipeline: 'p', color: 'blue' },
      ...{ time: at, labels: { team: 'a' }, submitted_at: at - 5000 },
      phases: [{ phase_id: 'A' }, { phase_id: 'B/ü', depends_on: ['A'] }],
    },
    { type: 'phase.started', ...of('A'), name: 'First ☾', items_total: 7, time: at + 100 },
    { type: 'subphase.recorded', ...of('A'), name: 's', duration_ms: 4, metrics: { rows: 1 } },
    { type: 'resource.sampled', job_id, cpu_percent: 12.5, memory_mb: 100, time: at + 150 },
    { type: 'resource.sampled', ...of('A'), cpu_percent: 99, gpu_percent: 1, time: at + 160 },
    { type: 'log.recorded', job_id, level: 'info', message: '=1+1', time: at + 170 },
    { type: 'log.recorded', ...of('A'), level: 'warning', message: 'hm, "so"\r\nto say' },
    { type: 'signal.counted', job_id, signal: 'retries', count: 4, time: at + 180 },
    { type: 'phase.completed', ...of('A'), artifacts: ['a', { path: 'b' }], time: at + 500 },
    { type: 'phase.started', ...of('B/ü'), time: at + 600 },
    { type: 'phase.failed', ...of('B/ü'), error: { message: 'no', stack: 'at x' }, time: at + 900 },
    { type: 'job.failed', job_id, error: { message: 'B failed' }, time: at + 1000 },
  ];
}

const exportOf = (from: TestService, id: string) =>
  getJson<JobExport>(from, `/api/v1/monitoring/export/${encodeURIComponent(id)}`);

/** Places in the journal and who was told of an alert are matters of one service: no export carries them over. */
const OF_ONE_SERVICE: ReadonlySet<string> = new Set(['seq', 'state', 'routed']);

function ofAnyService(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (OF_ONE_SERVICE.has(key) ? undefined : inner)),
  );
}

interface Report {
  applied: boolean;
  jobs: { job_id: string; phases: number; alerts: number; replaced: boolean }[];
}

async function importInto(
  to: TestService,
  body: string | object,
  query = '',
  headers: Record<string, string> = {},
): Promise<Response> {
  return call(to, `/api/v1/import${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function imported(to: TestService, body: string | object, query = ''): Promise<Report> {
  const response = await importInto(to, body, query);
  const report = (await response.json()) as Report;
  assert.equal(response.status, 200, JSON.stringify(report));
  return report;
}

async function refusal(response: Response) {
  const problem = (await response.json()) as { code: string; detail: string };
  return { status: response.status, code: problem.code, detail: problem.detail };
}

/** A service with one job that has everything, its alert acknowledged. */
async function source(start: Start): Promise<TestService> {
  const from = await start({ config: CALM });
  await send(from, story('one'));
  const { alerts } = from.service.monitor.model;
  await eventually(() => alerts.size >= 1, 'The alert');
  const id = [...alerts.keys()][0] ?? '';
  const path = `/api/v1/monitoring/alerts/${encodeURIComponent(id)}/acknowledge`;
  await call(from, path, { method: 'POST' });
  return from;
}

describe('An export that is imported', () => {
  const start = useServices();

  it('makes the same records in a fresh service, also after a restart of it', async () => {
    const from = await source(start);
    const document = await exportOf(from, 'one');
    const to = await start({ config: CALM });
    const report = await imported(to, document);
    const expected = { job_id: 'one', phases: 2, alerts: 1, replaced: false };
    assert.deepEqual(report, { applied: true, jobs: [expected] });
    assert.deepEqual(ofAnyService(await exportOf(to, 'one')), ofAnyService(document));
    await to.stop();
    const again = await start({ config: CALM, dataDir: to.dataDir });
    assert.deepEqual(ofAnyService(await exportOf(again, 'one')), ofAnyService(document));
  });

  it('tells nobody of what failed long ago', async () => {
    const from = await start({ config: CALM });
    await send(from, story('one'));
    await eventually(() => from.service.monitor.model.alerts.size > 0, 'The alert');
    const document = { ...(await exportOf(from, 'one')), alert_events: [] };
    const to = await start({ config: CALM });
    await imported(to, document);
    // A job that fails now is judged after it: then the imported one was, too.
    await send(to, story('two'));
    const { alerts } = to.service.monitor.model;
    await eventually(() => alerts.size > 0, 'The alert of the other job');
    assert.deepEqual(
      [...alerts.values()].map(({ raised }) => raised?.job_id),
      ['two'],
    );
  });

  it('is refused where the job is, taken under another id, and replaces where it is asked to', async () => {
    const from = await source(start);
    const document = await exportOf(from, 'one');
    const before = await exportOf(from, 'one');
    const { status, code, detail } = await refusal(await importInto(from, document));
    assert.deepEqual([status, code], [409, 'JOB_EXISTS']);
    assert.match(detail, /"one".*as=.*replace=true/);
    assert.deepEqual(ofAnyService(await exportOf(from, 'one')), ofAnyService(before));

    await imported(from, document, '?as=two');
    const two = await exportOf(from, 'two');
    assert.deepEqual([two.phases.length, two.alerts.length, two.name], [2, 1, 'Run one']);
    assert.equal(two.alerts[0]?.acknowledged, true);
    assert.deepEqual(ofAnyService(await exportOf(from, 'one')), ofAnyService(before));

    for (let i = 0; i < 2; i++) {
      const report = await imported(from, document, '?replace=true');
      assert.equal(report.jobs[0]?.replaced, true);
      assert.deepEqual(ofAnyService(await exportOf(from, 'one')), ofAnyService(document));
    }
  });

  it('counts its signals in the totals, and in its own place only what is more', async () => {
    const from = await source(start);
    const document = await exportOf(from, 'one');
    const to = await start({ config: CALM });
    await send(to, [{ type: 'signal.counted', job_id: 'other', signal: 'retries', count: 1 }]);
    const totals = async (of: TestService) =>
      (await getJson<{ signals: object[] }>(of, '/api/v1/signals')).signals;
    for (const query of ['', '?replace=true', '?replace=true']) {
      await imported(to, document, query);
      assert.deepEqual(await totals(to), [{ signal: 'retries', count: 5 }], query);
    }
    await send(from, [{ type: 'signal.counted', job_id: 'one', signal: 'retries', count: 2 }]);
    await imported(to, await exportOf(from, 'one'), '?replace=true');
    assert.deepEqual(await totals(to), [{ signal: 'retries', count: 7 }]);
    await to.stop();
    const again = await start({ config: CALM, dataDir: to.dataDir });
    assert.deepEqual(await totals(again), [{ signal: 'retries', count: 7 }]);
  });

  it('of a range comes whole, as JSON and as NDJSON, compressed or not', async () => {
    const from = await start({ config: CALM });
    for (let i = 0; i < 6; i++) await send(from, story(`job ${i}`, T0 + i * 60_000));
    await eventually(() => from.service.monitor.model.alerts.size === 6, 'The alerts');
    const query = `from=${new Date(T0 + 60_000).toISOString()}&to=${T0 + 4 * 60_000}`;
    const json = await (await call(from, `/api/v1/export?${query}`)).text();
    const lines = await (await call(from, `/api/v1/export?format=ndjson&${query}`)).text();
    const ids = ['job 1', 'job 2', 'job 3', 'job 4'];
    const parsed = JSON.parse(json) as { jobs: JobExport[] };
    assert.deepEqual(parsed.jobs.map(({ job_id }) => job_id).sort(), ids);
    assert.equal(lines.trimEnd().split('\n').length, 4);
    for (const [body, type] of [
      [json, 'application/json'],
      [lines, 'application/x-ndjson'],
    ] as const) {
      const to = await start({ config: CALM });
      const response = await call(to, '/api/v1/import', {
        method: 'POST',
        headers: { 'content-type': type, 'content-encoding': 'gzip' },
        body: new Uint8Array(gzipSync(body)),
      });
      assert.equal(response.status, 200, await response.text());
      for (const id of ids)
        assert.deepEqual(
          ofAnyService(await exportOf(to, id)),
          ofAnyService(await exportOf(from, id)),
        );
    }
  });

  it('is all or nothing: one bad job, or one that is there, and none is taken', async () => {
    const from = await start({ config: CALM });
    for (const id of ['a', 'b', 'c']) await send(from, story(id));
    const range = await getJson<{ jobs: JobExport[] }>(from, '/api/v1/export');
    const to = await start({ config: CALM });
    const bad = structuredClone(range);
    const state = bad.jobs[2]?.state as { last_seen: unknown };
    state.last_seen = 'yesterday';
    const refused = await refusal(await importInto(to, bad));
    assert.deepEqual([refused.status, refused.code], [422, 'IMPORT_INVALID']);
    assert.match(refused.detail, /jobs\/2\/state\/last_seen/);
    await send(to, story('b'));
    assert.equal((await refusal(await importInto(to, range))).code, 'JOB_EXISTS');
    assert.deepEqual([...to.service.monitor.model.jobs.keys()], ['b']);
    const twice = { ...range, jobs: [...range.jobs.slice(0, 1), ...range.jobs.slice(0, 1)] };
    assert.match((await refusal(await importInto(to, twice))).detail, /twice/);
    assert.match((await refusal(await importInto(to, range, '?as=x'))).detail, /3 jobs/);
  });

  it('of a job that retention would remove at once is refused, and says so', async () => {
    const old = T0 - 40 * 86_400_000;
    const from = await start({ config: { ...CALM, retention: { job_days: 365 } } });
    await send(from, story('old', old));
    const document = await exportOf(from, 'old');
    const to = await start({ config: CALM });
    const { code, detail } = await refusal(await importInto(to, document));
    assert.equal(code, 'IMPORT_INVALID');
    assert.match(detail, /kept for 30 days\. Raise retention\.job_days/);
  });

  it('is refused where the id of the job has half of a character', async () => {
    const job = await exportOf(await source(start), 'one');
    const job_id = 'a\ud800';
    const half = { ...job, job_id, state: { ...job.state, job_id } };
    const answer = await refusal(await importInto(await start(), half));
    assert.deepEqual([answer.status, answer.code], [422, 'IMPORT_INVALID']);
    assert.match(answer.detail, /half of a character/);
  });

  it('is only checked where that is asked for', async () => {
    const from = await source(start);
    const document = await exportOf(from, 'one');
    const to = await start({ config: CALM });
    const report = await imported(to, document, '?dry_run=true');
    assert.equal(report.applied, false);
    assert.equal(to.service.monitor.model.jobs.size, 0);
  });

  it('that a crash cut off can be imported again', async () => {
    const from = await start({ config: CALM });
    const logs = Array.from({ length: 30 }, (_, i) => ({
      ...{
        type: 'log.recorded',
        job_id: 'one',
        level: 'info',
        message: `${i} ${'x'.repeat(30_000)}`,
      },
      time: T0 + i,
    }));
    await send(from, [...story('one'), ...logs]);
    await eventually(() => from.service.monitor.model.alerts.size > 0, 'The alert');
    const document = await exportOf(from, 'one');
    const to = await start({ config: CALM });
    const { monitor } = to.service;
    const append = monitor.append.bind(monitor);
    // What a crash does: the journal has the first part and no more.
    monitor.append = (events) => append(events.slice(0, 1));
    await imported(to, document);
    monitor.append = append;
    assert.ok((monitor.model.jobs.get('one')?.import_missing ?? 0) > 1);
    const report = await imported(to, document);
    assert.equal(report.jobs[0]?.replaced, false);
    assert.deepEqual(ofAnyService(await exportOf(to, 'one')), ofAnyService(document));
  });
});

describe('The import route', () => {
  const shared = useSharedService();

  it('takes no events, no ingest token and nothing that is no JSON', async () => {
    const cases: [body: string, init: Record<string, string>, status: number, code: string][] = [
      ['{}', { authorization: `Bearer ${shared().tokens.ingest}` }, 403, 'TOKEN_REFUSED'],
      ['{}', { 'content-type': 'text/plain' }, 415, 'CONTENT_TYPE_UNSUPPORTED'],
      ['{', {}, 400, 'BODY_INVALID'],
      ['{}', {}, 422, 'IMPORT_INVALID'],
      ['[]', {}, 422, 'IMPORT_INVALID'],
      ['{"jobs":[]}', {}, 422, 'IMPORT_INVALID'],
      ['{"type":"job.started","job_id":"x"}', {}, 422, 'IMPORT_INVALID'],
      ['{}\nno json', { 'content-type': 'application/x-ndjson' }, 422, 'IMPORT_INVALID'],
    ];
    for (const [body, headers, status, code] of cases) {
      const answer = await refusal(await importInto(shared(), body, '', headers));
      assert.deepEqual([answer.status, answer.code], [status, code], body);
      assert.match(answer.detail, /\.$/);
    }
  });

  it('refuses small files that would become huge in memory, before they do', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const lines = { ...gzip, 'content-type': 'application/x-ndjson' };
    const cases: [body: string, headers: Record<string, string>, why: RegExp][] = [
      [`{"jobs":[${'{},'.repeat(10e6)}{}]}`, gzip, /more than 4 million objects/],
      [`{"jobs":[${'0,'.repeat(200_000)}0]}`, gzip, /more than 100000 jobs/],
      ['0\n'.repeat(30e6), lines, /more than 100000 jobs/],
      ['\n'.repeat(64e6), lines, /no job/],
    ];
    for (const [body, headers, why] of cases) {
      const begin = performance.now();
      const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
      const response = await call(shared(), '/api/v1/import', { ...init, body: gzipSync(body) });
      const answer = await refusal(response);
      assert.deepEqual([answer.status, answer.code], [422, 'IMPORT_INVALID']);
      assert.match(answer.detail, why);
      assert.ok(performance.now() - begin < 5000);
    }
  });

  it('takes no JSON document above 32 MiB, and says that lines may have more', async () => {
    const large = JSON.stringify({ pad: 'x'.repeat(33 * 1024 * 1024) });
    const gzip = gzipSync(large);
    for (const [type, ...expected] of [
      ['application/json', 413, 'BODY_TOO_LARGE'],
      ['application/x-ndjson', 422, 'IMPORT_INVALID'],
    ] as const) {
      const headers = { 'content-type': type, 'content-encoding': 'gzip' };
      const response = await call(shared(), '/api/v1/import', {
        ...{ method: 'POST', headers, body: new Uint8Array(gzip) },
      });
      const { status, code, detail } = await refusal(response);
      assert.deepEqual([status, code], expected);
      if (status === 413) assert.match(detail, /32 MiB.*application\/x-ndjson.*format=ndjson/);
    }
  });

  it('takes bodies that no other route takes, up to its own limit', async () => {
    const large = `{"pad":"${'x'.repeat(3 * 1024 * 1024)}"}`;
    assert.equal((await refusal(await importInto(shared(), large))).code, 'IMPORT_INVALID');
    const events = await call(shared(), '/api/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: large,
    });
    assert.equal(events.status, 413);
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, 0x20));
    const response = await call(shared(), '/api/v1/import', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: new Uint8Array(bomb),
    });
    assert.equal(response.status, 413);
  });
});

describe('A job of 20,000 phases', () => {
  const start = useServices();

  it('goes out and in whole, while others are answered', async function () {
    this.timeout(120_000);
    const from = await start({ config: CALM });
    const phases = Array.from({ length: 20_000 }, (_, i) => ({ phase_id: `phase-${i}` }));
    await send(from, {
      type: 'job.started',
      job_id: 'big',
      phases: phases.slice(0, 4000),
      time: T0,
    });
    for (let at = 0; at < phases.length; at += 500) {
      const some = phases.slice(at, at + 500).flatMap(({ phase_id }, i) => [
        { type: 'phase.started', job_id: 'big', phase_id, time: T0 + at + i },
        { type: 'phase.completed', job_id: 'big', phase_id, metrics: { i }, time: T0 + at + i + 5 },
      ]);
      await send(from, some);
    }
    await send(from, { type: 'job.completed', job_id: 'big', time: T0 + 60_000 });
    const before = performance.now();
    const text = await (await call(from, '/api/v1/monitoring/export/big')).text();
    const out = performance.now() - before;
    const to = await start({ config: CALM });
    const { pipescope, job_id, state, alert_events } = JSON.parse(text) as JobExport;
    const slim = JSON.stringify({ pipescope, job_id, state, alert_events });
    let longest = 0;
    let ticked = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - ticked);
      ticked = performance.now();
    }, 10);
    const begin = performance.now();
    const report = await imported(to, slim);
    const into = performance.now() - begin;
    clearInterval(timer);
    assert.equal(report.jobs[0]?.phases, 20_000);
    const expected = ofAnyService(JSON.parse(text));
    assert.deepEqual(ofAnyService(await exportOf(to, 'big')), expected);
    if (process.env['PIPESCOPE_MEASURE'])
      console.log({ bytes: text.length, slim: slim.length, out, into, longest });
    const { jobs } = await getJson<{ jobs: JobRecord[] }>(to, '/api/v1/jobs');
    assert.equal(jobs[0]?.phases_done, 20_000);
  });
});
