import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Guard } from '../../../service/http/guard.ts';
import type { SessionContext } from '../../../service/ws/session.ts';
import { SocketServer } from '../../../service/ws/server.ts';
import { type TestService, eventually, send, useServices } from '../../support/service.ts';
import { Client } from './client.ts';

const started = (job_id: string, fields: object = {}) => ({
  type: 'job.started',
  job_id,
  ...fields,
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the hub', () => {
  const start = useServices();
  const clients: Client[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.end();
  });
  const keep = (client: Client): Client => {
    clients.push(client);
    return client;
  };
  const watch = async (to: TestService, topics: string[], hello: object = {}) =>
    keep(await Client.watch(to, topics, hello));
  const hello = async (to: TestService, fields: object = {}, token?: string | null) =>
    keep(await Client.hello(to, fields, token));

  describe('hello', () => {
    it('is answered by welcome with protocol, seq and epoch, and what time it is', async () => {
      const to = await start();
      await send(to, started('a'));
      const begin = Date.now();
      const { now, ...welcome } = (await hello(to)).welcome ?? assert.fail();
      const { seq, epoch } = to.service.monitor;
      assert.ok(now !== undefined && now >= begin - 1 && now <= Date.now() + 1, String(now));
      assert.deepEqual(welcome, {
        type: 'welcome',
        protocol: 1,
        seq,
        epoch,
        version: to.service.ready.version,
        profile: 'development',
      });
    });

    it('carries the token where no header did', async () => {
      const to = await start();
      assert.ok((await hello(to, { token: to.tokens.admin }, null)).welcome);
      const without = await hello(to, {}, null);
      assert.equal(without.of('refused')[0]?.code, 'TOKEN_MISSING');
      assert.equal(await without.closed, 1008);
      const wrong = await hello(to, { token: 'wrong' }, null);
      assert.equal(wrong.of('refused')[0]?.code, 'TOKEN_WRONG');
    });

    it('of another protocol, or with a topic that is none, is refused with the reason', async () => {
      const to = await start();
      const cases: [object, string, RegExp][] = [
        [{ protocol: 2 }, 'PROTOCOL_UNSUPPORTED', /protocol 1, the client 2/],
        [{ protocol: '1' }, 'PROTOCOL_UNSUPPORTED', /protocol 1/],
        [{ topics: ['nothing'] }, 'FRAME_INVALID', /no topic "nothing"/],
        [{ topics: 'jobs' }, 'FRAME_INVALID', /topics/],
        [{ topics: Array(300).fill('jobs') }, 'FRAME_INVALID', /at most 256/],
        [{ since: -1 }, 'FRAME_INVALID', /since/],
        [{ since: 'x' }, 'FRAME_INVALID', /since/],
      ];
      for (const [fields, code, message] of cases) {
        const client = await hello(to, fields);
        const refused = client.of('refused')[0];
        assert.equal(refused?.code, code, JSON.stringify(fields));
        assert.match(refused.message, message);
        assert.equal(await client.closed, 1008);
      }
    });

    it('comes first, and once', async () => {
      const to = await start();
      const early = keep(new Client(to));
      await early.open();
      early.send({ type: 'events', ref: 1, events: [started('early')] });
      await early.closed;
      assert.match(early.of('refused')[0]?.message ?? '', /first frame/);
      const twice = await hello(to);
      twice.send({ type: 'hello', protocol: 1, since: null, topics: [] });
      await twice.closed;
      assert.match(twice.of('refused')[0]?.message ?? '', /already/);
      assert.equal(to.service.monitor.seq, 0);
    });
  });

  describe('frames of a client', () => {
    it('that cannot be read end the connection with the reason, and write nothing', async () => {
      const to = await start();
      const bad: (string | Buffer)[] = [
        '',
        '{',
        'null',
        '5',
        '[]',
        '{"type":"nothing"}',
        '{"type":"events","ref":1}',
        '{"type":"events","ref":"a","events":[]}',
        '{"type":"command","ref":1,"command":"constructor"}',
        '{"type":"command","ref":1,"command":"alert.acknowledge"}',
        '{"type":"command","ref":1,"command":"job.remove","job_id":5}',
        Buffer.from('{"type":"events","ref":1,"events":[]}'),
      ];
      for (const frame of bad) {
        const client = await hello(to);
        client.socket.send(frame);
        assert.equal(await client.closed, 1008, String(frame));
        assert.match(client.of('refused')[0]?.message ?? '', /\.$/);
      }
      assert.equal(to.service.monitor.seq, 0);
    });

    it('larger than 5 MiB, or no UTF-8, end it too', async () => {
      const to = await start();
      const large = await hello(to);
      large.socket.send(Buffer.alloc(5 * 1024 * 1024 + 1, 0x20), { binary: false });
      assert.equal(await large.closed, 1009);
      const broken = await hello(to);
      broken.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
      assert.equal(await broken.closed, 1007);
    });

    it('with events are acknowledged like a POST, with either token', async () => {
      const to = await start();
      for (const token of [to.tokens.ingest, to.tokens.admin]) {
        const client = await hello(to, {}, token);
        const events = [
          started('a', { id: token.slice(0, 9) }),
          { type: 'nonsense' },
          started('b'),
        ];
        const ack = await client.ask({ type: 'events', events });
        assert.ok(ack.type === 'ack');
        assert.deepEqual([ack.accepted, ack.duplicates], [2, 0]);
        assert.deepEqual(
          ack.rejected.map(({ index, code, path }) => [index, code, path]),
          [[1, 'EVENT_TYPE_UNKNOWN', '/type']],
        );
        assert.equal(ack.seq, to.service.monitor.seq);
        const again = await client.ask({ type: 'events', events: events.slice(0, 1) });
        assert.ok(again.type === 'ack');
        assert.deepEqual([again.accepted, again.duplicates], [0, 1]);
      }
    });

    it('with more than 1,000 events get a result that says so, and the connection stays', async () => {
      const to = await start();
      const client = await hello(to);
      const events = Array.from({ length: 1001 }, () => started('many'));
      const answer = await client.ask({ type: 'events', events });
      assert.ok(answer.type === 'result' && !answer.ok);
      assert.equal(answer.code, 'BODY_TOO_MANY_EVENTS');
      assert.equal((await client.ask({ type: 'events', events: [started('one')] })).type, 'ack');
    });

    it('with the ingest token read nothing and command nothing', async () => {
      const to = await start();
      const { ingest } = to.tokens;
      for (const topics of [['jobs'], ['alerts'], ['job:a']]) {
        const client = await hello(to, { topics }, ingest);
        assert.equal(client.of('refused')[0]?.code, 'TOKEN_REFUSED');
      }
      const client = await hello(to, {}, ingest);
      for (const [command, fields] of [
        ['topics.set', { topics: ['jobs'] }],
        ['alert.test', {}],
        ['service.stop', {}],
      ] as const) {
        const answer = await client.command(command, fields);
        assert.ok(answer.type === 'result' && !answer.ok);
        assert.equal(answer.code, 'TOKEN_REFUSED');
      }
      await send(to, started('a'));
      await pause(150);
      assert.deepEqual(client.records, []);
      assert.deepEqual(to.stopReasons, []);
    });
  });

  describe('records', () => {
    it('are those of the topics, each whole', async () => {
      const to = await start();
      const jobs = await watch(to, ['jobs']);
      const alerts = await watch(to, ['alerts']);
      const one = await watch(to, ['job:a']);
      await send(to, [
        started('a', { phases: [{ phase_id: 'P0' }] }),
        started('b'),
        { type: 'phase.started', job_id: 'a', phase_id: 'P0' },
        { type: 'subphase.recorded', job_id: 'a', phase_id: 'P0', name: 's' },
        { type: 'log.recorded', job_id: 'a', level: 'info', message: 'hello' },
        { type: 'artifact.produced', job_id: 'a', path: 'x' },
        { type: 'resource.sampled', job_id: 'a', cpu_percent: 5 },
        { type: 'alert.raised', title: 'T', severity: 'INFO', component: 'c' },
      ]);
      await eventually(
        () => jobs.job('b') && alerts.alert('T') && one.records.length > 1,
        'records',
      );
      await pause(120);
      const job = jobs.job('a');
      assert.deepEqual([job?.status, job?.phases_total], ['RUNNING', 1]);
      assert.ok(
        jobs.records.every((f) => f.phases.length + f.alerts.length === 0 && !f.logs?.length),
      );
      assert.ok(alerts.records.every((f) => f.jobs.length + f.phases.length === 0));
      const parts = one.records.filter((f) => f.phases.length > 0).at(-1);
      assert.deepEqual(
        [
          parts?.phases[0]?.status,
          parts?.sub_phases?.length,
          parts?.logs?.length,
          parts?.artifacts?.length,
          parts?.resources?.length,
        ],
        ['RUNNING', 1, 1, 1, 1],
      );
      assert.equal(one.job('b'), undefined);
    });

    it('come newest only, at most 20 frames a second under 5,000 events a second @alone', async () => {
      const to = await start();
      const client = await watch(to, ['jobs', 'job:load']);
      const sender = await hello(to, {}, to.tokens.ingest);
      const begin = performance.now();
      let sent = 0;
      while (performance.now() - begin < 2000) {
        const events = Array.from({ length: 250 }, () => ({
          type: 'phase.progress',
          job_id: 'load',
          phase_id: 'P0',
          items_done: ++sent,
        }));
        await sender.ask({ type: 'events', events });
        const ahead = (sent / 5000) * 1000 - (performance.now() - begin);
        if (ahead > 0) await pause(ahead);
      }
      const seconds = (performance.now() - begin) / 1000;
      assert.ok(sent / seconds > 2500, `only ${sent / seconds} events/s`);
      await eventually(
        () => client.records.at(-1)?.seq === to.service.monitor.seq,
        'The last frame',
      );
      const frames = client.records.length - 1;
      assert.ok(frames <= 20 * seconds + 2, `${frames} frames in ${seconds} s`);
      assert.ok(frames >= 5 * seconds, `${frames} frames in ${seconds} s`);
      const seqs = client.records.map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        [...seqs].sort((a, b) => a - b),
      );
      assert.ok(client.records.every(({ jobs, phases }) => jobs.length <= 1 && phases.length <= 1));
    });

    it('of jobs that were removed name them, and a job with the same id is a new one', async () => {
      const to = await start();
      const client = await watch(to, ['jobs']);
      await send(to, [started('a'), { type: 'job.completed', job_id: 'a' }]);
      await client.command('job.remove', { job_id: 'a' });
      await send(to, started('a', { name: 'again' }));
      await eventually(() => client.job('a')?.name === 'again', 'The new job');
      await pause(120);
      const last = client.records.findLast(({ jobs }) => jobs.some(({ job_id }) => job_id === 'a'));
      assert.deepEqual(last?.removed, []);
    });
  });

  describe('resume', () => {
    const ids = (client: Client) => client.records.flatMap(({ jobs }) => jobs.map((j) => j.job_id));

    it('by since and epoch gives what changed and what was removed, nothing else', async () => {
      const to = await start();
      await send(
        to,
        ['a', 'b', 'c', 'd'].map((id) => started(id)),
      );
      await send(to, { type: 'job.completed', job_id: 'd' });
      const first = await watch(to, ['jobs', 'alerts']);
      const { seq: since } = first.records.at(-1) ?? { seq: -1 };
      first.end();
      await first.closed;
      await send(to, [started('e'), { type: 'job.progress', job_id: 'b', progress: 0.5 }]);
      const other = await hello(to);
      await other.command('job.remove', { job_id: 'd' });
      await other.command('alert.test');
      await pause(120);
      const { epoch } = to.service.monitor;
      const back = await watch(to, ['jobs', 'alerts'], { since, epoch });
      const [frame] = back.records;
      assert.equal(frame?.reset, undefined);
      assert.deepEqual(ids(back).sort(), ['b', 'e']);
      assert.deepEqual(frame?.removed, [{ kind: 'job', job_id: 'd' }]);
      assert.equal(frame.alerts.length, 1);
      const still = await watch(to, ['jobs', 'alerts'], { since: frame.seq, epoch });
      assert.deepEqual(ids(still), []);
    });

    it('reaches every job that changed, not only the newest 500', async () => {
      const to = await start();
      await send(to, started('old', { time: Date.now() - 86_400_000 }));
      const many = Array.from({ length: 600 }, (_, i) => started(`job-${i}`));
      const { seq: since } = await send(to, many);
      await send(to, { type: 'job.progress', job_id: 'old', progress: 0.5 });
      const { epoch } = to.service.monitor;
      assert.deepEqual(ids(await watch(to, ['jobs'], { since, epoch })), ['old']);
    });

    it('brings a job of its own topic itself, though it is older than the newest 500', async () => {
      const to = await start();
      await send(to, started('old', { time: Date.now() - 86_400_000 }));
      await send(
        to,
        Array.from({ length: 600 }, (_, i) => started(`job-${i}`)),
      );
      const both = await watch(to, ['jobs', 'job:old']);
      assert.ok(ids(both).includes('old'));
      const alone = await watch(to, ['job:old']);
      assert.deepEqual(ids(alone), ['old']);
      await send(to, { type: 'job.progress', job_id: 'old', progress: 0.5 });
      await eventually(() => alone.job('old')?.progress === 0.5, 'Its change');
    });

    it('with an unknown epoch, from the future or from before the start is a reset', async () => {
      const to = await start();
      await send(to, [started('a'), started('b')]);
      const { seq, epoch } = to.service.monitor;
      for (const known of [
        { since: seq, epoch: 'other' },
        { since: seq },
        { since: seq + 1, epoch },
        { since: null, epoch },
      ]) {
        const client = await watch(to, ['jobs'], known);
        assert.equal(client.records[0]?.reset, true, JSON.stringify(known));
        assert.deepEqual(ids(client).sort(), ['a', 'b']);
      }
      await to.stop();
      const next = await start({ dataDir: to.dataDir });
      const client = await watch(next, ['jobs'], { since: 1, epoch });
      assert.equal(client.records[0]?.reset, true);
      assert.deepEqual(ids(client).sort(), ['a', 'b']);
    });
  });

  describe('commands', () => {
    const raised = (id: string, fields: object = {}) => ({
      type: 'alert.raised',
      id,
      title: id,
      severity: 'ERROR',
      component: 'queue',
      ...fields,
    });

    it('acknowledge, resolve, clear: the effect comes back as records', async () => {
      const to = await start();
      const client = await watch(to, ['alerts', 'jobs']);
      await send(to, [
        started('j'),
        raised('one'),
        raised('two', { job_id: 'j' }),
        raised('three'),
      ]);
      const result = await client.command('alert.acknowledge', {
        alert_id: 'one',
        by: 'Ada',
        note: 'on it',
      });
      assert.deepEqual({ ...result, ref: 0 }, { type: 'result', ref: 0, ok: true, count: 1 });
      await eventually(() => client.alert('one')?.acknowledged, 'The acknowledgement');
      const { acknowledged_by, note, active } = client.alert('one') ?? {};
      assert.deepEqual([acknowledged_by, note, active], ['Ada', 'on it', true]);
      const again = await client.command('alert.acknowledge', { alert_id: 'one', by: 'Bob' });
      assert.ok(again.type === 'result' && again.ok && again.count === 0);
      const ofJob = await client.command('alert.acknowledge_all', { job_id: 'j' });
      assert.ok(ofJob.type === 'result' && ofJob.ok && ofJob.count === 1);
      const rest = await client.command('alert.acknowledge_all');
      assert.ok(rest.type === 'result' && rest.ok && rest.count === 1);
      await client.command('alert.resolve', { alert_id: 'three', note: 'done' });
      await eventually(() => client.alert('three')?.active === false, 'The end of the alert');
      const cleared = await client.command('alert.clear_acknowledged');
      assert.ok(cleared.type === 'result' && cleared.ok && cleared.count === 3);
      const removed = () => client.records.flatMap((frame) => frame.removed);
      await eventually(() => removed().length === 3, 'The removals');
      await eventually(() => client.job('j')?.alert_count === 0, 'The count of the job');
    });

    it('remove an ended job, raise a test alert, end the service', async () => {
      const to = await start();
      const client = await watch(to, ['alerts', 'jobs']);
      await send(to, started('j'));
      const early = await client.command('job.remove', { job_id: 'j' });
      assert.ok(early.type === 'result' && !early.ok && early.code === 'JOB_STILL_RUNNING');
      await send(to, { type: 'job.completed', job_id: 'j' });
      await client.command('job.remove', { job_id: 'j' });
      await client.command('alert.test');
      await eventually(() => client.alert('Test alert'), 'The test alert');
      for (const [command, fields, code] of [
        ['job.remove', { job_id: 'none' }, 'JOB_UNKNOWN'],
        ['alert.acknowledge', { alert_id: 'none' }, 'ALERT_UNKNOWN'],
        ['alert.resolve', { alert_id: 'none' }, 'ALERT_UNKNOWN'],
        ['topics.set', { topics: ['x'] }, 'FRAME_INVALID'],
      ] as const) {
        const answer = await client.command(command, fields);
        assert.ok(answer.type === 'result' && !answer.ok && answer.code === code, command);
      }
      await client.command('service.stop');
      await eventually(() => to.stopReasons.length > 0, 'The wish to end');
    });

    it('change the topics: what is new follows, what is gone stays away', async () => {
      const to = await start();
      await send(to, [started('a'), { type: 'phase.started', job_id: 'a', phase_id: 'P0' }]);
      const client = await watch(to, ['alerts']);
      await client.command('topics.set', { topics: ['jobs', 'job:a'] });
      await eventually(() => client.job('a'), 'The jobs');
      await eventually(
        () => client.records.some(({ phases }) => phases.length === 1),
        'The phases',
      );
      await client.command('topics.set', { topics: ['jobs'] });
      const frames = client.records.length;
      await send(to, { type: 'phase.completed', job_id: 'a', phase_id: 'P0' });
      await eventually(() => client.records.length > frames, 'The change');
      assert.ok(client.records.slice(frames).every(({ phases }) => phases.length === 0));
    });
  });

  describe('many and slow clients', () => {
    it('does not read on while many commands of a client wait', async () => {
      const to = await start();
      const client = await Client.hello(to);
      const { monitor } = to.service;
      const append = monitor.append.bind(monitor);
      let waiting = 0;
      let most = 0;
      monitor.append = async (events, now) => {
        most = Math.max(most, ++waiting);
        await new Promise((resolve) => setTimeout(resolve, 50));
        waiting--;
        return append(events, now);
      };
      // Blanks make a frame as large as a good part of what is read at once.
      const blanks = ' '.repeat(30_000);
      for (let ref = 1; ref <= 100; ref++)
        client.send(JSON.stringify({ type: 'command', ref, command: 'alert.test' }) + blanks);
      const results = () => client.frames.filter(({ type }) => type === 'result').length;
      await eventually(() => results() === 100, 'All answers');
      // What is in a piece of the socket already is read: a few frames more than 16.
      assert.ok(most >= 16 && most <= 24, `${most} at once`);
    });

    it('64 are served, the next is told to come back', async () => {
      const to = await start();
      const all = await Promise.all(Array.from({ length: 64 }, () => hello(to)));
      assert.ok(all.every(({ welcome }) => welcome));
      const next = keep(new Client(to));
      await assert.rejects(next.open(), /503/);
      all[0]?.end();
      await all[0]?.closed;
      await pause(50);
      assert.ok((await hello(to)).welcome);
    });

    it('a client that stops reading costs less than 4 MiB, and gets the newest states when it reads again', async function () {
      this.timeout(20_000);
      const to = await start();
      const client = await watch(to, ['jobs']);
      client.socket.pause();
      const buffered = () => Math.max(...serverBuffers(to));
      let worst = 0;
      const filler = randomBytes(3000).toString('hex');
      for (let round = 0; round < 40; round++) {
        const events = Array.from({ length: 60 }, (_, i) =>
          started(`job-${i}`, { name: `round ${round}`, filler: `${filler}${round}` }),
        );
        await send(to, events);
        await pause(60);
        worst = Math.max(worst, buffered());
      }
      assert.ok(worst < 4 * 1024 * 1024, `${worst} bytes wait`);
      assert.ok(worst > 512 * 1024, `only ${worst} bytes wait: nothing was held back`);
      client.socket.resume();
      await eventually(
        () => client.records.at(-1)?.seq === to.service.monitor.seq,
        'The newest state',
        8000,
      );
      for (let i = 0; i < 60; i++) assert.equal(client.job(`job-${i}`)?.name, 'round 39');
      assert.ok(
        client.records.length < 35,
        `${client.records.length} frames: no state was skipped`,
      );
      assert.equal(client.socket.readyState, client.socket.OPEN);
    });

    it('a client that reads gets a job of 20,000 phases whole', async function () {
      this.timeout(20_000);
      const to = await start();
      const phases = (from: number) =>
        Array.from({ length: 1000 }, (_, i) => ({
          type: 'phase.started',
          job_id: 'huge',
          phase_id: `P${from + i}`,
          name: 'A phase with a name that takes some space',
        }));
      for (let from = 0; from < 20_000; from += 1000) await send(to, phases(from));
      const client = await watch(to, ['job:huge']);
      const seen = () =>
        new Set(client.records.flatMap((f) => f.phases.map((p) => p.phase_id))).size;
      await eventually(() => seen() === 20_000, 'All phases', 10_000);
      await pause(300);
      assert.equal(client.socket.readyState, client.socket.OPEN);
    });
  });
});

