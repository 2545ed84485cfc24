import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PowerLossDisk } from '../service/storage/powerLossDisk.ts';
import {
  event,
  openJournal,
  randomFrom,
  reopen,
  temporaryFolders,
} from '../service/storage/support.ts';

const ROUNDS = 40;
const SENDERS = 6;

describe('power loss', () => {
  const folder = temporaryFolders();

  /** Loses power in the middle of appends; resolves to how many acknowledged events a fresh start lacks. */
  async function lostAfterPowerCut(seed: number, neverSyncs: boolean): Promise<number> {
    const random = randomFrom(seed);
    const dir = folder();
    const after = folder();
    const disk = new PowerLossDisk(dir, neverSyncs);
    const { journal } = await openJournal(dir, { fs: disk, segmentBytes: 1500 });
    const acknowledged: string[] = [];
    const cutAfter = 5 + Math.floor(random() * 60);
    let off = false;
    const senders = Array.from({ length: SENDERS }, async (_, sender) => {
      for (let n = 0; !off; n++) {
        const batch = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, k) =>
          event(`${sender}.${n}.${k}`),
        );
        await journal.append(batch, n);
        if (off) return;
        acknowledged.push(...batch.map(({ id }) => id));
        if (acknowledged.length >= cutAfter) {
          off = true;
          disk.powerOff(after, random);
        }
      }
    });
    await Promise.all(senders);
    await journal.close();

    mkdirSync(join(after, 'journal'), { recursive: true });
    const { ids } = await reopen(after);
    assert.equal(new Set(ids).size, ids.length, `seed ${seed}: an event is there twice`);
    const there = new Set(ids);
    return acknowledged.filter((id) => !there.has(id)).length;
  }

  it('loses no acknowledged event', async () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      assert.equal(await lostAfterPowerCut(seed, false), 0, `seed ${seed}`);
    }
  }).timeout(60_000);

  it('does lose acknowledged events when syncing is turned off (control)', async () => {
    let lost = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) lost += await lostAfterPowerCut(seed, true);
    assert.ok(lost > ROUNDS, `only ${lost} were lost`);
  }).timeout(60_000);

  it('survives a second cut during the recovery from the first', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomFrom(seed);
      const dir = folder();
      const after = folder();
      const disk = new PowerLossDisk(dir);
      const { journal } = await openJournal(dir, { fs: disk });
      await journal.append([event(1), event(2)], 1);
      void journal.append([event(3), event(4)], 1);
      disk.powerOff(after, random);
      await journal.close();

      const second = new PowerLossDisk(after);
      const last = folder();
      const { journal: recovered } = await openJournal(after, { fs: second });
      const { duplicates } = await recovered.append([event(1), event(2), event(3), event(4)], 2);
      assert.ok(duplicates >= 2);
      second.powerOff(last, random);
      await recovered.close();
      assert.deepStrictEqual(
        (await reopen(last)).ids.sort(),
        ['event-1', 'event-2', 'event-3', 'event-4'],
        `seed ${seed}`,
      );
    }
  }).timeout(30_000);
});
