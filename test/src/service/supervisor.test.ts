import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFileOf } from '../../../src/service/launcher.ts';
import { Supervisor } from '../../../src/service/supervisor.ts';
import { root } from '../../support/paths.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { RecordServer } from '../wire/recordServer.ts';
import { until } from '../wire/until.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('keeping a service for the window', () => {
  const folder = useTempDir('supervise');
  let dataDir: string;
  let server: RecordServer;
  let supervisor: Supervisor;
  let kinds: string[];
  /** Counts its starts in a file and ends with code 1. */
  const failing = (): string => {
    const path = join(folder(), 'cli.mjs');
    const log = JSON.stringify(join(folder(), 'starts'));
    writeFileSync(
      path,
      `import fs from 'node:fs'; fs.appendFileSync(${log}, 'x'); process.exit(1);`,
    );
    return path;
  };

  beforeEach(() => {
    dataDir = join(folder(), 'data');
    mkdirSync(dataDir);
    server = new RecordServer(dataDir);
    kinds = [];
    const cli = failing();
    const launch = () => ({ cli, dataDir, idleExit: '0' });
    supervisor = new Supervisor({ launch, topics: ['jobs', 'alerts'], log: quiet });
    supervisor.onDidChangeState(({ kind }) => {
      if (kinds.at(-1) !== kind) kinds.push(kind);
    });
  });
  afterEach(async () => {
    supervisor.dispose();
    await server.stop();
  });

  const is = (kind: string, limitMs?: number): Promise<true> =>
    until(kind, () => supervisor.state.kind === kind, limitMs);

  it('finds a service that somebody else starts later, by itself', async () => {
    supervisor.attach();
    await is('off');
    await server.start();
    await is('connected', 7000);
    assert.deepEqual(kinds, ['looking', 'off', 'connected']);
  }).timeout(10_000);

  it('says that it is off after the service was stopped in order, and starts none', async () => {
    await server.start();
    supervisor.attach();
    await is('connected');
    assert.equal(await supervisor.stop(), true);
    await is('off');
    assert.equal(server.commands.at(-1)?.command, 'service.stop');
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(supervisor.state.kind, 'off');
  }).timeout(10_000);

  it('starts the service again after a crash, and says when that fails', async () => {
    await server.start();
    supervisor.attach();
    await is('connected');
    const path = join(dataDir, 'service.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as object;
    const gone = { ...file, pid: spawnSync(process.execPath, ['-e', '']).pid };
    await server.stop();
    writeFileSync(path, JSON.stringify(gone));
    await is('failed', 8000);
    assert.equal(readFileSync(join(folder(), 'starts'), 'utf8'), 'x');
    assert.ok(kinds.includes('starting'));
  }).timeout(15_000);

  it('starts once for all who ask at the same time, and shows the failure until the next start', async () => {
    const asked = [supervisor.start(), supervisor.start()];
    assert.equal(supervisor.state.kind, 'starting');
    const ends = await Promise.allSettled(asked);
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(readFileSync(join(folder(), 'starts'), 'utf8'), 'x');
    await is('failed');
    await server.start();
    await supervisor.start();
    await is('connected');
  }).timeout(10_000);

  it('starts the service on the first use only', async () => {
    supervisor.firstUse();
    await is('failed');
    supervisor.firstUse();
    supervisor.firstUse();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(readFileSync(join(folder(), 'starts'), 'utf8'), 'x');
  }).timeout(10_000);

  it('stops a service that refuses this window, to replace it', async () => {
    server.refusal = { type: 'refused', code: 'PROTOCOL_UNSUPPORTED', message: 'Another version.' };
    await server.start();
    supervisor.attach();
    await is('refused');
    server.refusal = undefined;
    assert.equal(await supervisor.stop(), true);
    assert.equal(server.hellos.at(-1)?.protocol, 1);
  }).timeout(10_000);

  it('gives up after five crashes within 3 min, and says so', async () => {
    const messages: string[] = [];
    const crashing = new Supervisor({
      launch: () => ({ cli: crashingService(folder()), dataDir, idleExit: '0' }),
      topics: ['jobs'],
      log: { ...quiet, warn: (message) => messages.push(message) },
    });
    await crashing.start();
    const failed = await until(
      'the end of the restarts',
      () => (crashing.state.kind === 'failed' ? crashing.state : undefined),
      30_000,
    );
    crashing.dispose();
    assert.match(failed.message, /ended unexpectedly 5 times within 3 min/);
    const starts = readFileSync(logFileOf(dataDir), 'utf8').match(/serving/g);
    assert.deepEqual([starts?.length, messages.length], [5, 5]);
  }).timeout(40_000);
});

/** A service that welcomes a window and then dies as by `kill -9`. */
function crashingService(folder: string): string {
  const path = join(folder, 'crashing.mjs');
  const ws = JSON.stringify(join(root, 'node_modules/ws/wrapper.mjs'));
  writeFileSync(
    path,
    `import { createServer } from 'node:http';
    import { writeFileSync } from 'node:fs';
    import { WebSocketServer } from ${ws};
    const dir = process.argv[process.argv.indexOf('--data-dir') + 1];
    const { pid } = process;
    const facts = { service: 'pipescope', version: '0.1.0', protocol: 1, pid };
    const server = createServer((_, answer) => answer.end(JSON.stringify(facts)));
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.send(JSON.stringify({ type: 'welcome', seq: 0, epoch: 'e', ...facts }));
      setTimeout(() => process.kill(pid, 'SIGKILL'), 50);
    });
    server.listen(0, '127.0.0.1', () => {
      const at = '127.0.0.1:' + server.address().port;
      writeFileSync(dir + '/tokens.json', '{"ingest":"i","admin":"a"}');
      writeFileSync(dir + '/service.json', JSON.stringify({ ...facts, url: 'http://' + at, ws: 'ws://' + at }));
      console.error('serving');
    });
    setTimeout(() => process.exit(), 20_000);`,
  );
  return path;
}
