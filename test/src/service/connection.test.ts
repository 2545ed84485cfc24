import assert from 'node:assert/strict';
import type { RecordsFrame, ServiceFrame, Topic } from '../../../service/protocol/frame.ts';
import { Connection } from '../../../src/service/connection.ts';
import { findService } from '../../../src/service/endpoint.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { job, phase } from '../wire/records.ts';
import { RecordServer } from '../wire/recordServer.ts';
import { until } from '../wire/until.ts';

const TOPICS: Topic[] = ['jobs', 'alerts'];

describe('the line to the service', () => {
  const dataDir = useTempDir('line');
  let server: RecordServer;
  let connection: Connection;
  let frames: ServiceFrame[];

  beforeEach(async () => {
    server = new RecordServer(dataDir());
    await server.start();
    frames = [];
    connection = new Connection({
      locate: () => findService(dataDir()),
      topics: TOPICS,
      client: 'window',
      backoff: { first: 20, most: 100 },
    });
    connection.onFrame((frame) => frames.push(frame));
  });
  afterEach(async () => {
    connection.dispose();
    await server.stop();
  });

  const connected = (): Promise<true> =>
    until('a connection', () => connection.state.kind === 'connected' && server.clients === 1);
  const records = (): RecordsFrame[] => frames.filter((frame) => frame.type === 'records');

  it('says hello with nothing, and gets everything', async () => {
    server.publish({ jobs: [job({ job_id: 'a' })] });
    connection.connect();
    const [first] = await until('records', () => records().length > 0 && records());
    const [hello] = server.hellos;
    assert.deepEqual(hello, {
      type: 'hello',
      protocol: 1,
      since: null,
      topics: TOPICS,
      client: 'window',
    });
    assert.deepEqual([first?.reset, first?.jobs.map(({ job_id }) => job_id)], [true, ['a']]);
  });

  it('resumes by sequence and epoch after the line broke, and misses nothing', async () => {
    connection.connect();
    await connected();
    server.publish({ jobs: [job({ job_id: 'a' })] });
    await until('the job', () => records().some(({ jobs }) => jobs.length > 0));
    server.dropClients();
    server.publish({ jobs: [job({ job_id: 'b' })] });
    const last = await until('the second job', () =>
      records().find(({ jobs }) => jobs.some(({ job_id }) => job_id === 'b')),
    );
    assert.deepEqual([server.hellos[1]?.since, server.hellos[1]?.epoch], [1, 'epoch-1']);
    assert.deepEqual([last.reset, last.jobs.map(({ job_id }) => job_id)], [undefined, ['b']]);
  });

  it('takes everything anew from a service with another past', async () => {
    connection.connect();
    await connected();
    server.publish({ jobs: [job({ job_id: 'a' })] });
    await until('the job', () => records().some(({ jobs }) => jobs.length > 0));
    server.epoch = 'epoch-2';
    server.dropClients();
    const again = await until('a reset', () => records().filter(({ reset }) => reset)[1]);
    assert.deepEqual(
      again.jobs.map(({ job_id }) => job_id),
      ['a'],
    );
  });

  it('asks again for a topic that was set while the line was broken', async () => {
    connection.connect();
    await connected();
    server.publish({
      jobs: [job({ job_id: 'a' })],
      phases: [phase({ job_id: 'a', phase_id: 'P00' })],
    });
    await until('the job', () => records().some(({ jobs }) => jobs.length > 0));
    server.dropClients();
    await until('the loss', () => connection.state.kind === 'connecting');
    connection.setTopics([...TOPICS, 'job:a']);
    await until('the phases', () => records().some(({ phases }) => phases.length > 0));
    assert.deepEqual(server.hellos[1]?.topics, TOPICS);
    assert.equal(server.commands.at(-1)?.command, 'topics.set');
  });

  it('finds a service that moved to another port', async () => {
    connection.connect();
    await connected();
    await server.stop();
    await until('the end', () => connection.state.kind === 'off');
    server = new RecordServer(dataDir());
    await server.start();
    connection.connect();
    await connected();
  });

  it('is off when there is no service, without trying on', async () => {
    await server.stop();
    connection.connect();
    await until('off', () => connection.state.kind === 'off');
  });

  it('waits longer after each failure, up to its limit', async () => {
    const states: number[] = [];
    let calls = 0;
    const failing = new Connection({
      locate: () => {
        calls += 1;
        return Promise.reject(new Error('The folder cannot be read.'));
      },
      topics: TOPICS,
      client: 'window',
      backoff: { first: 10, most: 40 },
      random: () => 1,
    });
    failing.onDidChangeState((state) => {
      if (state.kind === 'connecting') states.push(state.attempt);
    });
    const began = performance.now();
    failing.connect();
    await until('five tries', () => calls === 5);
    const took = performance.now() - began;
    failing.dispose();
    assert.ok(took >= 10 + 20 + 40 + 40 - 5, `${took} ms`);
    assert.deepEqual(states.slice(0, 3), [0, 1, 1]);
  });

  it('stops at a refusal and keeps its words', async () => {
    const message = 'The service speaks protocol 2, this window 1.';
    server.refusal = { type: 'refused', code: 'PROTOCOL_UNSUPPORTED', message };
    connection.connect();
    const state = await until('a refusal', () => {
      const { state: now } = connection;
      return now.kind === 'refused' && now;
    });
    assert.deepEqual([state.code, state.message], ['PROTOCOL_UNSUPPORTED', message]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(server.hellos.length, 1);
  });

  it('resolves a command with its answer, and rejects it when the line breaks', async () => {
    connection.connect();
    await connected();
    assert.equal((await connection.request({ command: 'alert.test' })).ok, true);
    const lost = connection.request({ command: 'alert.test' });
    connection.close();
    await assert.rejects(lost, { code: 'SERVICE_UNREACHABLE' });
    await assert.rejects(connection.request({ command: 'alert.test' }), {
      code: 'SERVICE_UNREACHABLE',
    });
  });

  it('hands on what a command answers, and which fields were wrong', async () => {
    connection.connect();
    await connected();
    const body = { ok: true, message: 'Sent.', duration_ms: 12 };
    server.bodies.set('channel.test', body);
    const result = await connection.request({ command: 'channel.test', channel_id: 'a' });
    assert.deepEqual(result.body, body);
    const errors = [{ path: '/severity', message: 'INFO, WARNING, ERROR or CRITICAL' }];
    server.refusals.set('rule.set', 'REQUEST_INVALID');
    server.fieldErrors.set('rule.set', errors);
    await assert.rejects(connection.request({ command: 'rule.set', rule: {} }), {
      code: 'REQUEST_INVALID',
      errors,
    });
    connection.forward({ type: 'command', ref: 77, command: 'rule.set', rule: {} });
    const passed = await until('the answer for the page', () =>
      frames.find((frame) => frame.type === 'result' && frame.ref === 77),
    );
    assert.deepEqual(passed, {
      ...{ type: 'result', ref: 77, ok: false },
      ...{ code: 'REQUEST_INVALID', message: 'REQUEST_INVALID', errors },
    });
  });

  it("passes a page's commands on as they are, and answers them itself when off", async () => {
    connection.connect();
    await connected();
    connection.forward({ type: 'command', ref: 77, command: 'alert.test' });
    const answer = await until('an answer', () => frames.find((frame) => frame.type === 'result'));
    assert.deepEqual(answer, { type: 'result', ref: 77, ok: true });
    connection.close();
    connection.forward({ type: 'command', ref: 78, command: 'alert.test' });
    const last = frames.at(-1);
    assert.deepEqual(last?.type === 'result' && [last.ref, last.ok], [78, false]);
  });

  it('goes on from where a page was', async () => {
    server.publish({ jobs: [job({ job_id: 'a' })] });
    server.publish({ jobs: [job({ job_id: 'b' })] });
    connection.restart(['jobs'], { seq: 1, epoch: 'epoch-1' });
    const [first] = await until('records', () => records().length > 0 && records());
    assert.deepEqual(
      first?.jobs.map(({ job_id }) => job_id),
      ['b'],
    );
  });

  it('connects anew after a frame that is not JSON', async () => {
    connection.connect();
    await connected();
    server.sendRaw('{');
    await until('a second hello', () => server.hellos.length === 2);
    await connected();
  });

  it('leaves no socket, timer or listener behind', async () => {
    connection.connect();
    connection.connect();
    await connected();
    connection.dispose();
    await until('the socket to end', () => server.clients === 0);
    assert.equal(server.hellos.length, 1);
  });
});
