import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../support/paths.ts';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';
import { Client } from './client.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const job = (what: string, job_id: string, fields: object = {}) => ({
  type: `job.${what}`,
  job_id,
  ...fields,
});
const phase = (what: string, phase_id: string, fields: object = {}) => ({
  type: `phase.${what}`,
  job_id: 'run-1',
  phase_id,
  ...fields,
});
const NEWS = ['job_created', 'job_completed'];

describe('the topic events', () => {
  const start = useServices();
  const clients: Client[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.end();
  });
  const keep = (client: Client) => {
    clients.push(client);
    return client;
  };
  const listen = async (to: TestService, hello: object = {}) => {
    const client = keep(await Client.watch(to, ['events'], hello));
    await eventually(() => client.of('DashboardUpdate').length > 0, 'The first state');
    return client;
  };
  const news = (client: Client) =>
    client.messages.flatMap((one) =>
      NEWS.includes(one.type) && 'data' in one && 'job_id' in one.data
        ? [`${one.type} ${one.data.job_id}`]
        : [],
    );

  it('tells a small run in named messages, as the transcript has it', async function () {
    this.timeout(15_000);
    const to = await start();
    const client = await listen(to);
    const begin = Date.now() - 10_000;
    const at = (second: number) => ({ time: begin + second * 1000 });
    const steps: object[][] = [
      [
        job('started', 'run-1', {
          ...at(0),
          name: 'Report',
          pipeline: 'report',
          phases: [{ phase_id: 'P0', name: 'Reading' }, { phase_id: 'P1' }],
        }),
        phase('started', 'P0', { ...at(1), items_total: 200 }),
      ],
      [phase('progress', 'P0', { ...at(2), items_done: 50 })],
      [{ type: 'signal.counted', job_id: 'run-1', signal: 'pages', count: 3, ...at(3) }],
      [phase('completed', 'P0', { ...at(4), items_done: 200 }), phase('started', 'P1', at(4))],
      [
        {
          type: 'alert.raised',
          id: 'a1',
          title: 'Low',
          severity: 'WARNING',
          component: 'disk',
          ...at(5),
        },
      ],
      [
        {
          type: 'optimization.answered',
          optimization_id: 'o1',
          outcome: 'applied',
          detail: 'Two workers more',
          ...at(6),
        },
      ],
      [
        phase('failed', 'P1', { ...at(7), error: { message: 'no paper', type: 'IOError' } }),
        job('failed', 'run-1', { ...at(8), error: { message: 'no paper' } }),
      ],
    ];
    for (const events of steps) {
      const before = client.messages.length;
      await send(to, events);
      await eventually(() => client.messages.length > before, JSON.stringify(events[0]));
      await pause(120);
    }
    await eventually(() => client.of('job_completed').length > 0, 'The end');
    const said = client.messages.filter(({ type }) => type !== 'DashboardUpdate');
    const text = said.map((one) => JSON.stringify(comparable(one, begin))).join('\n');
    const golden = join(root, 'test/fixtures/messages.ndjson');
    assert.equal(`${text}\n`, await readFile(golden, 'utf8'));
  });

  it('announces each job once: not those of before, not again after a reconnect or a restart', async () => {
    const to = await start();
    await send(to, [job('started', 'old'), job('started', 'done'), job('completed', 'done')]);
    const first = await listen(to);
    await send(to, [job('progress', 'old', { progress: 0.5 }), job('started', 'new')]);
    await eventually(() => news(first).length > 0, 'The new job');
    await send(to, job('completed', 'old'));
    await eventually(() => news(first).length > 1, 'The end of the old one');
    // A sign of life of a job that ended is no news.
    await send(to, { type: 'log.recorded', job_id: 'done', level: 'info', message: 'late' });
    await pause(120);
    assert.deepEqual(news(first), ['job_created new', 'job_completed old']);
    const { epoch } = to.service.monitor;
    const since = first.messages.map((m) => ('seq' in m ? m.seq : 0)).at(-1);
    first.end();
    await first.closed;
    await send(to, [job('started', 'between'), job('cancelled', 'new')]);
    await pause(120);
    const back = await listen(to, { since, epoch });
    await eventually(() => news(back).length > 1, 'What happened in between');
    assert.deepEqual(news(back), ['job_created between', 'job_completed new']);
    const fresh = await listen(to);
    await to.stop();
    const next = await start({ dataDir: to.dataDir });
    const again = await listen(next);
    await send(next, job('progress', 'between', { progress: 0.1 }));
    await eventually(() => again.of('pipeline_progress').length > 0, 'Progress');
    assert.deepEqual([news(fresh), news(again)], [[], []]);
  });

  it('tells every end with its status, and a second run of the same job again', async () => {
    const to = await start();
    const client = await listen(to);
    const error = { message: 'broken' };
    await send(to, [job('started', 'a', { attempt: 1 }), job('failed', 'a', { error })]);
    await eventually(() => client.of('job_completed').length === 1, 'The failure');
    await pause(5);
    await send(to, [job('started', 'a', { attempt: 2 }), job('completed', 'a')]);
    await send(to, [job('started', 'b'), job('cancelled', 'b')]);
    await eventually(() => client.of('job_completed').length === 3, 'All ends');
    assert.deepEqual(
      client.of('job_completed').map(({ data }) => [data.job_id, data.status, data.attempt]),
      [
        ['a', 'FAILED', 1],
        ['a', 'COMPLETED', 2],
        ['b', 'CANCELLED', 1],
      ],
    );
    assert.deepEqual(
      client.of('job_created').map(({ data }) => data.job_id),
      ['a', 'b'],
    );
  });

  it('sends the newest state of each phase, at most 20 times a second', async function () {
    this.timeout(10_000);
    const to = await start();
    const client = await listen(to);
    await send(to, phase('started', 'P0', { items_total: 10_000 }));
    const begin = performance.now();
    for (let done = 1; performance.now() - begin < 1500; done++)
      await send(to, phase('progress', 'P0', { items_done: done }));
    await pause(120);
    const seconds = (performance.now() - begin) / 1000;
    const told = client.of('pipeline_progress');
    assert.ok(told.length <= 20 * seconds + 2, `${told.length} messages in ${seconds} s`);
    const last = told.at(-1)?.data;
    const now = to.service.monitor.model.jobs.get('run-1')?.phases.get('P0');
    assert.equal(last?.items_done, now?.fields.get('items_done')?.value);
  });

  it('sends DashboardUpdate at most once a second, and none while nothing changes', async function () {
    this.timeout(10_000);
    const to = await start();
    const client = await listen(to);
    const count = () => client.of('DashboardUpdate').length;
    for (let i = 0; i < 22; i++) {
      await send(to, job('started', `job-${i}`));
      await pause(100);
    }
    assert.ok(count() >= 3 && count() <= 5, `${count()} updates in 2.2 s`);
    await eventually(() => client.of('DashboardUpdate').at(-1)?.data.total_jobs === 22, 'The last');
    const quiet = count();
    await pause(1500);
    assert.equal(count(), quiet);
    assert.deepEqual(client.of('DashboardUpdate').at(-1)?.data.jobs, { RUNNING: 22 });
  });

  it('keeps each message below 5 KB, whatever the names', async () => {
    const to = await start();
    const client = await listen(to);
    const long = 'ä'.repeat(2000);
    const phases = Array.from({ length: 40 }, (_, i) => ({
      phase_id: `${i}${'p'.repeat(240)}`,
      name: long,
    }));
    const signals = Array.from({ length: 300 }, (_, i) => ({
      ...{ type: 'signal.counted', job_id: 'run-1', signal: `signal ${i} of many`, count: i + 1 },
    }));
    const error = { message: long, stack: long.repeat(4) };
    await send(to, [
      job('started', 'run-1', { name: long, pipeline: 'ä'.repeat(256), phases, source_file: long }),
      ...signals,
      {
        type: 'alert.raised',
        title: long,
        description: long.repeat(4),
        severity: 'INFO',
        component: 'disk',
        tags: { long },
      },
      job('failed', 'run-1', { error }),
    ]);
    client.send({ type: 'request_job_status', job_id: 'run-1' });
    client.send({ type: 'request_sisas_update', job_id: 'run-1' });
    await eventually(() => client.of('sisas_metrics_update').length > 1, 'The answers');
    await eventually(() => client.of('Alert').length > 0, 'The alert');
    for (const message of client.messages) {
      const size = Buffer.byteLength(JSON.stringify(message));
      assert.ok(size <= 5 * 1024, `${message.type} has ${size} bytes`);
    }
    const signal = client.of('sisas_metrics_update').at(-1);
    assert.deepEqual([signal?.data.truncated, signal?.data.signals_count], [true, 45_150]);
    assert.equal(signal?.data.signals['signal 299 of many'], 300);
  });

  describe('requests', () => {
    it('are answered to the one that asks, with its reference', async () => {
      const to = await start();
      await send(to, [
        job('started', 'run-1', { phases: [{ phase_id: 'P0' }, { phase_id: 'P1' }] }),
        phase('started', 'P1'),
        { type: 'signal.counted', job_id: 'run-1', signal: 's', count: 2 },
        { type: 'signal.counted', job_id: 'other', signal: 's', count: 5 },
      ]);
      const [asking, other] = [await listen(to), await listen(to)];
      asking.send({ type: 'request_job_status', job_id: 'run-1', ref: 7 });
      asking.send({ type: 'request_sisas_update', job_id: 'run-1', ref: 8 });
      asking.send({ type: 'request_sisas_update' });
      asking.send({ type: 'request_job_status', job_id: 'none', ref: 9 });
      await eventually(() => asking.messages.length >= 5, 'The answers');
      const status = asking.of('pipeline_progress')[0];
      assert.deepEqual([status?.ref, status?.data.job_status], [7, 'RUNNING']);
      assert.deepEqual(
        status?.data.snapshot?.phases.map((p) => [p.phase_id, p.status]),
        [
          ['P1', 'RUNNING'],
          ['P0', 'PENDING'],
        ],
      );
      const [own, all] = asking
        .of('sisas_metrics_update')
        .sort((a, b) => (b.ref ?? 0) - (a.ref ?? 0));
      assert.deepEqual([own?.ref, own?.data.signals, own?.data.total], [8, { s: 2 }, { s: 7 }]);
      assert.deepEqual([all?.ref, all?.data.job_id, all?.data.signals], [undefined, null, {}]);
      const { message, ...error } = asking.of('error')[0] ?? { message: '' };
      assert.deepEqual(error, { type: 'error', ref: 9, code: 'JOB_UNKNOWN' });
      assert.match(message, /"none"/);
      assert.equal(other.messages.length, 1);
    });

    it('reach jobs that ended and were stored', async () => {
      const to = await start();
      await send(to, [
        job('started', 'run-1'),
        phase('completed', 'P0'),
        job('completed', 'run-1'),
      ]);
      await to.stop();
      const next = await start({ dataDir: to.dataDir });
      const client = await listen(next);
      client.send({ type: 'request_job_status', job_id: 'run-1' });
      await eventually(() => client.of('pipeline_progress').length > 0, 'The answer');
      const { status, progress, snapshot } = client.of('pipeline_progress')[0]?.data ?? {};
      assert.deepEqual([status, progress, snapshot?.phases.length], ['COMPLETED', 100, 1]);
    });

    it('are refused without the topic and with the ingest token, or when they miss something, and the connection stays', async () => {
      const to = await start();
      const without = keep(await Client.watch(to, ['jobs']));
      without.send({ type: 'request_sisas_update', ref: 1 });
      await eventually(() => without.of('error').length > 0, 'The refusal');
      assert.deepEqual(
        [without.of('error')[0]?.code, without.of('error')[0]?.ref],
        ['FRAME_INVALID', 1],
      );
      const ingest = keep(await Client.hello(to, {}, to.tokens.ingest));
      ingest.send({ type: 'request_sisas_update' });
      await eventually(() => ingest.of('error').length > 0, 'The refusal');
      assert.equal(ingest.of('error')[0]?.code, 'TOKEN_REFUSED');
      for (const topics of [['events'], ['workers'], ['series:metric=m']]) {
        const client = keep(await Client.hello(to, { topics }, to.tokens.ingest));
        assert.equal(client.of('refused')[0]?.code, 'TOKEN_REFUSED', topics[0]);
      }
      const bad = await listen(to);
      bad.send({ type: 'request_job_status', ref: 4 });
      bad.send({ type: 'request_job_status', ref: 'x', job_id: 'run-1' });
      bad.send({ type: 'request_sisas_update', ref: 5 });
      await eventually(() => bad.of('sisas_metrics_update').length > 0, 'The answer');
      assert.deepEqual(
        bad.of('error').map(({ code, ref }) => [code, ref]),
        [
          ['FRAME_INVALID', 4],
          ['FRAME_INVALID', undefined],
        ],
      );
      assert.match(bad.of('error')[0]?.message ?? '', /job_id/);
    });
  });

  it('is documented with an example of each message, with the fields it has', async () => {
    const client = await listen(await start());
    const transcript = await readFile(join(root, 'test/fixtures/messages.ndjson'), 'utf8');
    const told = transcript.trimEnd().split('\n').map(parsed);
    const sent = new Map([...told, ...client.of('DashboardUpdate')].map((m) => [m.type, m.data]));
    const page = await readFile(join(root, 'docs/websocket.md'), 'utf8');
    const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, text]) =>
      parsed(text ?? ''),
    );
    for (const [type, data] of sent) {
      const example = examples.find((one) => one.type === type);
      assert.deepEqual(Object.keys(example?.data ?? {}), Object.keys(data), type);
    }
  });

  it('ends when the topic is dropped', async () => {
    const to = await start();
    const client = await listen(to);
    await client.command('topics.set', { topics: ['jobs'] });
    const before = client.messages.length;
    await send(to, job('started', 'a'));
    await eventually(() => client.job('a'), 'The job');
    await pause(1100);
    assert.equal(client.messages.length, before);
  });

  it('skips states for a slow client, and tells it every job in the end', async function () {
    this.timeout(20_000);
    const to = await start();
    const client = await listen(to);
    client.socket.pause();
    const name = 'x'.repeat(200);
    for (let round = 0; round < 40; round++) {
      const events = Array.from({ length: 150 }, (_, i) => [
        job('started', `job-${round}-${i}`, { name, pipeline: name, source_file: name }),
        {
          ...phase('progress', 'P0', { name, message: name, progress: 0.5 }),
          job_id: `job-${round}-${i}`,
        },
        job('progress', 'steady', { progress: round / 40, message: name }),
      ]).flat();
      await send(to, events);
      await pause(30);
    }
    await pause(300);
    client.socket.resume();
    await eventually(() => client.of('job_created').length === 6001, 'All jobs', 10_000);
    const steady = () =>
      client.of('pipeline_progress').findLast(({ data }) => data.job_id === 'steady')?.data;
    await eventually(() => steady()?.progress === 97.5, 'The newest state');
    assert.equal(new Set(news(client)).size, 6001);
    assert.equal(client.socket.readyState, client.socket.OPEN);
  });
});

function parsed(text: string): { type: string; data: object } {
  return JSON.parse(text) as { type: string; data: object };
}

/** Times as seconds of the run; what differs from run to run in the service's own alerts is left out. */
function comparable(message: object, begin: number): object {
  const { data, ...rest } = message as { type: string; seq?: number; data: object };
  delete rest.seq;
  const isOurs = 'rule' in data && data.rule !== null;
  const values = Object.entries(data).map(([key, value]: [string, unknown]) => {
    if (isOurs && ['alert_id', 'raised_at'].includes(key)) return [key, '*'];
    return [key, key.endsWith('_at') && value !== null ? secondOf(value as string, begin) : value];
  });
  return { ...rest, data: Object.fromEntries(values) as object };
}

function secondOf(time: string, begin: number): string {
  return `${(Date.parse(time) - begin) / 1000} s`;
}
