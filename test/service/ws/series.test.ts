import assert from 'node:assert/strict';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';
import { Client } from './client.ts';

const measured = (value: number, fields: object = {}) => ({
  type: 'metric.recorded',
  name: 'depth',
  kind: 'gauge',
  unit: 'm',
  value,
  ...fields,
});
const QUERY = 'metric=depth&range=5m&step=1s&aggregation=last';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the topic series:<query>', () => {
  const start = useServices();
  const clients: Client[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.end();
  });
  const keep = (client: Client) => {
    clients.push(client);
    return client;
  };
  const watch = async (to: TestService, topics: string[]) => keep(await Client.watch(to, topics));
  const updates = (client: Client) => client.records.flatMap(({ series = [] }) => series);
  const problems = (client: Client) =>
    client.records.flatMap(({ series_problems = [] }) => series_problems);
  const values = (client: Client) =>
    updates(client).flatMap(({ series }) =>
      series.flatMap(({ points }) => points.map((p) => p[1])),
    );

  it('starts with the whole range, and goes on with the steps that changed or are new', async function () {
    this.timeout(15_000);
    const to = await start();
    const begin = Date.now();
    await send(to, [
      measured(1, { time: begin - 60_000 }),
      measured(2, { time: begin - 30_000 }),
      measured(7, { time: begin - 3_600_000 }),
    ]);
    const client = await watch(to, [`series:${QUERY}`]);
    await eventually(() => updates(client).length > 0, 'The range');
    const [first] = updates(client);
    assert.deepEqual(
      [first?.query, first?.reset, first?.unit, first?.aggregation, first?.step_ms],
      [QUERY, true, 'm', 'last', 1000],
    );
    assert.deepEqual(values(client), [1, 2]);
    await send(to, measured(3));
    await eventually(() => values(client).includes(3), 'The new point');
    await pause(1100);
    await send(to, measured(4));
    await eventually(() => values(client).includes(4), 'The next point');
    assert.deepEqual(values(client), [1, 2, 3, 4]);
    const later = updates(client).slice(1);
    assert.ok(later.every(({ reset }) => reset === undefined));
    const [last] = later.at(-1)?.series[0]?.points.at(-1) ?? [0];
    assert.ok(last % 1000 === 0 && last >= begin - 1000, String(last));
    const range = Date.parse(later[0]?.to ?? '') - Date.parse(later[0]?.from ?? '');
    assert.equal(range, 300_000);
  });

  it('sends at most one frame a second, and none when nothing changed', async function () {
    this.timeout(15_000);
    const to = await start();
    await send(to, measured(1));
    const client = await watch(to, [`series:${QUERY}`, `series:${QUERY}&label.none=x`]);
    await eventually(() => updates(client).length === 2, 'Both ranges');
    const frames = () => client.records.filter(({ series }) => series !== undefined).length;
    const before = frames();
    for (let i = 0; i < 30; i++) {
      await send(to, measured(i));
      await pause(100);
    }
    const sent = frames() - before;
    assert.ok(sent >= 2 && sent <= 4, `${sent} frames in 3 s`);
    await pause(1200);
    const quiet = frames();
    await pause(2200);
    assert.equal(frames(), quiet);
  });

  it('of a metric that is not there yet says so once, and starts when it has points', async () => {
    const to = await start();
    const client = await watch(to, [`series:${QUERY}`]);
    await eventually(() => problems(client).length > 0, 'The problem');
    assert.equal(problems(client)[0]?.code, 'METRIC_UNKNOWN');
    assert.equal(problems(client)[0]?.query, QUERY);
    await pause(1200);
    assert.equal(problems(client).length, 1);
    await send(to, measured(5));
    await eventually(() => values(client).includes(5), 'The first point');
    assert.equal(updates(client)[0]?.reset, true);
  });

  it('is refused with the field that is wrong, at hello and in topics.set', async () => {
    const to = await start();
    const cases: [string, RegExp][] = [
      ['series:', /"metric"/],
      ['series:metric=depth&range=forever', /"range"/],
      ['series:metric=depth&range=1m', /"range"/],
      ['series:metric=depth&step=1ms&range=1h', /"step"/],
      ['series:metric=depth&aggregation=median', /"aggregation"/],
      ['series:metric=depth&from=2&to=1', /"from"|"to"/],
      ['series:metric=depth&colour=red', /"colour"/],
      ['series:metric=depth&metric=other', /"metric"/],
    ];
    const client = keep(await Client.hello(to));
    for (const [topic, field] of cases) {
      const refused = keep(await Client.hello(to, { topics: [topic] })).of('refused')[0];
      assert.equal(refused?.code, 'FRAME_INVALID', topic);
      assert.match(refused.message, field);
      const answer = await client.command('topics.set', { topics: [topic] });
      assert.ok(answer.type === 'result' && !answer.ok && answer.code === 'FRAME_INVALID', topic);
      assert.match(answer.message, field);
    }
    const many = Array.from({ length: 33 }, (_, i) => `series:metric=m${i}`);
    const tooMany = await client.command('topics.set', { topics: many });
    assert.ok(tooMany.type === 'result' && !tooMany.ok);
    assert.match(tooMany.message, /33 series; at most 32/);
  });

  it('ends when it is dropped, and gives the whole range again when it is taken up', async () => {
    const to = await start();
    await send(to, measured(1));
    const client = await watch(to, ['jobs']);
    await client.command('topics.set', { topics: [`series:${QUERY}`] });
    await eventually(() => updates(client).length === 1, 'The range');
    await client.command('topics.set', { topics: ['jobs'] });
    await send(to, measured(2));
    await pause(1200);
    assert.deepEqual(values(client), [1]);
    await client.command('topics.set', { topics: [`series:${QUERY}`] });
    await eventually(() => updates(client).length === 2, 'The range again');
    assert.deepEqual([updates(client)[1]?.reset, values(client).at(-1)], [true, 2]);
  });

  it('takes as its place what the client knows: points never move it ahead of the records', async () => {
    const to = await start();
    await send(to, measured(1));
    const client = await watch(to, ['jobs', `series:${QUERY}`]);
    await eventually(() => updates(client).length === 1, 'The range');
    const seqs = client.records.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      [...seqs].sort((a, b) => a - b),
    );
    assert.ok(seqs.every((seq) => seq <= to.service.monitor.seq));
  });
});
