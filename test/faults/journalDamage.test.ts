import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '../../service/storage/fileSystem.ts';
import { nodeFileSystem } from '../../service/storage/fileSystem.ts';
import {
  event,
  events,
  openJournal,
  randomFrom,
  readAll,
  reopen,
  temporaryFolders,
} from '../service/storage/support.ts';

const LINES = 10;

/** Thousands of starts: what is on disk after a power cut is another test's question. */
const notSyncing: FileSystem = {
  ...nodeFileSystem,
  fsync: () => Promise.resolve(),
  fdatasync: () => Promise.resolve(),
  syncFolder: () => Promise.resolve(),
};

async function smallJournal(dir: string): Promise<{ path: string; bytes: Buffer; ends: number[] }> {
  const { journal } = await openJournal(dir);
  await journal.append(
    Array.from({ length: LINES }, (_, n) => event(n + 1, n === 4 ? 'P1 3 {} é' : undefined)),
    1,
  );
  await journal.close();
  const path = join(dir, 'journal', '000000000001.ndjson');
  const bytes = readFileSync(path);
  const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
  return { path, bytes, ends };
}

interface Small {
  dir: string;
  path: string;
  bytes: Buffer;
  ends: number[];
}

async function flipBit({ dir, path, bytes, ends }: Small, bit: number): Promise<void> {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  writeFileSync(path, flipped);
  const hit = ends.findIndex((end) => bit >> 3 < end) + 1;
  const inLineEnd = ends.includes((bit >> 3) + 1);
  const { entries, report, lastSeq } = await reopen(dir, { fs: notSyncing });
  const expected = events(1, LINES).filter((_, n) => inLineEnd || n + 1 !== hit);
  expected.forEach((wanted) => wanted.id === 'event-5' && (wanted.note = 'P1 3 {} é'));
  assert.deepStrictEqual(
    entries.map((entry) => entry.event),
    expected,
    `bit ${bit}`,
  );
  assert.equal(report.missing, inLineEnd ? 0 : 1, `bit ${bit}`);
  assert.equal(report.cut.length + report.quarantined.length, 1, `bit ${bit}`);
  assert.equal(lastSeq, LINES, `bit ${bit}`);
  if (inLineEnd) return;
  const kept = /kept in (.+)\.$/.exec([...report.cut, ...report.quarantined].join())?.[1] ?? '';
  const line = flipped.subarray(ends[hit - 2] ?? 0, ends[hit - 1]);
  assert.deepStrictEqual(readFileSync(kept), line, `bit ${bit}`);
}

const quarantined = (dir: string): Buffer[] => {
  const folder = join(dir, 'quarantine');
  try {
    return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  } catch {
    return [];
  }
};

