import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { useCli } from './cli.ts';

const sentence = /^[^\n]+\.\n$/;

async function occupied(): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.end('not Pipescope'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

describe('pipescope serve', () => {
  const cli = useCli();

  const tokenOf = (dataDir: string, role: 'ingest' | 'admin') =>
    (JSON.parse(readFileSync(join(dataDir, 'tokens.json'), 'utf8')) as Record<string, string>)[
      role
    ] ?? '';

  const postTo = (url: string, dataDir: string, events: object[]) =>
    fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokenOf(dataDir, 'ingest')}`,
      },
      body: JSON.stringify(events),
    });

  it('prints one ready line, keeps its files to itself, and no token anywhere', async () => {
    const dataDir = join(cli.folder(), 'deep', 'data');
    const { service, ready } = await cli.serve(dataDir);
    const { url, ws, pid, version, protocol } = ready;
    assert.deepEqual(ready, { ready: true, url, ws, data_dir: dataDir, pid, version, protocol });
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(
      [ws, pid, version, protocol],
      [`${url.replace('http', 'ws')}/ws`, service.pid, '1.2.3-test', 1],
    );
    assert.deepEqual(JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8')), {
      url,
      ws,
      pid,
      version,
      protocol,
    });
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    await postTo(url, dataDir, [{ type: 'job.started', job_id: 'a' }]);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
    for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
      const stats = statSync(join(dataDir, name));
      assert.equal(stats.mode & 0o077, 0, name);
      if (!stats.isFile() || name === 'tokens.json') continue;
      const text = readFileSync(join(dataDir, name), 'utf8');
      for (const role of ['ingest', 'admin'] as const)
        assert.ok(!text.includes(tokenOf(dataDir, role)), name);
    }
    await service.stop();
    assert.equal(service.stdout.split('\n').length, 2);
    for (const line of service.stderr.trim().split('\n')) JSON.parse(line);
    for (const role of ['ingest', 'admin'] as const) {
      assert.ok(!(service.stdout + service.stderr).includes(tokenOf(dataDir, role)));
      assert.ok(tokenOf(dataDir, role).length >= 43);
    }
    assert.equal(existsSync(join(dataDir, 'service.json')), false);
  });

  it('flags beat the environment, the environment beats the file', async () => {
    const [fromFile, fromEnv, fromFlag] = [cli.folder(), cli.folder(), cli.folder()];
    const file = join(cli.folder(), 'pipescope.yaml');
    writeFileSync(file, `data_dir: ${fromFile}\nport: 0\nprofile: production\n`);
    const start = async (args: string[], env: Record<string, string>) => {
      const service = cli.start(['serve', ...args], { env });
      const [line] = await service.waitForOutput(/^\{"ready":true.*\}$/m);
      await service.stop();
      return (JSON.parse(line) as { data_dir: string }).data_dir;
    };
    assert.equal(await start([], { PIPESCOPE_CONFIG: file }), fromFile);
    assert.equal(await start(['--config', file], { PIPESCOPE_DATA_DIR: fromEnv }), fromEnv);
    const all = ['--config', file, '--data-dir', fromFlag];
    assert.equal(await start(all, { PIPESCOPE_DATA_DIR: fromEnv }), fromFlag);
  });

  it('a wrong option ends with code 2 and one sentence that names it', async () => {
    const dataDir = cli.folder();
    const plain = join(dataDir, 'file');
    writeFileSync(plain, '');
    const cases: [args: string[], name: RegExp][] = [
      [['serve', '--nonsense'], /--nonsense/],
      [['serve', '--port', 'x'], /--port .*0 to 65535.*"x"/],
      [['serve', '--port', '70000'], /--port/],
      [['serve', '--profile', 'test'], /--profile .*development or production/],
      [['serve', '--idle-exit', 'soon'], /--idle-exit .*10m/],
      [['serve', '--idle-exit', '600h'], /--idle-exit takes 596h at most/],
      [['serve', '--config', '/none.yaml'], /\/none\.yaml/],
      [['serve', '--data-dir', join(plain, 'x')], /data directory .*--data-dir/],
      [['serve', '--host', '0.0.0.0', '--data-dir', dataDir], /--host 0\.0\.0\.0 .*--behind-proxy/],
      [
        ['serve', '--host', 'no.such.host.invalid', '--behind-proxy', '--data-dir', dataDir],
        /no\.such\.host\.invalid/,
      ],
      [['serve', 'extra'], /extra/],
      [['nonsense'], /no command "nonsense"/],
    ];
    const results = await Promise.all(
      cases.map(async ([args, name]) => ({ args, name, result: await cli.run(args) })),
    );
    for (const { args, name, result } of results) {
      assert.equal(result.code, 2, `${args.join(' ')}: ${result.stderr}`);
      assert.match(result.stderr, sentence, args.join(' '));
      assert.match(result.stderr, name);
      assert.equal(result.stdout, '');
    }
  });

  it('a port that was asked for and is taken is an error; the default goes to the next free one and says so', async () => {
    const { server, port } = await occupied();
    try {
      const asked = await cli.run(['serve', '--data-dir', cli.folder(), '--port', String(port)]);
      assert.equal(asked.code, 2);
      assert.match(asked.stderr, new RegExp(`Port ${port} is taken by another program\\..*--port`));
      const file = join(cli.folder(), 'c.yaml');
      writeFileSync(file, `port: ${port}\n`);
      const { service, ready } = await cli.serve(cli.folder(), ['--config', file]);
      const used = new URL(ready.url).port;
      assert.notEqual(used, String(port));
      assert.match(
        service.stderr,
        new RegExp(`Port ${port} is taken by another program; using ${used}\\.`),
      );
    } finally {
      server.close();
    }
  });

  it('a second service on the same directory ends with code 3, the first one goes on', async () => {
    const dataDir = cli.folder();
    const { ready } = await cli.serve(dataDir);
    const before = readFileSync(join(dataDir, 'service.json'), 'utf8');
    const second = await cli.run(['serve', '--port', '0', '--data-dir', dataDir]);
    assert.equal(second.code, 3);
    assert.match(second.stderr, /in use by another Pipescope service/);
    assert.ok(second.stderr.includes(dataDir));
    assert.equal(readFileSync(join(dataDir, 'service.json'), 'utf8'), before);
    assert.equal((await fetch(`${ready.url}/healthz`)).status, 200);
  });

  it('SIGTERM under load with clients connected: code 0 within 3 s, every acknowledged event is kept', async function () {
    this.timeout(20_000);
    const dataDir = cli.folder();
    const { service, ready } = await cli.serve(dataDir);
    const headers = { authorization: `Bearer ${tokenOf(dataDir, 'admin')}` };
    const socket = new WebSocket(ready.ws, { headers });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"hello","protocol":1,"since":null,"topics":["jobs"],"client":"window"}');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    // One that drips its request, and one that never answers the close.
    const dripping = connect(Number(new URL(ready.url).port), '127.0.0.1');
    dripping.on('error', () => undefined);
    dripping.write('POST /api/v1/events HTTP/1.1\r\n');
    const acknowledged: string[] = [];
    let stopping = false;
    const load = async (lane: number) => {
      for (let i = 0; !stopping; i++) {
        const ids = Array.from({ length: 20 }, (_, k) => `${lane}-${i}-${k}`);
        const events = ids.map((id) => ({
          type: 'signal.counted',
          job_id: 'load',
          signal: 's',
          id,
        }));
        const response = await postTo(ready.url, dataDir, events).catch(() => undefined);
        if (response?.status === 202) acknowledged.push(...ids);
        else if (stopping) return;
      }
    };
    const lanes = [0, 1, 2, 3].map(load);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const begin = performance.now();
    service.kill('SIGTERM');
    const exit = await service.exited;
    const took = performance.now() - begin;
    stopping = true;
    await Promise.all(lanes);
    dripping.destroy();
    assert.deepEqual(exit, { code: 0, signal: null });
    assert.ok(took < 3000, `${took} ms`);
    assert.equal(await closed, 1001);
    assert.ok(acknowledged.length > 100);
    const { ready: again } = await cli.serve(dataDir);
    for (let at = 0; at < acknowledged.length; at += 1000) {
      const events = acknowledged
        .slice(at, at + 1000)
        .map((id) => ({ type: 'signal.counted', job_id: 'load', signal: 's', id }));
      const ack = (await (await postTo(again.url, dataDir, events)).json()) as { accepted: number };
      assert.equal(ack.accepted, 0, 'an acknowledged event was not known after the restart');
    }
  });

  it('SIGINT while it starts ends it too', async () => {
    const service = cli.start(['serve', '--port', '0', '--data-dir', cli.folder()]);
    await service.waitForOutput(/ready/);
    service.kill('SIGINT');
    service.kill('SIGINT');
    assert.deepEqual(await service.exited, { code: 0, signal: null });
  });

  it('ends by itself when no window was there for the idle time, not before', async () => {
    const dataDir = cli.folder();
    const { service, ready } = await cli.serve(dataDir, ['--port', '0', '--idle-exit', '1s']);
    const socket = new WebSocket(ready.ws, {
      headers: { authorization: `Bearer ${tokenOf(dataDir, 'admin')}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"hello","protocol":1,"since":null,"topics":["jobs"],"client":"window"}');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(service.isRunning, true, `${service.stdout} ${service.stderr}`);
    socket.terminate();
    assert.deepEqual(await service.exited, { code: 0, signal: null });
    assert.match(service.stderr, /Stopping/);
  });

  it('the token file is made once', async () => {
    const dataDir = cli.folder();
    const hash = () =>
      createHash('sha256')
        .update(readFileSync(join(dataDir, 'tokens.json')))
        .digest('hex');
    const { service } = await cli.serve(dataDir);
    const first = hash();
    await service.stop();
    await cli.serve(dataDir);
    assert.equal(hash(), first);
  });
});
