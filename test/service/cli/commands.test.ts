import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import { ask } from '../../support/definitions.ts';
import {
  eventually,
  getJson,
  send,
  type TestService,
  useSharedService,
} from '../../support/service.ts';
import { useCli } from './cli.ts';

const NODE = process.execPath;
/** Works the CPU for so many milliseconds, holding 40 MB. */
const burner = (ms: number) =>
  `const held = Buffer.alloc(40e6, 1); const end = Date.now() + ${ms}; while (Date.now() < end); held;`;

describe('pipescope run', () => {
  const cli = useCli();
  const shared = useSharedService({ sampling: { interval_ms: 100 } });
  const env = (to: TestService) => ({ PIPESCOPE_DATA_DIR: to.dataDir });
  const run = (args: string[], more: Record<string, string> = {}) =>
    cli.run(['run', ...args], { env: { ...env(shared()), ...more } });
  const job = (id: string) => getJson<JobRecord>(shared(), `/api/v1/jobs/${id}`);

  it('passes on output and the exit code 0; the job is completed', async () => {
    const result = await run([
      ...['--job', 'ok', '--name', 'Fine', '--pipeline', 'tests'],
      ...['--', NODE, '-e', 'console.log("out"); console.error("err")'],
    ]);
    assert.deepEqual([result.code, result.stdout, result.stderr], [0, 'out\n', 'err\n']);
    const { status, name, pipeline, kind, error } = await job('ok');
    assert.deepEqual(
      [status, name, pipeline, kind, error],
      ['COMPLETED', 'Fine', 'tests', 'command', null],
    );
  });

  it('passes on the exit code 3; the last line of stderr is the error, its tail the stack', async () => {
    const script = 'for (let i = 0; i < 300; i++) console.error("line " + i); process.exitCode = 3';
    const result = await run(['--job', 'three', '--', NODE, '-e', script]);
    assert.equal(result.code, 3);
    assert.equal(result.stderr.split('\n').length, 301);
    const { status, error } = await job('three');
    assert.deepEqual([status, error?.message, error?.exit_code], ['FAILED', 'line 299', 3]);
    const lines = error?.stack?.trimEnd().split('\n') ?? [];
    assert.deepEqual([lines.length, lines[0]], [200, 'line 100']);
  });

  it('a signal ends with 128 and its number: asked to end is cancelled, killed is failed', async () => {
    const kill = (signal: string) =>
      `process.kill(process.pid, '${signal}'); setInterval(() => {}, 1000)`;
    const [term, killed] = await Promise.all([
      run(['--job', 'term', '--', NODE, '-e', kill('SIGTERM')]),
      run(['--job', 'kill', '--', NODE, '-e', kill('SIGKILL')]),
    ]);
    assert.deepEqual([term.code, killed.code], [143, 137]);
    assert.equal((await job('term')).status, 'CANCELLED');
    const { status, error } = await job('kill');
    assert.deepEqual([status, error?.exit_code], ['FAILED', 137]);
  });

  it('passes a SIGTERM on and lets the command decide', async () => {
    const script = `process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000)`;
    const wrapper = cli.start(['run', '--job', 'decide', '--', NODE, '-e', script], {
      env: env(shared()),
    });
    await wrapper.waitForOutput(/up/);
    wrapper.kill('SIGTERM');
    assert.deepEqual(await wrapper.exited, { code: 7, signal: null });
    assert.equal((await job('decide')).status, 'FAILED');
  });

  it('a command that is not there ends with 127 and a sentence', async () => {
    const result = await run(['--job', 'none', '--', '/no/such/command']);
    assert.equal(result.code, 127);
    assert.match(result.stderr, /^\/no\/such\/command could not be started: .*\.\n$/);
    assert.equal((await job('none')).status, 'FAILED');
  });

  it('samples CPU and memory of the process tree, children included', async () => {
    const child = `require('child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(burner(900))}])`;
    const result = await run(['--job', 'burn', '--', NODE, '-e', child]);
    assert.equal(result.code, 0);
    interface Usage {
      resource_usage: { cpu_percent: number; memory_mb: number }[];
    }
    const { resource_usage } = await getJson<Usage>(
      shared(),
      '/api/v1/monitoring/jobs/burn/resource-usage',
    );
    assert.ok(resource_usage.length >= 3, `${resource_usage.length} samples`);
    const most = (field: 'cpu_percent' | 'memory_mb') =>
      Math.max(...resource_usage.map((sample) => sample[field]));
    assert.ok(most('cpu_percent') > 10 && most('cpu_percent') <= 100, `${most('cpu_percent')} %`);
    assert.ok(most('memory_mb') > 90 && most('memory_mb') < 1000, `${most('memory_mb')} MB`);
  });

  it('as a phase of a job: the phase is told, and sampled', async () => {
    await send(shared(), { type: 'job.started', job_id: 'parts' });
    const args = [
      '--job',
      'parts',
      '--phase',
      'P1',
      '--name',
      'Burn',
      '--',
      NODE,
      '-e',
      burner(1500),
    ];
    assert.equal((await run(args)).code, 0);
    const failed = ['--job', 'parts', '--phase', 'P2', '--', NODE, '-e', 'process.exit(5)'];
    assert.equal((await run(failed)).code, 5);
    interface Phases {
      phases: PhaseRecord[];
    }
    const { phases } = await getJson<Phases>(shared(), '/api/v1/monitoring/jobs/parts/phases');
    assert.deepEqual(
      phases.map(({ phase_id, name, status }) => [phase_id, name, status]),
      [
        ['P1', 'Burn', 'COMPLETED'],
        ['P2', phases[1]?.name, 'FAILED'],
      ],
    );
    assert.equal((await job('parts')).status, 'RUNNING');
    assert.ok((phases[0]?.cpu_percent?.max ?? 0) > 10, JSON.stringify(phases[0]?.cpu_percent));
    assert.ok((phases[0]?.memory_mb?.max ?? 0) > 40);
    assert.equal(phases[1]?.error?.exit_code, 5);
  });

  it('says once what the service refuses', async () => {
    const result = await run(['--job', 'x'.repeat(300), '--', NODE, '-e', '0']);
    assert.equal(result.code, 0);
    assert.match(result.stderr, /^pipescope: "job_id" is not valid.*\n$/);
  });

  it('runs the command to its end when no service is there, and when one hangs', async function () {
    this.timeout(15_000);
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as AddressInfo;
    const command = ['run', '--', NODE, '-e', 'console.log("done"); process.exit(4)'];
    try {
      const begin = performance.now();
      const [alone, refused, hung] = await Promise.all([
        cli.run(command, { env: { PIPESCOPE_DATA_DIR: cli.folder() } }),
        cli.run(command, { env: { PIPESCOPE_URL: 'http://127.0.0.1:1', PIPESCOPE_TOKEN: 't' } }),
        cli.run(command, {
          env: { PIPESCOPE_URL: `http://127.0.0.1:${port}`, PIPESCOPE_TOKEN: 't' },
        }),
      ]);
      assert.ok(performance.now() - begin < 8000, `${performance.now() - begin} ms`);
      for (const result of [alone, refused, hung]) {
        assert.deepEqual([result.code, result.stdout], [4, 'done\n']);
        assert.match(result.stderr, /^pipescope: .*without being watched\.\n$/);
      }
    } finally {
      hanging.close();
    }
  });

  it('needs a command, and a job for a phase', async () => {
    for (const [args, names] of [
      [['run'], /after "--"/],
      [['run', '--'], /after "--"/],
      [['run', '--', ''], /after "--"/],
      [['run', 'make'], /make/],
      [['run', '--phase', 'P', '--', 'true'], /--phase needs --job/],
      [['run', '--wrong', '--', 'true'], /--wrong/],
    ] as const) {
      const result = await cli.run(args);
      assert.equal(result.code, 2, args.join(' '));
      assert.match(result.stderr, /^[^\n]+\.\n$/);
      assert.match(result.stderr, names);
    }
  });
});

