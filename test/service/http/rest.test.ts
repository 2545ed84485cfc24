import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../../service/protocol/errors.ts';
import type { JobExport } from '../../../service/protocol/record.ts';
import { root } from '../../support/paths.ts';
import { call, eventually, getJson, send, useSharedService } from '../../support/service.ts';

const JOB = 'nightly/1 ü';
const BASE = `/api/v1/monitoring/jobs/${encodeURIComponent(JOB)}`;
const T0 = Date.parse('2026-03-01T10:00:00Z');
const at = (seconds: number) => ({ time: T0 + seconds * 1000 });
const ofPhase = (phase_id: string) => ({ job_id: JOB, phase_id });

/** One job with everything in it that records can hold. */
const STORY: object[] = [
  {
    type: 'job.started',
    job_id: JOB,
    name: 'Nightly, "full"',
    pipeline: 'nightly',
    kind: 'batch',
    labels: { branch: 'main' },
    commit: { sha: 'abc' },
    phases: [
      { phase_id: 'P00', name: 'Read' },
      { phase_id: 'P01', name: 'Write', depends_on: ['P00'] },
      { phase_id: 'P02' },
    ],
    ...at(0),
  },
  { type: 'phase.started', ...ofPhase('P00'), ...at(1) },
  {
    type: 'phase.progress',
    ...ofPhase('P00'),
    progress: 0.5,
    items_done: 5,
    items_total: 10,
    ...at(2),
  },
  {
    type: 'subphase.recorded',
    ...ofPhase('P00'),
    name: 'scan',
    duration_ms: 12,
    metrics: { files: 3 },
    ...at(2),
  },
  {
    type: 'phase.completed',
    ...ofPhase('P00'),
    artifacts: ['out/a.bin', { path: 'out/b.bin', size_bytes: 7 }],
    metrics: { rows: 9 },
    ...at(4),
  },
  { type: 'phase.started', ...ofPhase('P01'), ...at(4) },
  {
    type: 'log.recorded',
    ...ofPhase('P01'),
    level: 'warning',
    message: '=HYPERLINK("http://evil")',
    ...at(5),
  },
  {
    type: 'log.recorded',
    job_id: JOB,
    level: 'error',
    message: 'two\r\nlines, "quoted"',
    details: { a: [1] },
    ...at(5),
  },
  { type: 'artifact.produced', job_id: JOB, uri: 's3://bucket/x', kind: 'model', ...at(5) },
  { type: 'signal.counted', job_id: JOB, signal: 'retries', count: 4, ...at(5) },
  {
    type: 'phase.failed',
    ...ofPhase('P01'),
    error: { message: 'no space', type: 'OSError', stack: 'at a\nat b', file: 'w.py', line: 3 },
    ...at(6),
  },
  { type: 'job.failed', job_id: JOB, error: { message: 'P01 failed' }, ...at(7) },
];
const SAMPLES = Array.from({ length: 150 }, (_, i) => ({
  type: 'resource.sampled',
  job_id: JOB,
  cpu_percent: i % 100,
  memory_mb: 100 + i,
  time: T0 + i * 40,
}));

