import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from '../support/atExit.ts';
import { startProcess } from '../support/processes.ts';
import { skipWhen } from '../support/skip.ts';
import { useTempDir } from '../support/tempDir.ts';
import { type Wanted, answersOf, assertSame } from './support/answers.ts';
import { QUIET } from './support/config.ts';
import { mixEnd, mixEvents } from './support/mix.ts';
import { type TestService, eventually, services } from './support/service.ts';

const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const CYCLES = 60;

/** Makes writes of a checkpoint fail, but not those of the journal. The result ends it. */
type Break = (service: TestService) => Promise<() => Promise<void> | void>;

describe('a service that cannot write its checkpoints for a while', () => {
  const start = services();
  const mounted: { folder: string; forget: () => unknown }[] = [];
  // Before the folders are removed.
  afterEach(() => {
    for (const { folder, forget } of mounted.splice(0)) {
      spawnSync('umount', ['-l', folder]);
      forget();
    }
  });
  const folder = useTempDir('domain-disk');
  skipWhen(!works('strace', '-o', '/dev/null', 'true'), 'strace is not on this machine.');
  before(function () {
    if (works('mount', '-t', 'tmpfs', 'none', '/mnt', '-o', 'size=1m'))
      spawnSync('umount', ['/mnt']);
    else {
      console.log('Skipped: no file system can be mounted here.');
      this.skip();
    }
  });

  /** A part of the data directory that is a small disk of its own. */
  function mount(place: string): string {
    mkdirSync(place, { recursive: true });
    assert.ok(works('mount', '-t', 'tmpfs', '-o', 'size=4m,mode=700', 'none', place));
    const forget = atExit(() => spawnSync('umount', ['-l', place]));
    mounted.push({ folder: place, forget });
    return join(place, 'filler');
  }

  const full =
    (filler: string): Break =>
    () => {
      for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
        } catch (error) {
          assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
        }
      }
      return Promise.resolve(() => rmSync(filler));
    };

  /** Nothing gets its final name: the journal renames nothing. */
  const failing: Break = async (service) => {
    const inject = ['-e', 'trace=rename', '-e', 'inject=rename:error=EIO'];
    const tracer = startProcess('strace', [
      ...['-f', '-o', '/dev/null', ...inject, '-p', String(service.ready.pid)],
    ]);
    await tracer.waitForOutput(/attached/);
    return async () => {
      await tracer.stop();
    };
  };

  it('takes events all the same, and has each of them once when it could write again and was killed', async function () {
    this.timeout(90_000);
    const begin = Date.now() - 20 * 60_000;
    const wanted: Wanted = { range: { from: begin, to: mixEnd(begin, CYCLES) } };
    const whole = await start(join(folder(), 'whole'), { env: QUIET });
    await whole.send(mixEvents(begin, 0, CYCLES));
    await whole.settle();
    const expected = await answersOf(whole, wanted);

    const suffer = async (name: string, place: string | null): Promise<void> => {
      const dir = join(folder(), name);
      const breaks = place === null ? failing : full(mount(join(dir, place)));
      const first = await start(dir, { env: QUIET });
      await first.send(mixEvents(begin, 0, 20));
      const repair = await breaks(first);
      await first.send(mixEvents(begin, 20, 40));
      await eventually(`${name}: a warning`, () => /could not be written/.test(first.log), 15_000);
      assert.equal(await first.send(mixEvents(begin, 30, 60)), mixEvents(begin, 30, 40).length);
      assertSame(await answersOf(first, wanted), expected, `${name}, while nothing is written`);
      await repair();
      const { seq } = await first.get<{ seq: number }>('/readyz');
      await eventually(`${name}: a checkpoint`, () => storedSeq(dir) >= seq, 15_000);
      await first.kill();
      const second = await start(dir, { env: QUIET });
      assertSame(await answersOf(second, wanted), expected, `${name}, after all`);
      assert.doesNotMatch(second.log, /damaged|lost|missing|not on disk/);
    };
    await Promise.all([
      suffer('a full disk of tables', 'state'),
      suffer('a full disk of series', 'series'),
      suffer('names that cannot be given', null),
    ]);
  });
});

/** Up to which entry both the tables and the series go. */
function storedSeq(dir: string): number {
  const seqOf = (...path: string[]) => {
    try {
      return (JSON.parse(readFileSync(join(dir, ...path), 'utf8')) as { seq: number }).seq;
    } catch {
      return 0;
    }
  };
  const series = Math.max(
    ...['manifest-0.json', 'manifest-1.json'].map((name) => seqOf('series', name)),
  );
  return Math.min(seqOf('state', 'domain', 'manifest.json'), series);
}
