import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { NO_OUTLOOK } from '../../../service/core/outlook.ts';
import type { JobExport, JobRecord } from '../../../service/protocol/record.ts';
import {
  type TestService,
  eventually,
  getJson,
  send,
  useServices,
  useSharedService,
} from '../../support/service.ts';
import { useCli } from './cli.ts';

const T0 = Date.now() - 3_600_000;

function story(job_id: string, at = T0) {
  return [
    { type: 'job.started', job_id, pipeline: 'p', time: at },
    { type: 'phase.started', job_id, phase_id: 'A', time: at + 1 },
    { type: 'phase.completed', job_id, phase_id: 'A', time: at + 2 },
    { type: 'job.completed', job_id, time: at + 3 },
  ];
}

const exportOf = (from: TestService, id: string) =>
  getJson<JobExport>(from, `/api/v1/monitoring/export/${id}`);

/** What is usual for a run follows from the others that a service has, and is no part of it. */
function records(job: JobExport): unknown {
  return JSON.parse(
    JSON.stringify({ ...job, state: null }, (key, value: unknown) =>
      key === 'seq' || key in NO_OUTLOOK ? 0 : value,
    ),
  );
}

describe('pipescope export and import', () => {
  const cli = useCli();
  const shared = useSharedService();
  const start = useServices();
  const env = (to: TestService) => ({ env: { PIPESCOPE_DATA_DIR: to.dataDir } });

  before(async () => {
    for (let i = 0; i < 5; i++) await send(shared(), story(`job-${i}`, T0 + i * 60_000));
  });

  it('carry one job, or a range of them, to another service', async () => {
    const folder = cli.folder();
    const one = join(folder, 'one.json');
    const range = join(folder, 'range.ndjson');
    const first = await cli.run(['export', 'job-0', '--out', one], env(shared()));
    assert.deepEqual([first.code, first.stdout], [0, '']);
    assert.match(first.stderr, /^Wrote .*one\.json \(\d/);
    const from = new Date(T0 + 60_000).toISOString();
    const args = ['export', '--from', from, '--format', 'ndjson', '--out', range];
    assert.equal((await cli.run(args, env(shared()))).code, 0);
    const to = await start();
    const result = await cli.run(['import', one], env(to));
    assert.deepEqual([result.code, result.stdout], [0, 'job-0: 1 phase\n'], result.stderr);
    const check = await cli.run(['import', range, '--check'], env(to));
    assert.deepEqual([check.code, check.stdout], [0, 'The file can be imported.\n']);
    assert.equal((await cli.run(['import', range], env(to))).code, 0);
    for (let i = 0; i < 5; i++)
      assert.deepEqual(
        records(await exportOf(to, `job-${i}`)),
        records(await exportOf(shared(), `job-${i}`)),
      );
    const again = await cli.run(['import', one], env(to));
    assert.equal(again.code, 1);
    assert.match(
      again.stderr,
      /^There is a job "job-0" already\. Import it .* with --as-id ID, or .* with --replace\.\n$/,
    );
    assert.equal((await cli.run(['import', one, '--as-id', 'other'], env(to))).code, 0);
    const replaced = await cli.run(['import', one, '--replace'], env(to));
    assert.equal(replaced.stdout, 'job-0: 1 phase, replaced\n');
  });

  it('write every format, to stdout where no file is named', async () => {
    const csv = await cli.run(
      ['export', '--all', '--format', 'csv', '--table', 'phases'],
      env(shared()),
    );
    assert.equal(csv.stdout.trimEnd().split('\r\n').length, 6);
    const html = await cli.run(['export', 'job-0', '--format', 'html'], env(shared()));
    assert.match(html.stdout, /^<!doctype html>/);
    const file = join(cli.folder(), 'job.zip');
    await cli.run(['export', 'job-0', '--format', 'zip', '--out', file], env(shared()));
    assert.equal(Object.keys(unzipSync(new Uint8Array(readFileSync(file)))).length, 11);
  });

  it('say what is wrong with options and files in one sentence', async () => {
    const folder = cli.folder();
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{"pipescope":{"format":7},"job_id":"x"}');
    const unknown = join(folder, 'unknown.txt');
    writeFileSync(unknown, 'hello');
    const cases: [args: string[], code: number, sentence: RegExp][] = [
      [['export'], 2, /id of one job, or --all/],
      [['export', 'a', '--all'], 2, /id of one job, or --all/],
      [['export', 'a', '--format', 'xml'], 2, /--format takes json or csv/],
      [['export', '--all', '--table', 'phases'], 2, /--table is for --format csv/],
      [['export', 'none'], 1, /There is no job "none"/],
      [['export', 'job-0', '--out', join(folder, 'no', 'file')], 2, /cannot be written/],
      [['import'], 2, /import takes one file/],
      [['import', join(folder, 'none')], 2, /none cannot be read/],
      [['import', unknown], 2, /format of .*unknown\.txt is not clear/],
      [['import', unknown, '--as', 'nothing'], 2, /--as takes pipescope or events/],
      [['import', unknown, '--as', 'events', '--replace'], 2, /--replace is for exports/],
      [['import', bad], 2, /format 7.*reads format 1/],
      [['replay', unknown], 2, /Line 1 of .* is no event/],
      [['replay', unknown, '--speed', '0'], 2, /--speed takes a number above 0/],
    ];
    for (const [args, code, sentence] of cases) {
      const result = await cli.run(args, env(shared()));
      assert.equal(result.code, code, `${args.join(' ')}: ${result.stderr}`);
      assert.match(result.stderr, sentence);
      assert.equal(result.stderr.trimEnd().split('\n').length, 1);
    }
    assert.deepEqual(readdirSync(folder).sort(), ['bad.json', 'unknown.txt']);
  });

  it('import events and scrapes by what they look like', async () => {
    const to = await start();
    const folder = cli.folder();
    const events = join(folder, 'events.ndjson');
    writeFileSync(
      events,
      story('recorded')
        .map((event) => JSON.stringify(event))
        .join('\n'),
    );
    const result = await cli.run(['import', events], env(to));
    assert.equal(result.stdout, '4 events imported, 0 known already, 0 refused.\n', result.stderr);
    const scrape = join(folder, 'scrape.txt');
    writeFileSync(scrape, '# TYPE up gauge\nup{instance="a"} 1\n');
    const scraped = await cli.run(['import', scrape], env(to));
    assert.match(scraped.stdout, /^1 events imported/);
  });

  it('replay what was recorded in its own time, faster, and as far as it is let', async () => {
    const to = await start();
    const file = join(cli.folder(), 'events.ndjson');
    const lines = [0, 1000, 2000].map((ms) =>
      JSON.stringify({ type: 'job.started', job_id: `at-${ms}`, time: T0 + ms }),
    );
    writeFileSync(file, lines.join('\n'));
    const begin = performance.now();
    const fast = await cli.run(['replay', file, '--speed', '4'], env(to));
    assert.equal(fast.stdout, '3 events sent again, 0 refused.\n', fast.stderr);
    assert.ok(performance.now() - begin >= 500);
    const journal = join(to.dataDir, 'journal');
    const [segment = ''] = readdirSync(journal).filter((name) => name.endsWith('.ndjson'));
    const other = await start();
    const slow = cli.start(['replay', join(journal, segment), '--speed', '0.01'], env(other));
    const { jobs } = other.service.monitor.model;
    await eventually(() => jobs.size === 1, 'The first event', 10_000);
    slow.kill('SIGINT');
    await slow.exited;
    assert.equal(slow.stdout, '1 events sent again, 0 refused. Stopped before the end.\n');
  });

  it('replay a file with a time of years ahead without waiting for it', async () => {
    const to = await start();
    const file = join(cli.folder(), 'ahead.ndjson');
    const at = (job_id: string, time: number) =>
      JSON.stringify({ type: 'job.started', job_id, time });
    writeFileSync(file, [at('now', T0), at('ahead', T0 + 4 * 365 * 86_400_000)].join('\n'));
    const replay = cli.start(['replay', file, '--speed', '100'], env(to));
    await replay.waitForOutput(/A pause of \d.* is cut to 1m/);
    replay.kill('SIGINT');
    await replay.exited;
    assert.equal(replay.stdout, '1 events sent again, 0 refused. Stopped before the end.\n');
  });
});

describe('pipescope backup and restore', () => {
  const cli = useCli();

  it('bring a data directory back, from a service that runs and from one that does not', async function () {
    this.timeout(60_000);
    const dataDir = cli.folder();
    const folder = cli.folder();
    const env = { env: { PIPESCOPE_DATA_DIR: dataDir } };
    const { service } = await cli.serve(dataDir);
    const events = join(folder, 'events.ndjson');
    writeFileSync(
      events,
      story('kept')
        .map((event) => JSON.stringify(event))
        .join('\n'),
    );
    await cli.run(['import', events], env);
    const live = join(folder, 'live.tar.gz');
    const stopped = join(folder, 'stopped.tar.gz');
    const first = await cli.run(['backup', live], env);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^Wrote .* and checked it\. The access tokens are not in it\.\n$/);
    const used = await cli.run(['restore', live, '--force'], env);
    assert.equal(used.code, 1);
    assert.match(used.stderr, /is in use by another Pipescope service/);
    service.kill('SIGTERM');
    await service.exited;
    assert.equal((await cli.run(['backup', stopped], env)).code, 0);
    for (const [i, archive] of [live, stopped].entries()) {
      const restored = join(folder, `data-${i}`);
      const result = await cli.run(['restore', archive, '--data-dir', restored]);
      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stdout, /Start the service with "pipescope serve --data-dir .*"\.\n$/);
      const again = await cli.serve(restored);
      const out = await cli.run(['export', '--all'], { env: { PIPESCOPE_DATA_DIR: restored } });
      const { jobs } = JSON.parse(out.stdout) as { jobs: JobRecord[] };
      assert.deepEqual(
        jobs.map(({ job_id, status }) => [job_id, status]),
        [['kept', 'COMPLETED']],
      );
      await again.service.stop();
    }
    const full = await cli.run(['restore', live], env);
    assert.equal(full.code, 2);
    assert.match(full.stderr, /is not empty.*--force/);
    assert.equal((await cli.run(['restore', live, '--force'], env)).code, 0);
    const cut = join(folder, 'cut.tar.gz');
    writeFileSync(cut, readFileSync(live).subarray(0, -100));
    const broken = await cli.run(['restore', cut, '--data-dir', join(folder, 'new')]);
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /^The file .*cut\.tar\.gz is not a whole backup/);
    assert.ok(!existsSync(join(folder, 'new')));
  });
});