describe('pipescope send, export, token, open, doctor', () => {
  const cli = useCli();
  const shared = useSharedService();
  const call = (args: string[], more: Record<string, string> = {}) =>
    cli.run(args, { env: { PIPESCOPE_DATA_DIR: shared().dataDir, ...more } });

  it('send takes a file of events, counts, and names the lines that were refused', async () => {
    const file = join(cli.folder(), 'events.ndjson');
    const good = (i: number) =>
      JSON.stringify({ type: 'signal.counted', job_id: 'sent', signal: 's', id: `sent-${i}` });
    const lines = Array.from({ length: 1500 }, (_, i) => good(i));
    writeFileSync(file, `${lines.join('\n')}\n\nnonsense\n{"type":"job.started"}\n${good(0)}`);
    const result = await call(['send', file]);
    assert.equal(result.code, 1);
    assert.equal(result.stdout, '1500 events sent, 1 known already, 2 refused.\n');
    assert.match(result.stderr, /^Line 1502: .*\nLine 1503: "job_id" is missing\.\n$/);
    assert.equal(
      (await call(['send', file])).stdout,
      '0 events sent, 1501 known already, 2 refused.\n',
    );
  });

  it('send splits by bytes: large events are no large bodies', async () => {
    const file = join(cli.folder(), 'large.ndjson');
    const message = 'ü'.repeat(60_000);
    const lines = Array.from({ length: 40 }, () =>
      JSON.stringify({ type: 'log.recorded', level: 'info', job_id: 'sent', message }),
    );
    writeFileSync(file, lines.join('\n'));
    const result = await call(['send', file]);
    assert.deepEqual(
      [result.code, result.stdout],
      [0, '40 events sent, 0 known already, 0 refused.\n'],
    );
  });

  it('send says which file it cannot read, and where no service is', async () => {
    for (const file of ['/no/such/file', cli.folder()]) {
      const result = await call(['send', file]);
      assert.equal(result.code, 2, result.stderr);
      assert.match(result.stderr, /^[^\n]+\.\n$/);
      assert.ok(result.stderr.includes(file));
    }
    const alone = await cli.run(['send'], { env: { PIPESCOPE_DATA_DIR: cli.folder() } });
    assert.equal(alone.code, 1);
    assert.match(alone.stderr, /^No Pipescope service is running\. .*\n$/);
  });

  it('export writes JSON and CSV, to stdout or a file of its own', async () => {
    await send(shared(), { type: 'job.started', job_id: 'a/b', name: 'Exported' });
    const printed = await call(['export', 'a/b']);
    assert.equal((JSON.parse(printed.stdout) as JobRecord).name, 'Exported');
    const file = join(cli.folder(), 'job.csv');
    const written = await call(['export', 'a/b', '--format', 'csv', '--out', file]);
    assert.deepEqual([written.code, written.stdout], [0, '']);
    assert.match(readFileSync(file, 'utf8'), /^record,job_id,.*\r\njob,a\/b,/);
  });

  it('export names what is wrong', async () => {
    for (const [args, code, names] of [
      [['export', 'none'], 1, /no job "none"/],
      [['export'], 2, /one job/],
      [['export', 'a', '--format', 'pdf'], 2, /--format/],
      [['export', 'a/b', '--out', '/no/such/folder/x'], 2, /\/no\/such\/folder\/x/],
    ] as const) {
      const result = await call([...args]);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, /^[^\n]+\.\n$/);
      assert.match(result.stderr, names);
    }
  });

  it('token prints the token of the role', async () => {
    const { tokens } = shared();
    assert.equal((await call(['token'])).stdout, `${tokens.ingest}\n`);
    assert.equal((await call(['token', '--role', 'admin'])).stdout, `${tokens.admin}\n`);
    const wrong = await call(['token', '--role', 'root']);
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
    const none = await cli.run(['token', '--data-dir', cli.folder()]);
    assert.deepEqual([none.code, none.stdout], [2, '']);
  });

  it('open --print prints the address with the token in its fragment', async () => {
    const { url, tokens } = shared();
    assert.equal(
      (await call(['open', '--print'])).stdout,
      `${url}/enhanced-monitor#token=${tokens.admin}\n`,
    );
  });

  it('open hands the browser a code for one use: the token is in no argument', async function () {
    if (process.platform !== 'linux') this.skip();
    const { url, dataDir, tokens } = shared();
    const folder = cli.folder();
    mkdirSync(join(folder, 'bin'));
    const seen = join(folder, 'seen');
    writeFileSync(join(folder, 'bin', 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" > ${seen}\n`, {
      mode: 0o755,
    });
    const result = await call(['open'], {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    });
    assert.equal(result.code, 0);
    await eventually(() => existsSync(seen) && readFileSync(seen, 'utf8') !== '', 'The browser');
    const argument = readFileSync(seen, 'utf8').trim();
    assert.ok(!argument.includes(tokens.admin) && !result.stdout.includes(tokens.admin));
    const [page, code = ''] = argument.split('#code=');
    assert.equal(page, `${url}/enhanced-monitor`);
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => name.endsWith('.html')),
      [],
    );
    const trade = async () => {
      const headers = { authorization: `Bearer ${code}` };
      const answer = await fetch(`${url}/api/v1/access-codes/trade`, { method: 'POST', headers });
      return ((await answer.json()) as { token?: string }).token;
    };
    assert.deepEqual([await trade(), await trade()], [tokens.admin, undefined]);
  });

  it('doctor finds all well, or says the next step', async () => {
    const { dataDir, url } = shared();
    const well = await call(['doctor']);
    assert.equal(well.code, 0, well.stdout);
    assert.ok(well.stdout.includes(url) && well.stdout.includes(dataDir));
    const folder = cli.folder();
    const ill = await cli.run(['doctor', '--data-dir', join(folder, 'none')]);
    assert.equal(ill.code, 1);
    assert.match(ill.stdout, /wrong {2}There is no data directory .*"pipescope serve"/);
    assert.match(ill.stdout, /wrong {2}No service is running/);
    assert.doesNotMatch(ill.stdout, /free/);
    const stale = { url: 'http://127.0.0.1:1', ws: '', pid: 1, version: '1', protocol: 1 };
    writeFileSync(join(folder, 'service.json'), JSON.stringify(stale));
    assert.match(
      (await cli.run(['doctor', '--data-dir', folder])).stdout,
      /wrong {2}.*127\.0\.0\.1:1 .*"pipescope serve"/,
    );
  });

  it('doctor names channels that tell nobody, and the next step', async () => {
    const { url } = shared();
    const to = shared();
    const make = (channel: object) => ask(to, 'POST /api/v1/channels', { body: channel });
    await make({ name: 'Ops', kind: 'slack' });
    const settings = { url: 'http://127.0.0.1:1/hook', allow_private: true };
    await make({ name: 'Hook', kind: 'webhook', settings });
    const alert = { type: 'alert.raised', title: 'Disk full', severity: 'ERROR' };
    await send(to, { ...alert, component: 'disk' });
    const failing = () => ask(to, 'GET /api/v1/channels/hook');
    await eventually(async () => (await failing()).body['state'] === 'FAILING', 'A failed try');
    const { code, stdout } = await call(['doctor']);
    assert.equal(code, 1);
    assert.match(stdout, /wrong {2}Channel ops \(Ops\) tells nobody: .*url.*Complete it/);
    assert.match(stdout, /wrong {2}Channel hook \(Hook\) fails: .*Mend it, send it a test alert/);
    assert.ok(stdout.includes(`${url}/enhanced-monitor`));
    assert.doesNotMatch(stdout, /Channel (log|vscode|console)|\.\./);
    for (const id of ['ops', 'hook']) await ask(to, `DELETE /api/v1/channels/${id}`);
    assert.match((await call(['doctor'])).stdout, /ok {5}Every channel of alerts that is on works/);
  });

  it('help and version', async () => {
    assert.equal((await cli.run(['--version'])).stdout, '1.2.3-test\n');
    const help = await cli.run(['help']);
    for (const name of ['serve', 'run', 'send', 'export', 'open', 'token', 'doctor'])
      assert.match(help.stdout, new RegExp(`pipescope ${name}`));
    assert.equal((await cli.run([])).code, 2);
  });
});
