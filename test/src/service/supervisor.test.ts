import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supervisor } from '../../../src/service/supervisor.ts';
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
});
