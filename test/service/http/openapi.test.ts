import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { setChannel } from '../../../service/commands/channels.ts';
import { setRule } from '../../../service/commands/rules.ts';
import { setSilence } from '../../../service/commands/silences.ts';
import { AccessCodes } from '../../../service/http/accessCodes.ts';
import { createApp } from '../../../service/http/app.ts';
import { Guard, TRADE_PATH } from '../../../service/http/guard.ts';
import { PUBLIC_EVENTS } from '../../../service/protocol/event.ts';
import { WORLD, everyEvent } from '../../support/everyEvent.ts';
import { proposed } from '../../support/proposal.ts';
import { foundAt } from '../../support/finding.ts';
import { Contract, type NamedOperation } from '../../support/openapi.ts';
import { root } from '../../support/paths.ts';
import {
  type TestService,
  call,
  eventually,
  send,
  useSharedService,
} from '../../support/service.ts';

/** The reference documents' routes, written out by hand: 000 (A10), 001 (B7), 003 (D10), 004 (E1-E3). */
const REFERENCE: Record<string, string[]> = {
  '000': [
    'GET /enhanced-monitor',
    'GET /api/v1/monitoring/jobs/{job_id}/snapshot',
    'GET /api/v1/monitoring/jobs/{job_id}/progress',
    'GET /api/v1/monitoring/jobs/{job_id}/phases ?status',
    'GET /api/v1/monitoring/jobs/{job_id}/phases/{phase_id}',
    'GET /api/v1/monitoring/jobs/{job_id}/phases/{phase_id}/sub-phases',
    'GET /api/v1/monitoring/jobs/{job_id}/resource-usage ?phase_id&limit',
    'GET /api/v1/monitoring/jobs/{job_id}/errors ?phase_id',
    'GET /api/v1/monitoring/jobs/{job_id}/warnings ?phase_id',
    'GET /api/v1/monitoring/jobs/{job_id}/artifacts ?phase_id',
    'GET /api/v1/monitoring/phases/{phase_id}/history ?limit',
    'GET /api/v1/monitoring/phases/{phase_id}/trends ?metric',
    'GET /api/v1/monitoring/alerts ?job_id&severity&acknowledged',
    'POST /api/v1/monitoring/alerts/{alert_id}/acknowledge',
    'POST /api/v1/monitoring/alerts/clear-acknowledged',
    'GET /api/v1/monitoring/summary',
    'GET /api/v1/monitoring/export/{job_id}',
  ],
  '001': [
    'GET /metrics/current',
    'GET /metrics/history',
    'GET /metrics/summary',
    'GET /alerts/active',
    'GET /alerts/history',
    'POST /alerts/configure',
    'GET /health',
  ],
  '003': [
    'GET /api/metrics',
    'GET /api/bottlenecks',
    'GET /api/optimizations',
    'GET /api/dashboard',
    'GET /api/health',
  ],
  '004': [
    'GET /api/pipeline/executions',
    'GET /api/pipeline/executions/{id}',
    'GET /api/pipeline/executions/active',
    'GET /api/pipeline/executions/{id}/stages',
    'GET /api/pipeline/stages/metrics',
    'GET /api/pipeline/stages/{name}/metrics',
    'GET /api/pipeline/stages/{name}/history',
    'GET /api/pipeline/state',
    'GET /api/pipeline/dependency-graph',
    'GET /api/pipeline/metrics/summary',
    'GET /api/pipeline/metrics/stages',
  ],
};
/** 004 says id of an execution and name of a stage: these are the job's and the phase's ids here. */
const anonymous = (path: string) => path.replace(/\{\w+\}/g, '{}');

