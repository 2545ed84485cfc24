import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesStore } from '../../../service/series/store.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { HOUR, MINUTE, NOW, TestClock, handleOf, makeStore } from '../series/support.ts';
import type { FileSystem } from '../../../service/storage/fileSystem.ts';
import { PowerLossDisk } from './powerLossDisk.ts';
import { Opened, contentOf } from './seriesSupport.ts';

/** Linear congruential: the same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** What the n-th entry of the journal measured: now, an hour ago or a month ago. */
function fold(store: SeriesStore, seq: number): void {
  const late = seq % 11 === 0 ? HOUR : seq % 29 === 0 ? 30 * 24 * HOUR : 0;
  const handle = handleOf(store, 'm', { labels: { id: `${seq % 3}` } });
  handle.append(NOW + seq * MINUTE - late, seq % 101);
}

const SEEDS = 80;
const ENTRIES = 210;
const ENTRIES_A_WRITE = 7;
/** About how many times a run goes to the disk, and renames a file: that is when the most hangs on the order. */
const STEPS = { any: 700, rename: 36 };

/** A disk on which the power fails right after the given step; the program does not notice. */
function failingAfter(
  disk: PowerLossDisk,
  { step, kind }: { step: number; kind: keyof typeof STEPS },
  powerOff: () => void,
): FileSystem {
  let steps = 0;
  return new Proxy<FileSystem>(disk, {
    get:
      (_, name: keyof FileSystem) =>
      async (...args: never[]) => {
        const result: unknown = await (disk[name] as (...all: never[]) => unknown)(...args);
        if ((kind === 'any' || kind === name) && ++steps === step) powerOff();
        return result;
      },
  });
}

/** Runs until the power fails, starts again on what is left, and replays the journal. True: as if nothing had been. */
async function survives(folder: string, seed: number, neverSyncs: boolean): Promise<boolean> {
  const random = randomOf(seed);
  const [before, after] = [join(folder, `${seed}-a`), join(folder, `${seed}-b`)];
  for (const path of [before, after]) mkdirSync(join(path, 'series'), { recursive: true });
  const clock = new TestClock();
  const disk = new PowerLossDisk(before, neverSyncs);
  let written = 0;
  let promised: number | null = null;
  const kind = seed % 2 === 0 ? 'any' : 'rename';
  const step = 1 + Math.floor(random() * STEPS[kind]);
  const fs = failingAfter(disk, { step, kind }, () => {
    disk.powerOff(after, random);
    promised = written;
  });
  const opened = await new Opened(before, clock, { fs }).open();
  for (let seq = 1; seq <= ENTRIES && promised === null; seq++) {
    clock.now = NOW + seq * MINUTE;
    fold(opened.store, seq);
    if (seq % ENTRIES_A_WRITE !== 0) continue;
    await opened.save(seq);
    written = seq;
  }
  promised ??= 0;
  const found = await new Opened(after, clock).open();
  const start = found.files.seq;
  const last = Math.max(promised, start) + 20;
  const whole = makeStore(clock);
  for (let seq = 1; seq <= last; seq++) fold(whole, seq);
  for (let seq = start + 1; seq <= last; seq++) fold(found.store, seq);
  clock.now = NOW + last * MINUTE;
  const [expected, content] = [whole, found.store].map((store) => contentOf(store, clock.now));
  const same = JSON.stringify(await content) === JSON.stringify(await expected);
  return same && start >= promised && found.warnings.length === 0;
}

describe('the series after a power cut', () => {
  const folder = useTempDir('series-power');

  it('hold each point once when the journal is read on from where they end', async function () {
    this.timeout(120_000);
    for (let seed = 1; seed <= SEEDS; seed++) {
      assert.ok(await survives(folder(), seed, false), `seed ${seed}`);
    }
  });

  it('would not on a disk that never syncs: the test sees it', async function () {
    this.timeout(120_000);
    let lost = 0;
    for (let seed = 1; seed <= 12; seed++) if (!(await survives(folder(), seed, true))) lost++;
    assert.ok(lost > 0);
  });
});
