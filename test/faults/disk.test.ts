import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from '../support/atExit.ts';
import { skipWhen } from '../support/skip.ts';
import { useTempDir } from '../support/tempDir.ts';
import { finishedJob } from './support/seed.ts';
import { type Answer, type TestService, eventually, services } from './support/service.ts';

const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

const row = (n: number) => ({
  ...{ id: `row-${n}`, type: 'signal.counted', job_id: 'load', signal: 'rows' },
});

interface Refusal {
  status: number;
  code: string;
}

/** Sends rows one by one, each until it is taken; what was refused meanwhile, and for how long at most. */
async function insist(service: TestService, count: number) {
  const refusals: Refusal[] = [];
  let longest = 0;
  for (let n = 0; n < count; n++) {
    const begun = performance.now();
    for (;;) {
      const { status, headers, body } = await service.post([row(n)]);
      if (status === 202) break;
      assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
      refusals.push({ status, code: (body as { code: string }).code });
      await sleep(100);
    }
    longest = Math.max(longest, performance.now() - begun);
  }
  return { refusals, longest };
}

describe('a service whose disk fails to sync', () => {
  skipWhen(!works('strace', '-o', '/dev/null', 'true'), 'strace is not on this machine.');
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('eio');

  it('refuses with 503, goes on by itself within 5 s, and counts each event once', async function () {
    this.timeout(60_000);
    const inject = ['-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=3..7'];
    const service = await start(folder(), {
      wrapper: ['strace', '-f', '-qq', '-o', '/dev/null', ...inject],
      // Otherwise each thread of the pool has a count of its own.
      env: { UV_THREADPOOL_SIZE: '1' },
    });
    const { refusals, longest } = await insist(service, 20);
    const codes = new Set(refusals.map(({ status, code }) => `${status} ${code}`));
    assert.deepStrictEqual(
      codes,
      new Set(['503 JOURNAL_WRITE_FAILED', '503 STORAGE_READ_ONLY']),
      JSON.stringify(refusals),
    );
    assert.ok(longest < 5000, `${longest} ms`);
    assert.equal((await service.export('load')).signals['rows'], 20);
    assert.match(service.log, /could not be written to disk/);
    assert.match(service.log, /can be written to disk again/);
    await service.kill();
    const again = await start(folder());
    assert.equal((await again.export('load')).signals['rows'], 20);
    console.log(`      ${refusals.length} refusals in ${Math.round(longest)} ms`);
  });
});

describe('a service whose disk is full', () => {
  const start = services();
  let mounted = () => undefined as unknown;
  // Before the folder is removed.
  afterEach(() => {
    spawnSync('umount', ['-l', folder()]);
    mounted();
  });
  const parent = useTempDir('full');
  const folder = () => join(parent(), 'disk');

  before(function () {
    const probe = spawnSync('mount', ['-t', 'tmpfs', 'none', '/mnt', '-o', 'size=1m']);
    if (probe.status === 0) spawnSync('umount', ['/mnt']);
    else {
      console.log('Skipped: no file system can be mounted here.');
      this.skip();
    }
  });
  beforeEach(() => {
    mkdirSync(folder());
    assert.ok(works('mount', '-t', 'tmpfs', '-o', 'size=12m,mode=700', 'none', folder()));
    mounted = atExit(() => spawnSync('umount', ['-l', folder()]));
  });

  const filler = () => join(folder(), 'filler');
  function fill(): void {
    for (let size = 12 * 1024 * 1024; size >= 512; size = Math.floor(size / 2)) {
      try {
        writeFileSync(filler(), Buffer.alloc(size), { flag: 'a' });
        size *= 2;
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      }
    }
  }
  const refused = ({ status, headers, body }: Answer) => {
    assert.equal(status, 507);
    assert.equal((body as { code: string }).code, 'DISK_FULL');
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
  };

  it('refuses with 507, still answers questions, goes on by itself, and stops and starts meanwhile', async function () {
    this.timeout(60_000);
    const first = await start(folder());
    await first.send(finishedJob('done', Date.now()));
    await first.send(Array.from({ length: 50 }, (_, n) => row(n)));
    const wanted = await first.export('done');
    fill();
    refused(
      await eventually('a refusal', async () => {
        const answer = await first.post(Array.from({ length: 200 }, (_, n) => row(1000 + n)));
        return answer.status === 202 ? null : answer;
      }),
    );
    assert.deepStrictEqual(await first.export('done'), wanted);
    assert.equal((await first.ask('GET', '/readyz')).status, 503);
    assert.equal((await first.stop()).code, 0, first.log);

    const second = await start(folder());
    assert.deepStrictEqual(await second.export('done'), wanted);
    refused(await second.post(Array.from({ length: 200 }, (_, n) => row(2000 + n))));
    rmSync(filler());
    const begun = performance.now();
    const { refusals } = await insist(second, 100);
    assert.ok(performance.now() - begun < 5000);
    assert.ok(refusals.every(({ status }) => status === 507));
    assert.ok(((await second.export('load')).signals['rows'] ?? 0) >= 100);
    assert.deepStrictEqual(await second.export('done'), wanted);
    assert.equal((await second.ask('GET', '/readyz')).status, 200);
  });
});