/** Other things that an address names, where their answers are of another kind. */
const ALSO: Readonly<Record<string, readonly Record<string, string>[]>> = {
  'GET /assets/{file}': [{ file: 'webview.css' }],
};
/** A value for every parameter of every operation; a list where each of several is worth a call. */
const SAMPLES: Record<string, string | string[]> = {
  job_id: WORLD.job,
  phase_id: WORLD.phase,
  worker_id: WORLD.worker,
  task_id: WORLD.task,
  file: 'webview.js',
  alert_id: WORLD.alert,
  pipeline: WORLD.pipeline,
  limit: '2',
  cursor: 'o0',
  ...{ bins: '10', lanes: '1' },
  ...{ range: '30m', step: '10s', window_minutes: '30' },
  ...{ status: 'FAILED', text: 'n', queue: 'gpu', content_type: 'image', state: 'ONLINE' },
  ...{ severity: 'CRITICAL', acknowledged: ['true', 'false'], active: ['true', 'false'] },
  ...{ component: 'queue', metric: WORLD.metric, metrics: 'cpu_percent,r2', endpoint: '/predict' },
  ...{ model: 'm', cache: 'c', labels: 'lane=fast', aggregation: ['avg', 'raw'], group_by: 'lane' },
  ...{ table: ['jobs', 'phases', 'alerts'], as: 'copy', replace: 'true', by: 'me' },
  dry_run: 'true',
  ...{ other: 'median', last: '3', time_percent: '50', time_ms: '0', different: 'true' },
  ...{ has_label: 'branch', min_duration_ms: '1', max_duration_ms: '100000000' },
  ...{ order: ['newest', 'longest'], offset_minutes: '-120' },
  ...{ rule_id: 'slow', channel_id: 'ops', silence_id: 'night', notification_id: 'n-1' },
  ...{ enabled: 'true', hours: '2', keep: ['file', 'memory'] },
  ...{ optimization_id: 'o-2', action: 'retrain', after: '0', wait_ms: '1' },
};
/** Where a name means something else. */
const SPECIAL: Record<string, Record<string, string | string[]>> = {
  'GET /api/v1/alerts': {
    ...{ order: ['worst', 'newest', 'acknowledged'], rule: 'phase_failed' },
    state: ['active', 'acknowledged,resolved'],
  },
  'GET /api/v1/rules': { kind: 'slow_phase,threshold' },
  'GET /api/v1/channels': { kind: 'log', state: 'UNUSED,OFF' },
  'GET /api/v1/findings': {
    ...{ kind: 'bottleneck', open: 'true', urgent: 'true', metric: 'cpu_percent' },
  },
  'GET /api/v1/silences': { state: 'ACTIVE' },
  'GET /api/v1/outbox': { state: 'DEAD,WAITING' },
  'POST /api/v1/rules/{rule_id}/reset': { rule_id: 'phase_failed' },
  'GET /api/v1/jobs': { kind: 'batch' },
  'GET /api/v1/jobs/{job_id}/compare/{other}': { job_id: WORLD.running },
  'GET /api/v1/statistics/jobs': { kind: 'batch' },
  'GET /api/v1/export': { kind: 'batch', format: ['json', 'ndjson', 'csv', 'zip'] },
  'GET /api/v1/export/series': { format: ['csv', 'json'] },
  'GET /api/v1/monitoring/export/{job_id}': { format: ['json', 'csv', 'zip', 'html'] },
  'GET /api/pipeline/executions': { kind: 'batch', type: 'batch', job_type: 'batch' },
  'GET /api/v1/workers': { kind: 'gpu' },
  'GET /api/v1/series/metrics': { kind: 'gauge' },
  'GET /api/bottlenecks': { kind: 'CPU' },
  'GET /api/v1/performance': {
    ...{ metric: ['execution_time', 'memory_usage', 'cpu_usage', 'error_count'] },
    ...{ days: '7', phases: '3' },
  },
  'GET /api/v1/optimizations': { state: 'proposed,applied' },
  'GET /api/optimizations': { state: 'applied' },
  'GET /api/v1/changes': {
    metric: ['execution_time', 'memory_usage', 'cpu_usage', 'error_count'],
  },
  'GET /api/v1/targets': { status: 'UNKNOWN' },
  'GET /api/v1/monitoring/phases/{phase_id}/trends': {
    metric: ['execution_time', 'memory_usage', 'cpu_usage', 'error_count'],
  },
};
/** What has to be said with every call. */
const ALWAYS: Record<string, Record<string, string>> = {
  'POST /api/v1/import': { as: 'copy', replace: 'true' },
};
/** Lists that may be empty: nothing is used up now. */
const MAY_BE_EMPTY = new Set(['GET /api/bottlenecks']);
const ACCEPTS: Record<string, string[]> = {
  'GET /metrics': ['text/plain', 'application/openmetrics-text; version=1.0.0'],
};