describe('REST', () => {
  const shared = useSharedService({
    thresholds: { execution_time_ms: 1e12, cpu_usage_percent: 99 },
    retention: { job_days: 36_500 },
  });

  before(async () => {
    const to = shared();
    await send(to, [...STORY, ...SAMPLES]);
    const more = Array.from({ length: 25 }, (_, i) => [
      {
        type: 'job.started',
        job_id: `small-${i}`,
        name: `Small ${i}`,
        pipeline: i % 2 ? 'odd' : 'even',
        ...at(100 + i),
      },
      { type: i % 5 ? 'job.completed' : 'job.cancelled', job_id: `small-${i}`, ...at(101 + i) },
      { type: 'log.recorded', job_id: JOB, level: 'warning', message: `warning ${i}`, ...at(6) },
    ]);
    await send(to, more.flat());
    await send(to, [
      {
        type: 'alert.raised',
        title: 'Queue full',
        severity: 'CRITICAL',
        component: 'queue',
        tags: { a: 'b' },
      },
      { type: 'job.started', job_id: 'live' },
      { type: 'worker.registered', worker_id: 'w/1' },
      { type: 'task.submitted', task_id: 't/1' },
      { type: 'metric.recorded', name: 'depth', value: 1 },
    ]);
    await eventually(
      () => to.service.monitor.model.alerts.size >= 2,
      'The alert of the failed phase',
    );
  });

  it('answers HEAD as GET, without a body', async () => {
    const response = await call(shared(), '/api/v1/jobs', { method: 'HEAD' });
    assert.deepEqual([response.status, await response.text()], [200, '']);
  });

  describe('lists', () => {
    interface Page {
      total: number;
      next_cursor: string | null;
      truncated: boolean;
    }

    async function allPages<T>(path: string, name: string, limit: number): Promise<T[]> {
      const items: T[] = [];
      let cursor: string | null = '';
      for (let pages = 0; cursor !== null; pages++) {
        assert.ok(pages < 100);
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page: Page & Record<string, unknown> = await getJson(
          shared(),
          `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${query}`,
        );
        const part = page[name] as T[];
        assert.ok(part.length <= limit);
        assert.equal(page.truncated, page.next_cursor !== null);
        items.push(...part);
        cursor = page.next_cursor;
        if (cursor === null) assert.equal(items.length, page.total);
      }
      return items;
    }

    it('give each item once over all pages', async () => {
      for (const [path, name, idOf] of [
        ['/api/v1/jobs', 'jobs', (job: { job_id: string }) => job.job_id],
        [`${BASE}/warnings`, 'warnings', (line: { log_id: string }) => line.log_id],
        [`${BASE}/resource-usage`, 'resource_usage', (sample: { time: string }) => sample.time],
        [`${BASE}/artifacts`, 'artifacts', (artifact: { path: string }) => artifact.path],
        ['/api/v1/alerts', 'alerts', (alert: { alert_id: string }) => alert.alert_id],
      ] as [string, string, (item: object) => string][]) {
        const whole = await allPages<object>(path, name, 1000);
        const paged = await allPages<object>(path, name, 7);
        assert.ok(whole.length > 1, path);
        assert.equal(new Set(paged.map(idOf)).size, whole.length, path);
        assert.deepEqual(new Set(paged.map(idOf)), new Set(whole.map(idOf)), path);
      }
    });

    it('of resources begin with the latest points, each page oldest first', async () => {
      const page = await getJson<{ resource_usage: { time: string }[] }>(
        shared(),
        `${BASE}/resource-usage?limit=5`,
      );
      const all = await getJson<{ resource_usage: { time: string }[] }>(
        shared(),
        `${BASE}/resource-usage?limit=1000`,
      );
      assert.deepEqual(page.resource_usage, all.resource_usage.slice(-5));
    });

    it('are filtered before the limit', async () => {
      const page = await getJson<Page & { jobs: { pipeline: string; status: string }[] }>(
        shared(),
        '/api/v1/jobs?limit=2&pipeline=even&status=completed',
      );
      assert.deepEqual([page.total, page.jobs.length, page.truncated], [10, 2, true]);
      assert.ok(
        page.jobs.every(({ pipeline, status }) => pipeline === 'even' && status === 'COMPLETED'),
      );
      for (const [query, total] of [
        ['text=SMALL%201', 11],
        ['kind=batch', 1],
        ['status=RUNNING,FAILED', 2],
        [`from=${T0 + 110_000}&to=2026-03-01T10:01:55Z`, 6],
      ] as const)
        assert.equal((await getJson<Page>(shared(), `/api/v1/jobs?${query}`)).total, total, query);
    });

    it('of alerts by severity, job and acknowledgement', async () => {
      for (const [query, total] of [
        ['severity=CRITICAL', 1],
        [`job_id=${encodeURIComponent(JOB)}`, 1],
        ['active=false', 0],
        ['severity=INFO', 0],
      ] as const)
        assert.equal(
          (await getJson<Page>(shared(), `/api/v1/alerts?${query}`)).total,
          total,
          query,
        );
    });

    it('refuse what they cannot read, naming the parameter', async () => {
      for (const [path, field] of [
        ['/api/v1/jobs?limit=0', '/limit'],
        ['/api/v1/jobs?limit=1001', '/limit'],
        ['/api/v1/jobs?limit=x', '/limit'],
        ['/api/v1/jobs?limit=1.5', '/limit'],
        ['/api/v1/jobs?limit=1&limit=2', '/limit'],
        ['/api/v1/jobs?cursor=x', '/cursor'],
        ['/api/v1/jobs?cursor=', '/cursor'],
        ['/api/v1/jobs?status=GOOD', '/status'],
        ['/api/v1/jobs?from=yesterday', '/from'],
        ['/api/v1/alerts?severity=bad', '/severity'],
        ['/api/v1/alerts?acknowledged=perhaps', '/acknowledged'],
        [`/api/v1/monitoring/export/${encodeURIComponent(JOB)}?format=pdf`, '/format'],
      ] as const) {
        const response = await call(shared(), path);
        const problem = (await response.json()) as {
          code: string;
          errors: { path: string; message: string }[];
        };
        assert.deepEqual([response.status, problem.code], [400, 'QUERY_INVALID'], path);
        assert.equal(problem.errors[0]?.path, field, path);
        assert.ok(problem.errors[0]?.message);
      }
    });
  });

  describe('failures', () => {
    it('are problem documents with a code of the table', async () => {
      const cases: [path: string, init: RequestInit, code: keyof typeof ERRORS][] = [
        ['/api/v1/jobs/none', {}, 'JOB_UNKNOWN'],
        ['/api/v1/monitoring/jobs/none/snapshot', {}, 'JOB_UNKNOWN'],
        ['/api/v1/monitoring/jobs/__proto__/phases', {}, 'JOB_UNKNOWN'],
        [`${BASE}/phases/P99`, {}, 'PHASE_UNKNOWN'],
        ['/api/v1/monitoring/alerts/none/acknowledge', { method: 'POST' }, 'ALERT_UNKNOWN'],
        ['/api/v1/nothing', {}, 'ROUTE_UNKNOWN'],
        ['/api/v1/jobs/%zz', {}, 'ROUTE_UNKNOWN'],
        [`/api/v1/jobs/${'x'.repeat(600)}`, {}, 'ROUTE_UNKNOWN'],
        ['/api/v1/jobs', { method: 'DELETE' }, 'METHOD_NOT_ALLOWED'],
        ['/api/v1/events', {}, 'METHOD_NOT_ALLOWED'],
      ];
      for (const [path, init, code] of cases) {
        const response = await call(shared(), path, init);
        const problem = (await response.json()) as Record<string, unknown>;
        assert.equal(
          response.headers.get('content-type'),
          'application/problem+json; charset=utf-8',
        );
        const { status, title } = ERRORS[code];
        const { detail, ...rest } = problem;
        assert.deepEqual(rest, { type: 'about:blank', title, status, code }, path);
        assert.equal(response.status, status);
        assert.match(String(detail), /\.$/);
      }
    });

    it('stand in the docs as they are in the table', () => {
      const docs = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
      const rows = [...docs.matchAll(/^\| `(\w+)`\s*\| (\d+)\s*\| (.*?)\s*\|$/gm)];
      const described = rows.map(([, code, status, title]) => [code, Number(status), title]);
      const table = Object.entries(ERRORS).map(([code, { status, title }]) => [
        code,
        status,
        title,
      ]);
      assert.deepEqual(described, table);
    });

    it('every sentence of the table ends in a full stop', () => {
      for (const { title } of Object.values(ERRORS)) assert.match(title, /\.("?)$/);
    });
  });

  describe('exports', () => {
    const exported = `/api/v1/monitoring/export/${encodeURIComponent(JOB)}`;

    it('as JSON are the snapshot, and what an import needs', async () => {
      const response = await call(shared(), `${exported}?format=json`);
      assert.equal(
        response.headers.get('content-disposition'),
        'attachment; filename="nightly_1_.json"',
      );
      const { pipescope, state, alert_events, logs, ...snapshot } =
        (await response.json()) as JobExport;
      assert.deepEqual(snapshot, await getJson(shared(), `${BASE}/snapshot`));
      assert.equal(pipescope.format, 1);
      assert.deepEqual([Object.keys(state)[0], alert_events.length, logs], ['job_id', 1, []]);
    });

    it('as CSV hold every record and every field, and no formula', async () => {
      const response = await call(shared(), `${exported}?format=csv`);
      assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8');
      const text = await response.text();
      const [head = [], ...rows] = parseCsv(text);
      assert.ok(rows.every((row) => row.length === head.length));
      const records = rows.map((row) =>
        Object.fromEntries(row.map((cell, i): [string, string] => [head[i] ?? '', cell])),
      );
      const snapshot = await getJson<Snapshot>(shared(), `${BASE}/snapshot`);
      assert.deepEqual(countsOf(records), countsOfSnapshot(snapshot));
      const job = records.find(({ record }) => record === 'job');
      for (const [key, value] of Object.entries(snapshot)) {
        if (Array.isArray(value) || key === 'signals') continue;
        assert.equal(job?.[key], cellOf(value), key);
      }
      const texts = records.map(({ message }) => message);
      assert.ok(texts.includes('two\r\nlines, "quoted"'));
      assert.ok(texts.includes(`'=HYPERLINK("http://evil")`));
      for (const row of rows)
        for (const cell of row) assert.doesNotMatch(cell, /^[=+@\t\r]|^-(?![\d.])/);
    });
  });
});

interface Snapshot {
  phases: { sub_phases: object[]; errors: object[]; warnings: object[]; artifacts: object[] }[];
  errors: object[];
  warnings: object[];
  artifacts: object[];
  resource_usage: object[];
  signals: object;
  alerts: object[];
  timeline: object[];
}

function countsOf(records: Record<string, string>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { record = '' } of records) counts[record] = (counts[record] ?? 0) + 1;
  return counts;
}

function countsOfSnapshot(snapshot: Snapshot): Record<string, number> {
  const { phases } = snapshot;
  const below = (name: 'errors' | 'warnings' | 'artifacts') =>
    snapshot[name].length + phases.reduce((sum, phase) => sum + phase[name].length, 0);
  return {
    job: 1,
    phase: phases.length,
    sub_phase: phases.reduce((sum, phase) => sum + phase.sub_phases.length, 0),
    error: below('errors'),
    warning: below('warnings'),
    artifact: below('artifacts'),
    resource: snapshot.resource_usage.length,
    signal: Object.keys(snapshot.signals).length,
    alert: snapshot.alerts.length,
    timeline: snapshot.timeline.length,
  };
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** RFC 4180, read strictly: CRLF between rows, quotes doubled. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    assert.ok(match, `no cell at ${at}: ${text.slice(at, at + 40)}`);
    const [, raw = '', end] = match;
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  assert.deepEqual(row, []);
  return rows;
}
