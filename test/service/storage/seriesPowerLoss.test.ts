import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesStore } from '../../../service/series/store.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { HOUR, MINUTE, NOW, TestClock, handleOf, makeStore } from '../series/support.ts';
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

const SEEDS = 40;
const ENTRIES = 400;

/** Runs until the power fails, starts again on what is left, and replays the journal. True: as if nothing had been. */
async function survives(folder: string, seed: number, neverSyncs: boolean): Promise<boolean> {
  const random = randomOf(seed);
  const [before, after] = [join(folder, `${seed}-a`), join(folder, `${seed}-b`)];
  for (const path of [before, after]) mkdirSync(join(path, 'series'), { recursive: true });
  const clock = new TestClock();
  const fs = new PowerLossDisk(before, neverSyncs);
  const opened = await new Opened(before, clock, { fs }).open();
  const crashAt = Math.floor(random() * ENTRIES);
  let writing: Promise<void> = Promise.resolve();
  let acknowledged = 0;
  for (let seq = 1; seq <= ENTRIES; seq++) {
    clock.now = NOW + seq * MINUTE;
    fold(opened.store, seq);
    if (seq % 7 === 0) {
      writing = opened.save(seq).then(() => void (acknowledged = seq));
      // The power fails at any moment of a write.
      if (seq > crashAt) break;
      await writing;
    }
  }
  for (let turn = random() * 60; turn > 0; turn--) await new Promise((done) => setImmediate(done));
  fs.powerOff(after, random);
  const known = acknowledged;
  await writing;
  const found = await new Opened(after, clock).open();
  const whole = makeStore(clock);
  const last = Math.max(known, found.files.seq) + 20;
  for (let seq = 1; seq <= last; seq++) fold(whole, seq);
  for (let seq = found.files.seq + 1; seq <= last; seq++) fold(found.store, seq);
  clock.now = NOW + last * MINUTE;
  const same =
    JSON.stringify(await contentOf(found.store, clock.now)) ===
    JSON.stringify(await contentOf(whole, clock.now));
  return same && found.files.seq >= known && found.warnings.length === 0;
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
    for (let seed = 1; seed <= 8; seed++) if (!(await survives(folder(), seed, true))) lost++;
    assert.ok(lost > 0);
  });
});
