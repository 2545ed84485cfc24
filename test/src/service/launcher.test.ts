import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, logFileOf, nodeEnvironment } from '../../../src/service/launcher.ts';
import { askToStop, untilGone } from '../../../src/service/stop.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';
import { root } from '../../support/paths.ts';
import { RecordServer } from '../wire/recordServer.ts';
import { until } from '../wire/until.ts';

describe('starting the service', () => {
  let folder: string;
  let dataDir: string;
  beforeEach(() => {
    folder = makeTempDir('launch');
    dataDir = join(folder, 'data');
  });
  afterEach(() => removeTempDir(folder));

  /** A program in the place of `dist/cli.js`. */
  const program = (lines: string): string => {
    const path = join(folder, 'cli.mjs');
    writeFileSync(path, lines);
    return path;
  };
  const serving = (before = ''): string =>
    program(`${before}
      import { register } from ${JSON.stringify(join(root, 'node_modules/tsx/dist/esm/api/index.mjs'))};
      register();
      const { RecordServer } = await import(${JSON.stringify(join(root, 'test/src/wire/recordServer.ts'))});
      await new RecordServer(process.argv[process.argv.indexOf('--data-dir') + 1]).start();
      console.error(JSON.stringify([process.argv.slice(2), Object.keys(process.env)]));
      setTimeout(() => process.exit(), 20_000);`);

  it('attaches to one that runs', async () => {
    const server = new RecordServer(dataDir);
    await server.start();
    const endpoint = await launch({ cli: '/nowhere', dataDir, idleExit: '0' });
    assert.equal(endpoint.url, server.url);
    await server.stop();
  });

  it('starts a process of its own, without what belongs to the window, and stops it by asking', async () => {
    const env = {
      ...process.env,
      VSCODE_PID: '1',
      ELECTRON_NO_ASAR: '1',
      NODE_OPTIONS: '--no-warnings',
    };
    const endpoint = await launch({ cli: serving(), dataDir, idleExit: '10m', env });
    assert.notEqual(endpoint.pid, process.pid);
    const line = await until('its log', () => readFileSync(logFileOf(dataDir), 'utf8').trim());
    const [args, names] = JSON.parse(line) as [string[], string[]];
    assert.deepEqual(args, ['serve', '--data-dir', dataDir, '--idle-exit', '10m']);
    assert.deepEqual(
      names.filter((name) => /^VSCODE_|^ELECTRON_|^NODE_OPTIONS/.test(name)),
      ['ELECTRON_RUN_AS_NODE'],
    );
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
    assert.equal(statSync(logFileOf(dataDir)).mode & 0o777, 0o600);
    await askToStop(endpoint);
    assert.equal(await untilGone(dataDir, endpoint.pid), true);
    process.kill(endpoint.pid, 'SIGTERM');
  }).timeout(20_000);

  it('attaches to the one that another window started in the same moment', async () => {
    const cli = program('setTimeout(() => process.exit(3), 100);');
    const server = new RecordServer(dataDir);
    const launched = launch({ cli, dataDir, idleExit: '0' });
    setTimeout(() => void server.start(), 600);
    assert.equal((await launched).url, server.url);
    await server.stop();
  });

  it('says at once why one that ends cannot be started, and keeps what it printed', async () => {
    const cli = program(`console.error('no such folder'); process.exit(2);`);
    await assert.rejects(launch({ cli, dataDir, idleExit: '0' }), {
      code: 'SERVICE_UNREACHABLE',
      message:
        'The Pipescope service could not be started. It ended with code 2. Its log says more.',
    });
    assert.equal(readFileSync(logFileOf(dataDir), 'utf8'), 'no such folder\n');
  });

  it('keeps the environment of a plain Node process', () => {
    const env = nodeEnvironment({
      PATH: '/bin',
      VSCODE_IPC_HOOK_CLI: 'x',
      ELECTRON_RUN_AS_NODE: '',
    });
    assert.deepEqual(env, { PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' });
    assert.equal(spawnSync(process.execPath, ['-e', ''], { env }).status, 0);
  });
});