/** Bytes that wait in the server's sockets, measured from inside this process. */
function serverBuffers(to: TestService): number[] {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const sockets = handles.filter(
    (handle): handle is { localPort: number; writableLength: number } =>
      typeof handle === 'object' &&
      handle !== null &&
      'localPort' in handle &&
      'writableLength' in handle,
  );
  return [0, ...sockets.filter((s) => s.localPort === to.port).map((s) => s.writableLength)];
}

describe('heartbeats', () => {
  it('end a connection that does not answer a ping, and keep one that does', async () => {
    const tokens = { ingest: 'i', admin: 'a' };
    const guard = new Guard({
      tokens,
      codes: { has: () => false },
      hosts: ['127.0.0.1'],
      elapsed: () => performance.now(),
    });
    const server = createServer();
    const context = { hub: { remove: () => undefined } } as unknown as SessionContext;
    const sockets = new SocketServer({ server, guard, context, pingMs: 100 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    guard.listensOn(port);
    try {
      const open = (answers: boolean) => {
        const socket = connect(port, '127.0.0.1');
        const lines = [
          'GET /ws HTTP/1.1',
          `Host: 127.0.0.1:${port}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ];
        socket.write(`${lines.join('\r\n')}\r\n\r\n`);
        // A ping is 0x89 0x00; a client's pong carries a mask.
        socket.on('data', (data: Buffer) => {
          if (answers && data.includes(Buffer.from([0x89, 0x00])))
            socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
        });
        const closed = new Promise<number>((resolve) => {
          const begin = performance.now();
          socket.once('close', () => resolve(performance.now() - begin));
        });
        return { socket, closed };
      };
      const dead = open(false);
      const live = open(true);
      const took = await dead.closed;
      assert.ok(took > 90 && took < 1000, `${took} ms`);
      await pause(400);
      assert.equal(live.socket.closed, false);
      live.socket.destroy();
    } finally {
      sockets.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
