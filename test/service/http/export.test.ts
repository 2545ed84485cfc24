import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { TABLES } from '../../../service/core/csv.ts';
import { Model } from '../../../service/core/fold.ts';
import { newTouched } from '../../../service/core/touched.ts';
import { jobExport } from '../../../service/core/transfer.ts';
import { inPieces, jsonTexts, zipPieces } from '../../../service/http/pieces.ts';
import type { Event } from '../../../service/protocol/event.ts';
import { useCli } from '../cli/cli.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  useServices,
  useSharedService,
} from '../../support/service.ts';

const T0 = Date.now() - 3_600_000;

/** An RFC 4180 reader, independent of the writer: rows of cells. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        cell += text[at] ?? '';
      }
      at++;
    } else while (at < text.length && !',\r'.includes(text[at] ?? '')) cell += text[at++] ?? '';
    row.push(cell);
    if (text[at] === ',') at++;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

function objects(text: string): Record<string, string>[] {
  const [head = [], ...rows] = parseCsv(text);
  return rows.map((row) => {
    assert.equal(row.length, head.length);
    return Object.fromEntries(head.map((name, i) => [name, row[i] ?? '']));
  });
}

async function textOf(from: TestService, path: string): Promise<string> {
  const response = await call(from, path);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

describe('A body in pieces', () => {
  it('is the JSON that JSON.stringify makes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal([...jsonTexts(value)].join(''), JSON.stringify(value));
      }),
    );
    const job = { a: [], b: {}, c: [undefined, null], d: undefined, e: { f: [[1], { g: [2] }] } };
    assert.equal([...jsonTexts(job)].join(''), JSON.stringify(job));
  });

  it('is a zip file that holds the texts', async () => {
    const large = Array.from({ length: 5000 }, (_, i) => `line ${i} of many\r\n`);
    const files = [
      { name: 'a.csv', texts: large },
      { name: 'empty.csv', texts: [] },
      { name: 'ü.csv', texts: ['☾'] },
    ];
    const chunks: Uint8Array[] = [];
    for await (const piece of zipPieces(files)) chunks.push(piece);
    const entries = Object.entries(unzipSync(Buffer.concat(chunks)));
    assert.deepEqual(
      entries.map(([name, bytes]) => [name, strFromU8(bytes)]),
      files.map(({ name, texts }) => [name, texts.join('')]),
    );
  });

  it('has pieces that are worth sending', async () => {
    const sizes: number[] = [];
    for await (const piece of inPieces(Array.from({ length: 100_000 }, () => 'x'.repeat(10))))
      sizes.push(piece.length);
    assert.deepEqual([sizes.length, Math.min(...sizes.slice(0, -1))], [16, 65_540]);
  });
});

describe('An export', () => {
  const shared = useSharedService({ thresholds: { execution_time_ms: 1e12 } });
  const JOB = 'a/b';
  const one = `/api/v1/monitoring/export/${encodeURIComponent(JOB)}`;

  before(async () => {
    const of = { job_id: JOB, phase_id: 'P' };
    await send(shared(), [
      { type: 'job.started', job_id: JOB, name: '<script>alert(1)</script>', time: T0 },
      { type: 'phase.started', ...of, name: '@SUM(A1)', time: T0 + 1 },
      { type: 'subphase.recorded', ...of, name: '＝cmd', duration_ms: 4 },
      { type: 'subphase.recorded', ...of, name: '  =1', duration_ms: 4 },
      { type: 'log.recorded', ...of, level: 'error', message: '=1+1', details: { a: [-1] } },
      { type: 'log.recorded', job_id: JOB, level: 'warning', message: 'a "b",\r\nc' },
      { type: 'log.recorded', job_id: JOB, level: 'info', message: '\t=1' },
      { type: 'signal.counted', job_id: JOB, signal: '+retries', count: 3 },
      { type: 'artifact.produced', ...of, path: '-x', size_bytes: 9 },
      { type: 'resource.sampled', job_id: JOB, cpu_percent: 7.5, time: T0 + 2 },
      {
        type: 'alert.raised',
        job_id: JOB,
        title: 'Bad',
        severity: 'ERROR',
        component: 'x',
        value: -4,
      },
      { type: 'phase.failed', ...of, error: { message: '<b>', stack: 'at <x>' }, time: T0 + 9 },
      { type: 'job.failed', job_id: JOB, time: T0 + 10 },
      { type: 'job.started', job_id: 'second', pipeline: 'other' },
    ]);
    const { alerts } = shared().service.monitor.model;
    await eventually(() => alerts.size === 2, 'The alert of the phase');
  });

  it('as zip has a CSV file for each table, with a column for each field, and no formula', async () => {
    const response = await call(shared(), `${one}?format=zip`);
    assert.equal(response.headers.get('content-type'), 'application/zip');
    assert.equal(response.headers.get('content-disposition'), 'attachment; filename="a_b.zip"');
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    assert.deepEqual(
      Object.keys(files),
      TABLES.map((table) => `${table}.csv`),
    );
    const tables = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, objects(strFromU8(bytes))]),
    );
    const column = (table: string, name: string) => tables[`${table}.csv`]?.map((row) => row[name]);
    assert.deepEqual(column('jobs', 'job_id'), [JOB]);
    assert.deepEqual(column('phases', 'name'), ["'@SUM(A1)"]);
    assert.deepEqual(column('sub_phases', 'name')?.sort(), ["'  =1", "'＝cmd"]);
    assert.deepEqual(column('errors', 'message'), ['<b>', "'=1+1"]);
    assert.deepEqual(column('errors', 'details'), ['{}', '{"a":[-1]}']);
    assert.deepEqual(column('warnings', 'message'), ['a "b",\r\nc']);
    assert.deepEqual(column('logs', 'message'), ["'\t=1"]);
    assert.deepEqual(column('artifacts', 'path'), ["'-x"]);
    assert.deepEqual(column('signals', 'signal'), ["'+retries"]);
    assert.deepEqual(column('signals', 'count'), ['3']);
    assert.deepEqual(column('resource_usage', 'cpu_percent'), ['7.5']);
    // A number is one, also below zero.
    assert.deepEqual(column('alerts', 'value')?.sort(), ['', '-4']);
    assert.equal(column('timeline', 'type')?.length, 6);
  });

  it('of a range has each table as CSV or all of them in a zip, and says the same', async () => {
    const zip = await call(shared(), '/api/v1/export?format=zip&status=FAILED');
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    const single = unzipSync(
      new Uint8Array(await (await call(shared(), `${one}?format=zip`)).arrayBuffer()),
    );
    for (const table of TABLES) {
      const csv = await textOf(shared(), `/api/v1/export?format=csv&table=${table}&status=FAILED`);
      assert.equal(strFromU8(files[`${table}.csv`] ?? new Uint8Array()), csv, table);
      assert.deepEqual(
        objects(csv),
        objects(strFromU8(single[`${table}.csv`] ?? new Uint8Array())),
        table,
      );
    }
  });

  it('of a range takes the filters of the list of jobs', async () => {
    const ids = async (query: string) =>
      objects(await textOf(shared(), `/api/v1/export?format=csv&${query}`)).map(
        (row) => row['job_id'],
      );
    assert.deepEqual((await ids('')).sort(), [JOB, 'second']);
    assert.deepEqual(await ids('pipeline=other'), ['second']);
    assert.deepEqual(await ids(`to=${T0 + 1000}`), [JOB]);
    assert.deepEqual(await ids(`from=${T0 + 1000}`), ['second']);
    assert.deepEqual(await ids('status=COMPLETED'), []);
    for (const wrong of ['from=yesterday', 'status=GONE', 'table=secrets', 'format=xml']) {
      const response = await call(shared(), `/api/v1/export?${wrong}`);
      const { code } = (await response.json()) as { code: string };
      assert.deepEqual([response.status, code], [400, 'QUERY_INVALID'], wrong);
    }
    assert.deepEqual(await getJson(shared(), '/api/v1/export?status=COMPLETED').then(Object.keys), [
      'pipescope',
      'jobs',
    ]);
  });

  it('of a series has a row a point, with a column for each label', async () => {
    const of = { type: 'metric.recorded', name: 'depth', kind: 'gauge' };
    await send(shared(), [
      { ...of, value: 4, time: T0, labels: { queue: '=a' } },
      { ...of, value: -2.5, time: T0 + 60_000, labels: { queue: '=a' } },
    ]);
    const path = `/api/v1/export/series?metric=depth&from=${T0 - 60_000}&to=${T0 + 120_000}&step=1m&aggregation=avg`;
    const rows = objects(await textOf(shared(), `${path}&format=csv`));
    assert.deepEqual(
      rows.map(({ metric, queue, value }) => [metric, queue, value]),
      [
        ['depth', "'=a", '4'],
        ['depth', "'=a", '-2.5'],
      ],
    );
    const json = await getJson<{ series: { points: unknown[] }[] }>(shared(), path);
    assert.equal(json.series[0]?.points.length, 2);
    const wrong = await call(shared(), '/api/v1/export/series?metric=nothing');
    assert.equal(wrong.status, 404);
  });

  it('as a page runs nothing and shows every text as text', async () => {
    const response = await call(shared(), `${one}?format=html`);
    const policy = response.headers.get('content-security-policy');
    assert.equal(policy, "default-src 'none'; style-src 'unsafe-inline'");
    const html = await response.text();
    assert.match(html, /default-src 'none'/);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;: failed/);
    assert.doesNotMatch(html, /<script|<b>|<x>/);
    assert.match(html, /<td><bdi>P @SUM\(A1\)<\/bdi><\/td><td><bdi>failed<\/bdi><\/td>/);
    assert.match(html, /at &lt;x&gt;/);
  });

  it('answers HEAD without making it', async () => {
    const response = await call(shared(), '/api/v1/export', { method: 'HEAD' });
    assert.deepEqual([response.status, await response.text()], [200, '']);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  });

  it('that fails on the way ends without an end, and the log says why', async () => {
    const { monitor } = shared().service;
    const job = monitor.job.bind(monitor);
    let asked = 0;
    monitor.job = (id) => {
      if (asked++ > 0) return Promise.reject(new Error('The disk is gone.'));
      return job(id);
    };
    try {
      await assert.rejects(async () => {
        const response = await call(shared(), '/api/v1/export');
        // So much that the first pieces are out before the second job is read.
        await response.text();
        if (response.status !== 200) throw new Error(`answered ${response.status}`);
      });
    } finally {
      monitor.job = job;
    }
    assert.match(shared().log.join(''), /The disk is gone/);
  });
});

describe('An export of 100,000 rows', () => {
  const start = useServices();
  const cli = useCli();
  const JOBS = 100;
  const PHASES = 1000;
  const HEAP_MB = 128;

  /** As a pipeline of 1,000 phases that ended an hour ago would be exported. */
  function document(): string {
    const model = new Model();
    const job = { job_id: 'j' };
    const events: Event[] = [{ type: 'job.started', id: 's', time: T0, ...job }];
    for (let i = 0; i < PHASES; i++) {
      const phase = { ...job, phase_id: `phase ${i}`, time: T0 + i };
      events.push({ type: 'phase.started', id: `s${i}`, ...phase, name: `The phase number ${i}` });
      events.push({ type: 'phase.completed', id: `c${i}`, ...phase, metrics: { rows: i } });
    }
    events.push({ type: 'job.completed', id: 'c', time: T0 + 9000, ...job });
    events.forEach((event, i) => {
      model.apply({ seq: i + 1, received_at: event.time, event }, newTouched());
    });
    const state = model.jobs.get('j');
    assert.ok(state);
    return JSON.stringify(jobExport(state, []));
  }

  /** Bytes and lines of an answer that is not read at first, and then a little at a time. */
  async function readSlowly(url: string, token: string): Promise<{ bytes: number; lines: number }> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      request(url, { headers }, resolve).on('error', reject).end();
    });
    response.pause();
    await sleep(500);
    const total = { bytes: 0, lines: 0 };
    for await (const chunk of response as AsyncIterable<Buffer>) {
      total.bytes += chunk.length;
      for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) total.lines++;
      if (total.bytes % 7 === 0) await sleep(1);
    }
    return total;
  }

  it('goes out of a process that could not hold them, however slow the reader is', async function () {
    this.timeout(180_000);
    const filled = await start();
    const folder = filled.dataDir;
    const token = filled.tokens.admin;
    const body = document();
    for (let i = 0; i < JOBS; i++) {
      const response = await call(filled, `/api/v1/import?as=job-${i}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      assert.equal(response.status, 200, await response.text());
    }
    const { jobs } = filled.service.monitor.model;
    await eventually(() => jobs.size === 0, 'Jobs that left memory', 60_000);
    await filled.stop();
    const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
    const { service, ready } = await cli.serve(folder, ['--port', '0'], { env });
    const before = peakMb(ready.pid);
    const csv = await readSlowly(`${ready.url}/api/v1/export?format=csv&table=phases`, token);
    assert.equal(csv.lines, JOBS * PHASES + 1);
    const json = await readSlowly(`${ready.url}/api/v1/export`, token);
    assert.ok(json.bytes > HEAP_MB * 1e6, `${json.bytes} bytes`);
    if (process.env['PIPESCOPE_MEASURE'])
      console.log({ csv, json, before, after: peakMb(ready.pid) });
    await service.stop();
  });
});

/** The most memory that the process had resident, where the system tells. */
function peakMb(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