describe('a damaged journal', () => {
  const folder = temporaryFolders();

  it('cut at any byte keeps every whole line and the torn bytes', async () => {
    const dir = folder();
    const { path, bytes, ends } = await smallJournal(dir);
    for (let cut = 0; cut <= bytes.length; cut++) {
      rmSync(join(dir, 'quarantine'), { recursive: true, force: true });
      writeFileSync(path, bytes.subarray(0, cut));
      const { journal, report } = await openJournal(dir, { fs: notSyncing });
      const whole = ends.filter((end) => end <= cut);
      const seqs = (await readAll(journal)).map((entry) => entry.seq);
      assert.deepStrictEqual(
        seqs,
        [...whole.keys()].map((n) => n + 1),
        `cut at ${cut}`,
      );
      const torn = bytes.subarray(whole.at(-1) ?? 0, cut);
      assert.deepStrictEqual(quarantined(dir), torn.length === 0 ? [] : [torn]);
      assert.equal(report.cut.length, torn.length === 0 ? 0 : 1);
      assert.equal(report.missing, 0);
      // The lost ones are taken again, and land behind the rest.
      const answer = await journal.append(events(1, LINES), 2);
      assert.deepStrictEqual([answer.duplicates, journal.lastSeq], [whole.length, LINES]);
      await journal.close();
      assert.equal((await reopen(dir, { fs: notSyncing })).ids.length, LINES);
      rmSync(path, { force: true });
    }
  }).timeout(60_000);

  it('with any single bit flipped loses that line only and never accepts a wrong one', async () => {
    // Side by side in some folders: a start is mostly waiting for the disk.
    const lanes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const dir = folder();
        return { dir, ...(await smallJournal(dir)) };
      }),
    );
    const bits = (lanes[0]?.bytes.length ?? 0) * 8;
    await Promise.all(
      lanes.map(async (lane, index) => {
        for (let bit = index; bit < bits; bit += lanes.length) await flipBit(lane, bit);
      }),
    );
  }).timeout(120_000);

  it('says which entries are missing and where, and makes one copy however often it is opened', async () => {
    const dir = folder();
    const { path, bytes, ends } = await smallJournal(dir);
    bytes.fill('#', (ends[2] ?? 0) + 3, (ends[4] ?? 0) - 3);
    writeFileSync(path, bytes);
    for (let round = 0; round < 3; round++) {
      const { report, ids } = await reopen(dir);
      assert.equal(ids.length, LINES - 2);
      assert.equal(report.missing, 2);
      assert.match(
        report.quarantined.join(),
        /000000000001\.ndjson, bytes \d+ to \d+: damaged\. Entries 4 to 5 are missing/,
      );
      assert.equal(quarantined(dir).length, 1);
    }
  });

  it('goes on in a new segment behind damage, and numbers stay unique', async () => {
    const dir = folder();
    const { path, bytes } = await smallJournal(dir);
    bytes.fill(0, bytes.length - 5);
    writeFileSync(path, bytes);
    const { journal, report } = await openJournal(dir);
    assert.match(report.cut.join(), /unfinished last line was cut off/);
    assert.equal((await journal.append([event('new')], 2)).entries[0]?.seq, LINES);
    await journal.close();
    assert.equal((await reopen(dir)).ids.at(-1), 'event-new');
  });

  it('does not read old segments again when a checkpoint covers them', async () => {
    const dir = folder();
    const { journal } = await openJournal(dir, { segmentBytes: 500 });
    for (let from = 1; from <= 50; from += 10) await journal.append(events(from, 10), 1);
    await journal.close();
    const first = join(dir, 'journal', '000000000001.ndjson');
    writeFileSync(first, Buffer.alloc(statSync(first).size));
    const { report } = await openJournal(dir, { fromSeq: 51 }).then(async (opened) => {
      await opened.journal.close();
      return opened;
    });
    assert.deepStrictEqual(report, { cut: [], quarantined: [], missing: 0 });
    const all = await reopen(dir);
    assert.equal(all.ids.length, 40);
    assert.match(all.report.cut.join(), /000000000001\.ndjson/);
  });

  it('of any content never stops the start', async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const dir = folder();
      const random = randomFrom(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const { journal } = await openJournal(dir, { segmentBytes: 300, fs: notSyncing });
      for (let n = 0; n < 6; n++) await journal.append(events(n * 5, 5), 1);
      await journal.close();
      const inside = join(dir, 'journal');
      for (let change = 0; change < 4; change++) {
        const name = pick(readdirSync(inside));
        const path = join(inside, name);
        if (!statSync(path).isFile()) continue;
        const bytes = readFileSync(path);
        const noise = Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256)));
        const at = Math.floor(random() * bytes.length);
        pick([
          () => rmSync(path),
          () => writeFileSync(path, ''),
          () => writeFileSync(path, bytes.subarray(0, at)),
          () =>
            writeFileSync(path, Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)])),
          () => writeFileSync(path, Buffer.concat([bytes, bytes])),
          () => writeFileSync(path, Buffer.alloc(bytes.length)),
          () => writeFileSync(join(inside, '000000000900.ndjson'), bytes),
          () => mkdirSync(join(inside, `00000000080${change}.ndjson`), { recursive: true }),
          () => writeFileSync(join(inside, '000000000000.ndjson'), noise),
        ])();
      }
      const { journal: opened } = await openJournal(dir, {
        fromSeq: pick([1, 10, 31]),
        fs: notSyncing,
      });
      const answer = await opened.append([event(`fresh-${seed}`)], 2);
      assert.equal(answer.entries.length, 1, `seed ${seed}`);
      const entries = await readAll(opened);
      assert.equal(new Set(entries.map((entry) => entry.event.id)).size, entries.length);
      assert.equal(entries.at(-1)?.event.id, `event-fresh-${seed}`, `seed ${seed}`);
      for (const { event: read } of entries) assert.equal(read.type, 'log.recorded');
      await opened.close();
    }
  }).timeout(60_000);
});