const RULE = { kind: 'slow_phase', params: { threshold_ms: 1000 } };
const CHANNEL = {
  kind: 'template',
  settings: { url: 'https://example.com/alerts', body: '{"text":"{{summary}}"}' },
  secrets: { authorization: 'Bearer x' },
};
const SILENCE = { matchers: [{ field: 'rule', op: '=', value: 'none' }], for_ms: 60_000 };
/** A notification that was given up; its channel is not there any more. */
const DEAD = {
  ...{ notification_id: 'n-1', channel_id: 'gone' },
  content: {
    ...{ kind: 'test' as const, summary: 's', severity: 'INFO' as const, alerts: [], more: [] },
    ...{ more_count: 0, created_at: '2026-01-31T12:00:00.000Z' },
  },
};

/** An alert as Alertmanager sends it. */
const EXTERNAL = {
  status: 'firing',
  labels: { alertname: 'InstanceDown', severity: 'critical' },
  annotations: { summary: 'down' },
  startsAt: '2026-01-31T12:00:00Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph',
  fingerprint: '0123456789abcdef',
};

interface Attempt {
  query: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
}

describe('the OpenAPI document', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 100 } });
  let contract: Contract;
  let exported: string;
  const begin = Date.now();

  before(async () => {
    const to = shared();
    const events = everyEvent(begin);
    const types = new Set(events.map(({ type }) => type));
    assert.deepEqual([...types].sort(), Object.keys(PUBLIC_EVENTS).sort());
    await send(to, events);
    const { model, alerting } = to.service.monitor;
    const edit = { mode: 'set' } as const;
    await setRule(to.service.monitor, { rule_id: 'slow', name: 'Slow', ...RULE }, edit);
    await setSilence(to.service.monitor, { silence_id: 'night', ...SILENCE }, edit);
    const time = Date.now();
    await to.service.monitor.append([
      { type: 'notification.queued', id: 'n-1:queued', time, ...DEAD },
    ]);
    await to.service.monitor.append([proposed('o-2', { job_id: WORLD.running })]);
    alerting.outbox.wake();
    to.service.monitor.analyst.findings.set(foundAt(time, { job_id: WORLD.running }));
    await eventually(
      () => to.service.monitor.analyst.proposals.statuses().length > 0,
      'The job that listens was looked at',
    );
    await eventually(() => model.alerts.size >= 2, 'The alert of the failed phase');
    exported = await (
      await call(to, `/api/v1/monitoring/export/${encodeURIComponent(WORLD.done)}`)
    ).text();
    contract = await Contract.of(to);
  });

  it('is valid OpenAPI 3.1', async () => {
    const { document } = contract;
    assert.equal(document.openapi, '3.1.0');
    const result = await new Validator().validate(structuredClone(document) as never);
    assert.deepEqual(result, { valid: true });
    const ids = contract.operations.map(({ operationId }) => operationId);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('describes what is served and nothing else', async () => {
    assert.deepEqual(
      contract.operations.map(({ name }) => name).sort(),
      (await served(shared())).sort(),
    );
  });

  it('is what docs/api.md lists', () => {
    const page = readFileSync(join(root, 'docs', 'api.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)`/gm)].map(
      ([, one]) => one,
    );
    assert.deepEqual(listed.sort(), contract.operations.map(({ name }) => name).sort());
  });

  for (const [document, routes] of Object.entries(REFERENCE)) {
    it(`has the routes of reference document ${document} to the letter`, () => {
      const known = new Map(contract.operations.map((one) => [anonymous(one.name), one]));
      for (const route of routes) {
        const [method = '', path = '', query = '?'] = route.split(' ');
        const operation = known.get(anonymous(`${method} ${path}`));
        assert.ok(operation, route);
        const names = operation.parameters.map(({ name }) => name);
        for (const name of query.slice(1).split('&'))
          assert.ok(name === '' || names.includes(name), `${route}: ${name}`);
      }
    });
  }

  it('is what every operation answers: status, content types, and no field more or less', async function () {
    this.timeout(120_000);
    const faults: string[] = [];
    for (const operation of contract.operations) {
      if (operation.path === '/ws') continue;
      const types = new Set<string>();
      for (const attempt of await attempts(operation))
        types.add(await held(operation, attempt, faults));
      const success = Object.entries(operation.responses).find(([status]) => status < '300');
      const described = Object.keys((success?.[1] as { content?: object }).content ?? {});
      assert.deepEqual([...types].sort(), described.sort(), operation.name);
    }
    assert.deepEqual(faults, []);
  });

  it('says what the upgrade answers', async () => {
    const { url, tokens } = shared();
    const headers = { authorization: `Bearer ${tokens.admin}` };
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers });
    const status = await new Promise((resolve, reject) => {
      socket.on('upgrade', ({ statusCode }) => resolve(statusCode)).on('error', reject);
    });
    socket.close();
    const operation = contract.operations.find(({ path }) => path === '/ws');
    assert.deepEqual([status, Object.keys(operation?.responses ?? {})[0]], [101, '101']);
    const plain = await call(shared(), '/ws');
    assert.deepEqual([plain.status, plain.headers.get('upgrade')], [426, 'websocket']);
  });

  it('is what every operation is refused with', async function () {
    this.timeout(60_000);
    for (const operation of contract.operations) {
      const { method, security } = operation;
      const [attempt = { query: {} }] = await attempts(operation);
      const path = pathOf(operation, attempt.query);
      const unknown = pathOf(operation, attempt.query, 'nobody knows/this');
      const init = { method, headers: { ...attempt.headers }, body: attempt.body ?? null };
      const isOpen = security?.length === 0;
      if (!isOpen && operation.path !== '/ws') {
        const bare = await fetch(`${shared().url}${path}`, init);
        await refused(operation, bare, 'TOKEN_MISSING');
        const isForAll = security?.some((one) => one['bearer']?.includes('ingest'));
        const headers = { ...init.headers, authorization: `Bearer ${shared().tokens.ingest}` };
        const lesser = await fetch(`${shared().url}${path}`, { ...init, headers });
        if (isForAll) assert.ok(lesser.ok, operation.name);
        else await refused(operation, lesser, 'TOKEN_REFUSED');
      }
      const asked = `${path}${path.includes('?') ? '&' : '?'}`;
      if (operation.parameters.some(({ name, in: place }) => name === 'limit' && place === 'query'))
        for (const limit of ['0', '1.5', '1e2', '', 'x'])
          await refused(operation, await call(shared(), `${asked}limit=${limit}`), 'QUERY_INVALID');
      if (unknown !== path) {
        const response = await call(shared(), unknown, init);
        const code = await refused(operation, response);
        assert.match(code, /_UNKNOWN$/, operation.name);
      }
      if (method !== 'GET') {
        const odd = {
          ...init,
          headers: { ...init.headers, 'content-type': 'text/plain' },
          body: 'x',
        };
        const response = await call(shared(), path, odd);
        await refused(operation, response, 'CONTENT_TYPE_UNSUPPORTED');
      }
    }
  });

  it('leaves no method out: what it does not name is answered 405 with Allow', async () => {
    for (const [path, methods] of Object.entries(contract.document.paths)) {
      const known = Object.keys(methods).map((method) => method.toUpperCase());
      const allowed = known.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])).sort();
      const concrete = path.replace(/\{\w+\}/g, 'x');
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        if (known.includes(method)) continue;
        const response = await call(shared(), concrete, { method });
        assert.equal(response.status, 405, `${method} ${path}`);
        assert.deepEqual(response.headers.get('allow')?.split(', ').sort(), allowed, path);
      }
    }
  });

  /** One call with what is required, then one for each value of each parameter, then one for each kind of body. */
  async function attempts(operation: NamedOperation): Promise<Attempt[]> {
    const { name, parameters } = operation;
    const required = parameters.filter((one) => one.in === 'query' && one.required);
    const query = Object.fromEntries(
      required.map((one) => [one.name, valuesOf(name, one.name)[0]]),
    );
    const base = { ...query, ...ALWAYS[name] } as Record<string, string>;
    const asked = parameters.filter((one) => one.in === 'query' && !one.required);
    const more = asked.flatMap((one) =>
      valuesOf(name, one.name).map((value) => ({ ...base, [one.name]: value })),
    );
    const bodies = await bodiesOf(operation);
    const accepts = ACCEPTS[name]?.map((accept) => ({ query: base, headers: { accept } })) ?? [];
    return [
      ...bodies.map((body) => ({ query: base, ...body })),
      ...more.map((one) => ({ query: one, ...bodies[0] })),
      ...(ALSO[name] ?? []).map((one) => ({ query: { ...base, ...one } })),
      ...accepts,
    ];
  }

  function valuesOf(operation: string, name: string): string[] {
    if (name === 'from')
      return [String(begin - 1_800_000), new Date(begin - 900_000).toISOString()];
    if (name === 'to') return [String(Date.now()), new Date().toISOString()];
    const value = SPECIAL[operation]?.[name] ?? SAMPLES[name];
    assert.ok(value, `${operation}: there is no sample of "${name}"`);
    return [value].flat();
  }

  async function bodiesOf({
    name,
    requestBody,
  }: NamedOperation): Promise<Omit<Attempt, 'query'>[]> {
    if (!requestBody) return [{}];
    const texts = textsOf(name);
    assert.deepEqual(Object.keys(texts), Object.keys(requestBody.content), name);
    const revision = await etagFor(name);
    return Object.entries(texts).map(([type, body]) => {
      const schema = requestBody.content[type]?.schema ?? {};
      const value: unknown =
        type.endsWith('json') && !type.includes('nd') ? JSON.parse(body) : body;
      // An export has more than an import reads: only bodies of our own are held to the document.
      const fault = name === 'POST /api/v1/import' ? null : contract.fault(schema, value);
      assert.equal(fault, null, `${name} ${type}`);
      const match = name.startsWith('PUT') ? { 'if-match': revision } : {};
      return { headers: { 'content-type': type, ...match }, body };
    });
  }

  function textsOf(name: string): Record<string, string> {
    const event = { type: 'job.progress', job_id: WORLD.running, progress: 0.5 };
    const cloud = {
      ...{ specversion: '1.0', type: 'dev.pipescope.job.progress', source: 'test', id: 'c-1' },
      data: { job_id: WORLD.running, progress: 0.6 },
    };
    const text = (value: unknown) => JSON.stringify(value);
    switch (name) {
      case 'POST /api/v1/events':
        return {
          'application/json': text([event]),
          'application/x-ndjson': `${text(event)}\n${text(event)}\n`,
          'application/cloudevents+json': text(cloud),
          'application/cloudevents-batch+json': text([cloud]),
        };
      case 'POST /ingest/alertmanager':
        return { 'application/json': text({ version: '4', alerts: [EXTERNAL] }) };
      case 'POST /api/v1/rules':
      case 'POST /api/v1/rules/preview':
        return { 'application/json': text({ name: 'Slow', ...RULE }) };
      case 'PUT /api/v1/rules/{rule_id}':
        return { 'application/json': text({ severity: 'ERROR' }) };
      case 'POST /api/v1/channels':
        return { 'application/json': text({ name: 'Ops', ...CHANNEL }) };
      case 'PUT /api/v1/channels/{channel_id}':
        return { 'application/json': text({ min_severity: 'ERROR' }) };
      case 'PUT /api/v1/channels/{channel_id}/secrets':
        return { 'application/json': text({ authorization: 'Bearer x' }) };
      case 'POST /api/v1/silences':
        return { 'application/json': text(SILENCE) };
      case 'PUT /api/v1/silences/{silence_id}':
        return { 'application/json': text({ comment: 'longer', for_ms: 120_000 }) };
      case 'POST /api/v1/alerts/acknowledge':
        return { 'application/json': text({ ids: [WORLD.alert, 'nobody'], by: 'Ada' }) };
      case 'POST /api/v1/alerts/{alert_id}/acknowledge':
        return { 'application/json': text({ by: 'Ada', note: 'known', for_ms: 60_000 }) };
      case 'POST /api/v1/alerts/{alert_id}/unacknowledge':
        return { 'application/json': text({ by: 'Ada' }) };
      case 'POST /api/v1/alerts/{alert_id}/resolve':
        return { 'application/json': text({ by: 'Ada', note: 'mended' }) };
      case 'POST /api/v1/optimizations/{optimization_id}/apply':
        return { 'application/json': text({ by: 'Ada' }) };
      case 'POST /api/v1/optimizations/{optimization_id}/dismiss':
        return { 'application/json': text({ by: 'Ada', note: 'not now' }) };
      case 'POST /api/v1/actions/{action}/invoke':
        return { 'application/json': text({ by: 'Ada', params: { epochs: 2 } }) };
      case 'POST /api/v1/access-codes':
        return { 'application/json': text({ job_id: WORLD.job }) };
      case 'POST /api/v1/import':
        return { 'application/json': exported, 'application/x-ndjson': oneLine(exported) };
      case 'PUT /api/v1/config':
        return { 'application/json': text({ stale_after_ms: 700_000 }) };
      case 'POST /alerts/configure':
        return { 'application/json': text({ error_rate_percent: 6 }) };
      default:
        throw new Error(`There is no body for ${name}.`);
    }
  }

  /** What a call uses up is there again before the next one. */
  async function prepare(name: string): Promise<void> {
    const { monitor } = shared().service;
    const edit = { mode: 'set' } as const;
    if (name.includes('{rule_id}'))
      await setRule(monitor, { rule_id: 'slow', name: 'Slow', ...RULE }, edit);
    const { secrets, ...channel } = { channel_id: 'ops', ...CHANNEL };
    if (name.includes('{channel_id}')) await setChannel(monitor, { channel, secrets }, edit);
    const silence = { silence_id: 'night', ...SILENCE };
    if (name.startsWith('PUT') && name.includes('{silence_id}'))
      await setSilence(monitor, silence, edit);
    if (name.startsWith('POST') && name.includes('{optimization_id}')) {
      monitor.model.domain.optimizations.delete('o-2');
      await monitor.append([proposed('o-2', { job_id: WORLD.running })]);
    }
    const { notifications } = monitor.model.domain;
    if (name.includes('{notification_id}'))
      await eventually(() => notifications.get('n-1')?.state === 'DEAD', 'It was given up');
  }

  /** The newest state of what a PUT changes. */
  async function etagFor(name: string): Promise<string> {
    if (!name.startsWith('PUT')) return '';
    const path = name.slice(4).replace('{rule_id}', 'slow').replace('{channel_id}', 'ops');
    if (path.includes('{silence_id}'))
      return String(shared().service.monitor.alerting.definitions.revisionOf('silence', 'night'));
    const owner = path.replace(/\/secrets$/, '');
    return (await call(shared(), owner)).headers.get('etag') ?? '';
  }

  /** A code of its own for each call that uses one up. */
  async function code(): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: '{}' };
    const response = await call(shared(), '/api/v1/access-codes', init);
    return ((await response.json()) as { code: string }).code;
  }

  /** Makes the call and holds the answer to the document; the content type that came. */
  async function held(
    operation: NamedOperation,
    { query, ...init }: Attempt,
    faults: string[],
  ): Promise<string> {
    const { method, name } = operation;
    await prepare(name);
    // A change names the state that it changes: each call needs the newest.
    if (init.headers?.['if-match'] !== undefined) init.headers['if-match'] = await etagFor(name);
    if (name === `POST ${TRADE_PATH}`) init.headers = { authorization: `Bearer ${await code()}` };
    const path = pathOf(operation, query);
    const response = await call(shared(), path, { method, ...init });
    const where = `${name} ${path}`;
    const type = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
    const described = contract.responseOf(operation, response.status);
    assert.ok(
      response.status < 300 && operation.responses[response.status],
      `${where}: ${response.status}`,
    );
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const schema = described?.content?.[type]?.schema;
    if (type === 'application/json') {
      assert.ok(schema, where);
      const value = (await response.json()) as { total?: number };
      const fault = contract.fault(schema, value);
      if (fault !== null) faults.push(`${where}: ${fault}`);
      const isAll = Object.keys(query).length === 0;
      if (isAll && value.total === 0 && !MAY_BE_EMPTY.has(name)) faults.push(`${where}: empty`);
    } else assert.ok((await response.arrayBuffer()).byteLength > 0, where);
    return type;
  }

  async function refused(
    operation: NamedOperation,
    response: Response,
    code?: string,
  ): Promise<string> {
    const where = `${operation.name} ${response.url}`;
    const problem = (await response.json()) as { code: string; status: number };
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    if (code !== undefined) assert.equal(problem.code, code, where);
    assert.equal(problem.status, response.status);
    assert.ok(
      operation.responses[response.status],
      `${where}: ${response.status} is not described`,
    );
    const described = contract.responseOf(operation, response.status);
    const schema = described?.content?.['application/problem+json']?.schema ?? {};
    assert.equal(contract.fault(schema, problem), null, where);
    return problem.code;
  }
});

