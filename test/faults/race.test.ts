import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { useTempDir } from '../support/tempDir.ts';
import { eventually, runCli, services, startService } from './support/service.ts';

const STARTS = 20;

describe('many services on one data directory', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('race');

  it(`leaves exactly one of ${STARTS} that start at once; the others say why and exit 3`, async function () {
    this.timeout(60_000);
    const args = ['serve', '--port', '0', '--data-dir', folder()];
    const all = Array.from({ length: STARTS }, () => runCli(args));
    const ready = () => all.filter(({ stdout }) => stdout.includes('"ready":true'));
    const ended = () => all.filter(({ isRunning }) => !isRunning);
    await eventually('an end', () => ready().length + ended().length === STARTS, 50_000);
    const winners = ready();
    const losers = all.filter((one) => !winners.includes(one));
    const ends = await Promise.all(losers.map((one) => one.exited));
    assert.equal(winners.length, 1);
    assert.deepStrictEqual(new Set(ends.map(({ code }) => code)), new Set([3]), losers[0]?.stderr);
    for (const { stderr } of losers) {
      const lines = stderr.trim().split('\n');
      assert.equal(lines.length, 1, stderr);
      assert.match(lines[0] ?? '', /is in use by another Pipescope service\. Stop that one, or/);
    }
    assert.equal((await winners[0]?.stop())?.code, 0);
    assert.ok(!existsSync(join(folder(), 'service.json')));
  });

  it('lets the next one start as soon as the last one is killed', async () => {
    for (let round = 0; round < 3; round++) await (await start(folder())).kill();
    const last = await start(folder());
    assert.doesNotMatch(last.log, /"level":[45]0/);
  });

  it('ends with a sentence and code 2 when its port is taken', async () => {
    const first = await start(folder());
    const { port } = new URL(first.ready.url);
    const other = runCli(['serve', '--port', port, '--data-dir', join(folder(), 'other')]);
    assert.deepStrictEqual(await other.exited, { code: 2, signal: null });
    assert.match(other.stderr, /Port \d+ is taken by another program\. Choose another with --port/);
  });
});

describe('a service.json that a crash has left', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('stale');
  const foreign: Server[] = [];
  afterEach(() => {
    for (const server of foreign.splice(0)) {
      server.closeAllConnections?.();
      server.close();
    }
  });

  /** Leaves the file of a service that is gone; its port is the foreign server's. */
  async function crashed(port: number): Promise<void> {
    const service = await startService(folder());
    await service.kill();
    const { pid, version, protocol } = service.ready;
    const url = `http://127.0.0.1:${port}`;
    const file = { url, ws: `${url}/ws`, pid, version, protocol };
    writeFileSync(join(folder(), 'service.json'), JSON.stringify(file));
  }

  async function cli(...args: string[]) {
    const env = { PIPESCOPE_DATA_DIR: folder(), PIPESCOPE_URL: '', PIPESCOPE_TOKEN: '' };
    const run = runCli(args, { env });
    const { code } = await run.exited;
    return { code, text: run.stdout + run.stderr };
  }

  async function foreignServer(answer: RequestListener): Promise<number> {
    const server = createServer(answer);
    foreign.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return (server.address() as AddressInfo).port;
  }

  it('is named as ended by doctor and send, with the next step', async () => {
    const port = await foreignServer(() => undefined);
    foreign.pop()?.close();
    await crashed(port);
    const file = join(folder(), 'events.ndjson');
    writeFileSync(file, '{"type":"job.started","job_id":"j"}\n');
    const sentence =
      /The Pipescope service at http:\/\/127\.0\.0\.1:\d+ has ended\. Start one with "pipescope serve"\./;
    const doctor = await cli('doctor');
    assert.equal(doctor.code, 1);
    assert.match(doctor.text, sentence);
    const send = await cli('send', file);
    assert.equal(send.code, 1);
    assert.match(send.text, sentence);
    assert.equal(send.text.trim().split('\n').length, 1, send.text);
  });

  const others: [string, RequestListener][] = [
    ['a web server', (_, response) => response.end('<h1>Hello</h1>')],
    ['a server that says no', (_, response) => response.writeHead(404).end()],
    [
      'the service of another directory',
      (_, response) =>
        response.end(
          JSON.stringify({ status: 'ok', service: 'pipescope', protocol: 1, pid: process.pid }),
        ),
    ],
  ];
  for (const [what, answer] of others) {
    it(`does not lead doctor and send to ${what}, and gives it no token`, async () => {
      const headers: unknown[] = [];
      const port = await foreignServer((request, response) => {
        headers.push(request.headers.authorization);
        answer(request, response);
      });
      await crashed(port);
      const file = join(folder(), 'events.ndjson');
      writeFileSync(file, '{"type":"job.started","job_id":"j"}\n');
      for (const args of [['doctor'], ['send', file]]) {
        const { code, text } = await cli(...args);
        assert.equal(code, 1);
        assert.match(text, /has ended, and another program answers there\. Start one with/);
      }
      assert.deepStrictEqual(headers, [undefined, undefined]);
    });
  }

  it('does not hold doctor for long when the port takes connections and says nothing', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    await crashed((silent.address() as AddressInfo).port);
    const { code, text } = await cli('doctor');
    silent.close();
    assert.equal(code, 1);
    assert.match(text, /does not answer within 2 seconds/);
  });

  it('is no hindrance to the next service', async () => {
    await crashed(await foreignServer((_, response) => response.end('<h1>Hello</h1>')));
    const next = await start(folder());
    await next.send([{ type: 'job.started', job_id: 'j' }]);
    assert.equal((await cli('doctor')).code, 0);
  });
});
