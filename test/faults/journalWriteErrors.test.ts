import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { FileSystem } from '../../service/storage/fileSystem.ts';
import { nodeFileSystem } from '../../service/storage/fileSystem.ts';
import {
  event,
  events,
  failing,
  openJournal,
  readAll,
  reopen,
  systemError,
  temporaryFolders,
  until,
} from '../service/storage/support.ts';

describe('a disk that fails', () => {
  const folder = temporaryFolders();
  let script = '';

  before(async () => {
    script = join(import.meta.dirname, `../service/storage/.appender.${process.pid}.mjs`);
    const entry = join(import.meta.dirname, '../service/storage/appender.ts');
    await build({
      entryPoints: [entry],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
  });
  after(() => rmSync(script, { force: true }));

  it('is not acknowledged, its descriptor is never used again, and a new segment starts', async () => {
    const dir = folder();
    let fail = false;
    const dead = new Set<number>();
    const fs: FileSystem = {
      ...nodeFileSystem,
      open: async (path, flags, mode) => {
        const fd = await nodeFileSystem.open(path, flags, mode);
        dead.delete(fd);
        return fd;
      },
      write: (fd, buffers, position) => {
        assert.ok(!dead.has(fd), 'written to after a failed sync');
        return nodeFileSystem.write(fd, buffers, position);
      },
      fdatasync: (fd) => {
        assert.ok(!dead.has(fd), 'synced again after a failed sync');
        if (!fail) return nodeFileSystem.fdatasync(fd);
        fail = false;
        dead.add(fd);
        return Promise.reject(systemError('EIO'));
      },
    };
    const problems: string[] = [];
    const { journal } = await openJournal(dir, {
      fs,
      onProblem: (sentence) => problems.push(sentence),
    });
    await journal.append(events(1, 3), 1);
    fail = true;
    await assert.rejects(journal.append(events(4, 3), 1), {
      code: 'JOURNAL_WRITE_FAILED',
      status: 503,
    });
    assert.equal(journal.lastSeq, 3);
    assert.equal(journal.state, 'open');
    const retry = await journal.append(events(4, 3), 2);
    assert.deepStrictEqual(
      retry.entries.map(({ seq }) => seq),
      [7, 8, 9],
    );
    assert.deepStrictEqual(
      journal.segments().map(({ firstSeq }) => firstSeq),
      [1, 7],
    );
    assert.match(problems.join(), /EIO/);
    await journal.close();
    const again = await reopen(dir);
    assert.deepStrictEqual(
      again.ids,
      events(1, 6).map(({ id }) => id),
    );
    assert.deepStrictEqual(again.report, { cut: [], quarantined: [], missing: 0 });
  });

  it('three times in a row makes storage read-only at once, reads go on, and it recovers by itself', async () => {
    let broken = false;
    let syncs = 0;
    const fs = failing('fdatasync', 'EIO', () => ++syncs > 0 && broken);
    const { journal } = await openJournal(folder(), { fs, probeMs: 30 });
    await journal.append([event(0)], 1);
    broken = true;
    for (let n = 1; n <= 3; n++) {
      await assert.rejects(journal.append([event(n)], 1), { code: 'JOURNAL_WRITE_FAILED' });
    }
    assert.equal(journal.state, 'read_only');
    const before = syncs;
    await assert.rejects(journal.append([event(4)], 1), {
      code: 'STORAGE_READ_ONLY',
      status: 503,
      retryAfter: 5,
    });
    assert.equal(syncs, before);
    assert.equal((await readAll(journal)).length, 1);
    await until(() => syncs > before + 2);
    assert.equal(journal.state, 'read_only');
    broken = false;
    await until(() => journal.state === 'open');
    assert.equal((await journal.append([event(1), event(4)], 2)).entries.length, 2);
    await journal.close();
  });

  it('that is full answers 507, applies nothing by halves, and recovers by itself', async () => {
    const dir = folder();
    let free = Infinity;
    const fs: FileSystem = {
      ...nodeFileSystem,
      write: async (fd, buffers, position) => {
        if (free === 0) throw systemError('ENOSPC');
        const bytes = Buffer.concat(buffers);
        const part = bytes.subarray(0, Math.min(bytes.length, free));
        free -= part.length;
        return nodeFileSystem.write(fd, [part], position);
      },
    };
    const { journal } = await openJournal(dir, { fs, probeMs: 30 });
    await journal.append(events(1, 10), 1);
    free = 350;
    await assert.rejects(journal.append(events(11, 10), 1), { code: 'DISK_FULL', status: 507 });
    assert.equal(journal.state, 'full');
    await assert.rejects(journal.append(events(11, 10), 1), { code: 'DISK_FULL' });
    assert.equal((await readAll(journal)).length, 10);
    assert.equal((await reopen(dir)).entries.length, 10, 'half of a refused batch stayed');
    free = Infinity;
    await until(() => journal.state === 'open');
    assert.equal((await journal.append(events(1, 20), 2)).duplicates, 10);
    await journal.close();
    assert.deepStrictEqual(
      (await reopen(dir)).ids,
      events(1, 20).map(({ id }) => id),
    );
  });

  it('keeps refused bytes out even when they can only be cut off later', async () => {
    const dir = folder();
    let broken = false;
    const check = (): void => {
      if (broken) throw systemError('EIO');
    };
    const fs: FileSystem = {
      ...nodeFileSystem,
      fdatasync: async (fd) => (check(), nodeFileSystem.fdatasync(fd)),
      ftruncate: async (fd, length) => (check(), nodeFileSystem.ftruncate(fd, length)),
    };
    const { journal } = await openJournal(dir, { fs });
    await journal.append(events(1, 2), 1);
    broken = true;
    await assert.rejects(journal.append(events(3, 2), 1));
    assert.deepStrictEqual(
      (await readAll(journal)).map(({ seq }) => seq),
      [1, 2],
    );
    broken = false;
    await journal.append(events(5, 1), 1);
    await journal.close();
    assert.deepStrictEqual((await reopen(dir)).ids, ['event-1', 'event-2', 'event-5']);
  });

  it('is seen when the kernel itself reports the failed sync (strace)', async function () {
    if (!canTrace()) return this.skip();
    const dir = folder();
    const inject = [
      '-f',
      '-o',
      '/dev/null',
      '-e',
      'trace=fdatasync',
      '-e',
      'inject=fdatasync:error=EIO:when=3',
    ];
    const run = spawnSync('strace', [...inject, process.execPath, script, dir, 's', '5'], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      encoding: 'utf8',
    });
    assert.deepStrictEqual(
      run.stdout.trim().split('\n'),
      [
        'event-s1 seq 1 1',
        'event-s2 seq 2 1',
        'event-s3 JOURNAL_WRITE_FAILED 1',
        'event-s4 seq 4 2',
        'event-s5 seq 5 2',
      ],
      run.stderr,
    );
    assert.deepStrictEqual((await reopen(dir)).ids, [
      'event-s1',
      'event-s2',
      'event-s4',
      'event-s5',
    ]);
  }).timeout(60_000);

  it('loses nothing acknowledged when killed at any system call (strace)', async function () {
    if (!canTrace()) return this.skip();
    let killed = 0;
    for (const call of ['pwritev', 'pwrite64', 'fdatasync', 'fsync', 'openat']) {
      for (const when of call === 'openat' ? [30, 40, 50, 55] : [1, 2, 5, 40]) {
        const dir = folder();
        const inject = [
          '-f',
          '-o',
          '/dev/null',
          '-e',
          `trace=${call}`,
          '-e',
          `inject=${call}:signal=SIGKILL:when=${when}`,
        ];
        const run = spawnSync('strace', [...inject, process.execPath, script, dir, 'k', '60'], {
          env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
          encoding: 'utf8',
        });
        const acknowledged = run.stdout.split('\n').filter((line) => line.includes(' seq '));
        if (acknowledged.length < 60) killed++;
        await checkAll(
          dir,
          acknowledged.map((line) => line.split(' ')[0] ?? ''),
        );
      }
    }
    assert.ok(killed > 8, `only ${killed} runs were killed`);
  }).timeout(180_000);

  it('loses nothing acknowledged and shows nothing twice over many kills', async () => {
    const dir = folder();
    const acknowledged: string[] = [];
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, [script, dir, `r${round}-`]);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.length > 2000 + round * 997) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const lines = output.slice(0, output.lastIndexOf('\n')).split('\n');
      acknowledged.push(...lines.map((line) => line.split(' ')[0] ?? ''));
    }
    assert.ok(acknowledged.length > 500);
    await checkAll(dir, acknowledged);
  }).timeout(60_000);

  it('that is a small real one fills up, refuses, and takes events again (tmpfs)', async function () {
    const dir = folder();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
    if (mount.status !== 0) return this.skip();
    try {
      const ballast = join(dir, 'ballast');
      writeFileSync(ballast, Buffer.alloc(400_000));
      const { journal } = await openJournal(dir, { probeMs: 30 });
      const taken: string[] = [];
      let refused = 0;
      const next = async (n: number): Promise<boolean> => {
        const batch = [event(n, 'x'.repeat(9000))];
        const outcome = await journal
          .append(batch, n)
          .catch((error: { code: string }) => error.code);
        if (typeof outcome !== 'string') taken.push(`event-${n}`);
        else assert.equal(outcome, 'DISK_FULL');
        return typeof outcome !== 'string';
      };
      for (let n = 0; n < 200 && refused < 5; n++) if (!(await next(n))) refused++;
      assert.equal(refused, 5);
      assert.deepStrictEqual(
        (await readAll(journal)).map(({ event: { id } }) => id),
        taken,
      );
      rmSync(ballast);
      await until(() => journal.state === 'open');
      assert.equal(await next(1000), true);
      await journal.close();
      assert.deepStrictEqual((await reopen(dir)).ids, taken);
      assert.ok(!readdirSync(join(dir, 'journal')).includes('probe.tmp'));
    } finally {
      spawnSync('umount', [dir]);
    }
  }).timeout(30_000);

  async function checkAll(dir: string, acknowledged: string[]): Promise<void> {
    mkdirSync(join(dir, 'journal'), { recursive: true });
    const { ids } = await reopen(dir);
    const there = new Set(ids);
    assert.equal(there.size, ids.length);
    assert.deepStrictEqual(
      acknowledged.filter((id) => !there.has(id)),
      [],
    );
  }
});

function canTrace(): boolean {
  const probe = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'trace=fdatasync', 'true']);
  return probe.status === 0;
}