function pathOf(
  { name: operation, path, parameters }: NamedOperation,
  query: Record<string, string>,
  id?: string,
): string {
  const names = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const concrete = names.reduce((text, name) => {
    const value = id ?? query[name] ?? ((SPECIAL[operation]?.[name] ?? SAMPLES[name]) as string);
    return text.replace(`{${name}}`, encodeURIComponent(value));
  }, path);
  const rest = Object.entries(query).filter(([name]) => !names.includes(name));
  const text = new URLSearchParams(rest).toString();
  return text === '' ? concrete : `${concrete}?${text}`;
}

function oneLine(json: string): string {
  return `${JSON.stringify(JSON.parse(json))}\n`;
}

/** What the framework answers to, out of the tree that it prints: not out of our own table. */
async function served({ service, tokens }: TestService): Promise<string[]> {
  const guard = new Guard({ tokens, codes: new AccessCodes(() => 0), hosts: [], elapsed: () => 0 });
  const app = createApp({ routes: service.routes, guard, logger: pino({ level: 'silent' }) });
  await app.ready();
  const parents: string[] = [];
  const found = app
    .printRoutes({ commonPrefix: false })
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods = ''] =
        /^([│ ]*)[├└]── (\S+)(?: \((.+)\))?$/u.exec(line) ?? [];
      const level = indent.length / 4;
      const path = `${parents[level - 1] ?? ''}${part}`;
      parents.splice(level, Infinity, path);
      const named = path.replace(/:(\w+)/g, '{$1}');
      return methods
        .split(', ')
        .filter((one) => one !== 'HEAD' && one !== '')
        .map((one) => `${one} ${named}`);
    });
  await app.close();
  return found;
}
