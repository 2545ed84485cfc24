import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/service.ts';
import { H200, fakeNvidiaSmi, hangingNvidiaSmi, pathWith } from '../sampler/fakeNvidiaSmi.ts';
import { useCli } from './cli.ts';

interface Reported {
  type: string;
  id: string;
  time: number;
  worker_id: string;
  kind: string;
  host: string;
  labels: Record<string, string>;
  [field: string]: unknown;
}

/** What the worker said, as the journal on disk holds it. */
function reported(dataDir: string): Reported[] {
  const folder = join(dataDir, 'journal');
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.includes('"worker.'))
    .map((line) => (JSON.parse(line.slice(line.indexOf('{'))) as { event: Reported }).event);
}

const beats = (dataDir: string) =>
  reported(dataDir).filter(({ type }) => type === 'worker.heartbeat');

const SAID_AT_START =
  /^Reporting this machine as machine\/ä 1 to http:\/\/127\.0\.0\.1:\d+ every 1 s\. Stop with Ctrl\+C\.\n$/;

describe('pipescope agent', function () {
  this.timeout(40_000);
  const cli = useCli();
  const start = (dataDir: string, args: string[] = [], env: Record<string, string> = {}) =>
    cli.start(['agent', '--worker-id', 'machine/ä 1', '--interval', '1', ...args], {
      env: { PIPESCOPE_DATA_DIR: dataDir, ...env },
    });

  it('reports the machine: registered, heartbeats with what is measured, stopped', async () => {
    const dataDir = cli.folder();
    await cli.serve(dataDir);
    const agent = start(dataDir, ['--kind', 'cpu', '--label', 'zone=a', '--label', 'x=y=z']);
    await eventually(() => beats(dataDir).length >= 3, 'Three heartbeats', 15_000);
    const asked = performance.now();
    agent.kill('SIGTERM');
    assert.deepEqual(await agent.exited, { code: 0, signal: null });
    assert.ok(performance.now() - asked < 2000, `${performance.now() - asked} ms to end`);
    assert.equal(agent.stdout, '');
    assert.match(agent.stderr, SAID_AT_START);
    const events = reported(dataDir);
    const [registered] = events;
    assert.equal(registered?.type, 'worker.registered');
    assert.equal(registered.cores, availableParallelism());
    assert.equal(events.at(-1)?.type, 'worker.stopped');
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    for (const { worker_id, kind, host, labels } of events) {
      const wanted = ['machine/ä 1', 'cpu', hostname(), { zone: 'a', x: 'y=z' }];
      assert.deepEqual([worker_id, kind, host, labels], wanted);
    }
    const all = beats(dataDir);
    const times = all.map(({ time }) => time);
    times.slice(1).forEach((time, n) => {
      const gap = time - (times[n] ?? 0);
      assert.ok(gap > 800 && gap < 2500, `${gap} ms between heartbeats`);
    });
    const last = all.at(-1) ?? assert.fail('There is no heartbeat.');
    const within = (field: string, least: number, most: number) => {
      const value = last[field];
      assert.ok(
        typeof value === 'number' && value >= least && value <= most,
        `${field}: ${String(value)}`,
      );
    };
    within('cpu_percent', 0, 100);
    within('memory_mb', 50, totalmem() / 1024 ** 2);
    within('memory_total_mb', totalmem() / 1024 ** 2 - 1, totalmem() / 1024 ** 2 + 1);
    within('memory_percent', 1, 100);
    within('disk_percent', 0, 100);
    within('latency_ms', 0.1, 2000);
    for (const field of ['disk_read_mb_s', 'disk_write_mb_s', 'net_in_mb_s', 'net_out_mb_s'])
      within(field, 0, 100_000);
  });

  it('goes on when the service is killed and starts again elsewhere; says each change once', async () => {
    const dataDir = cli.folder();
    const { service } = await cli.serve(dataDir);
    const agent = start(dataDir, ['--kind', 'cpu']);
    await eventually(() => beats(dataDir).length >= 1, 'A heartbeat', 15_000);
    service.kill('SIGKILL');
    await service.exited;
    await agent.waitForOutput(/Trying again/);
    const before = beats(dataDir).length;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await cli.serve(dataDir);
    await eventually(() => beats(dataDir).length >= before + 2, 'Heartbeats again', 15_000);
    assert.match(
      agent.stderr,
      /^Reporting [^\n]+\npipescope: [^\n]+ Trying again at every heartbeat\.\npipescope: The service answers again\.\n$/,
    );
    agent.kill('SIGINT');
    assert.deepEqual(await agent.exited, { code: 0, signal: null });
    assert.equal(reported(dataDir).at(-1)?.type, 'worker.stopped');
  });

  it('started before the service, registers as soon as there is one, once', async () => {
    const dataDir = cli.folder();
    const agent = start(dataDir, ['--kind', 'gpu']);
    await agent.waitForOutput(/pipescope: No Pipescope service is running\..*Trying again/);
    await cli.serve(dataDir);
    await eventually(() => beats(dataDir).length >= 2, 'Heartbeats', 15_000);
    const types = reported(dataDir).map(({ type }) => type);
    assert.deepEqual(types.slice(0, 2), ['worker.registered', 'worker.heartbeat']);
    assert.equal(types.filter((type) => type === 'worker.registered').length, 1);
  });

  it('reports GPUs, and is hybrid then; without one it is cpu', async function () {
    if (process.platform === 'win32') this.skip();
    const [dataDir, folder] = [cli.folder(), cli.folder()];
    await cli.serve(dataDir);
    fakeNvidiaSmi(folder, [H200, { ...H200, index: 1, 'utilization.gpu': 13 }]);
    const agent = start(dataDir, [], { PATH: pathWith(folder) });
    const beat = await eventually(() => beats(dataDir)[1], 'A heartbeat', 15_000);
    assert.deepEqual(
      [beat.kind, beat['gpu_percent'], beat['gpu_memory_mb'], beat['gpu_temperature_celsius']],
      ['hybrid', 50, 142468, 61],
    );
    await agent.stop();
    const without = cli.folder();
    await cli.serve(without);
    const plain = start(without, [], { PATH: folder.replace(/$/, '-none') });
    const first = await eventually(() => beats(without)[0], 'A heartbeat', 15_000);
    assert.deepEqual([first.kind, first['gpu_percent']], ['cpu', undefined]);
    assert.match(plain.stderr, SAID_AT_START);
  });

  it('ends within three seconds, also when the service hangs or nvidia-smi does', async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as AddressInfo;
    const folder = cli.folder();
    const asked = hangingNvidiaSmi(folder);
    let connections = 0;
    hanging.on('connection', () => connections++);
    const env = { PIPESCOPE_URL: `http://127.0.0.1:${port}`, PIPESCOPE_TOKEN: 't' };
    try {
      const agents = [
        start(folder, ['--kind', 'cpu'], env),
        start(folder, [], { ...env, PATH: pathWith(folder) }),
      ];
      const hang = () => connections > 0 && existsSync(asked);
      await eventually(hang, 'The service and nvidia-smi', 15_000);
      const begin = performance.now();
      for (const agent of agents) agent.kill('SIGTERM');
      for (const agent of agents)
        assert.deepEqual(await agent.exited, { code: 0, signal: null }, agent.stderr);
      assert.ok(performance.now() - begin < 3000, `${performance.now() - begin} ms`);
    } finally {
      hanging.closeAllConnections();
      hanging.close();
    }
  });

  it('says once what the service refuses', async () => {
    const dataDir = cli.folder();
    const { ready } = await cli.serve(dataDir);
    const env = { PIPESCOPE_URL: ready.url, PIPESCOPE_TOKEN: 'wrong' };
    const agent = start(dataDir, ['--kind', 'cpu'], env);
    await agent.waitForOutput(/pipescope: The access token is not right\..*Trying again/);
    await new Promise((resolve) => setTimeout(resolve, 2300));
    assert.equal(agent.stderr.split('\n').length, 2, agent.stderr);
  });

  it('names the option that is wrong, with exit code 2', async () => {
    for (const [args, names] of [
      [[], /--worker-id/],
      [['--worker-id', ' '], /--worker-id/],
      [['--worker-id', 'x'.repeat(257)], /--worker-id .* 256 characters, not 257/],
      [['--worker-id', 'a', '--kind', 'tpu'], /--kind takes cpu or gpu or hybrid, not "tpu"/],
      [['--worker-id', 'a', '--interval', '0'], /--interval takes a number from 1 to 3600/],
      [['--worker-id', 'a', '--interval', '5s'], /--interval/],
      [['--worker-id', 'a', '--label', 'zone'], /--label takes NAME=VALUE, not "zone"/],
      [['--worker-id', 'a', '--label', '=a'], /--label/],
      [['--worker-id', 'a', '--token', 't'], /--token/],
      [['--worker-id', 'a', 'b'], /b/],
    ] as const) {
      const result = await cli.run(['agent', ...args]);
      assert.equal(result.code, 2, args.join(' '));
      assert.match(result.stderr, /^[^\n]+\.\n$/);
      assert.match(result.stderr, names);
    }
  });
});
