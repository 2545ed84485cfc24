import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { durableAdapter } from '../../../service/storage/durableAdapter.ts';
import { removeLeftTemps, writeDurably } from '../../../service/storage/durableFile.ts';
import type { FileSystem } from '../../../service/storage/fileSystem.ts';
import { nodeFileSystem } from '../../../service/storage/fileSystem.ts';
import { PowerLossDisk } from './powerLossDisk.ts';
import { randomFrom, systemError, temporaryFolders } from './support.ts';

const OLD = 'old content';
const NEW = 'new content, and longer';

/** The real file system; operation number `failAt` and, after a crash, all later ones fail. */
function breaking(failAt: number, crash: boolean): { fs: FileSystem; count: () => number } {
  let count = 0;
  const wrap =
    (operation: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]) => {
      count++;
      if (count === failAt || (crash && count > failAt)) throw systemError('EIO');
      return operation(...args);
    };
  const entries = Object.entries(nodeFileSystem).map(([name, operation]) => [
    name,
    wrap(operation as never),
  ]);
  return { fs: Object.fromEntries(entries) as FileSystem, count: () => count };
}

describe('durable file', () => {
  const folder = temporaryFolders();

  it('is written whole, private, and leaves nothing else behind', async () => {
    const dir = folder();
    const path = join(dir, 'doc.json');
    await writeDurably(path, OLD);
    await Promise.all(Array.from({ length: 10 }, (_, n) => writeDurably(path, `${NEW} ${n}`)));
    assert.match(readFileSync(path, 'utf8'), /^new content, and longer \d$/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepStrictEqual(readdirSync(dir), ['doc.json']);
  });

  it('holds the old or the new content after a crash or an error at any step', async () => {
    const counting = breaking(-1, false);
    await writeDurably(join(folder(), 'doc.json'), NEW, { fs: counting.fs });
    assert.ok(counting.count() >= 6);
    for (const crash of [true, false]) {
      for (let step = 1; step <= counting.count(); step++) {
        const dir = folder();
        const path = join(dir, 'doc.json');
        writeFileSync(path, OLD);
        await assert.rejects(writeDurably(path, NEW, { fs: breaking(step, crash).fs }));
        assert.ok([OLD, NEW].includes(readFileSync(path, 'utf8')), `step ${step}`);
        if (!crash) assert.deepStrictEqual(readdirSync(dir), ['doc.json'], `step ${step}`);
        await removeLeftTemps(dir);
        assert.deepStrictEqual(readdirSync(dir), ['doc.json']);
      }
    }
  });

  it('survives power loss once written, and is never a mixture before', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomFrom(seed);
      const [dir, during, after] = [folder(), folder(), folder()];
      const disk = new PowerLossDisk(dir);
      await writeDurably(join(dir, 'doc.json'), OLD, { fs: disk });
      const writing = writeDurably(join(dir, 'doc.json'), NEW, { fs: disk });
      for (let turn = 0; turn < seed % 9; turn++)
        await new Promise((resolve) => setImmediate(resolve));
      disk.powerOff(during, random);
      await writing;
      disk.powerOff(after, random);
      assert.ok(
        [OLD, NEW].includes(readFileSync(join(during, 'doc.json'), 'utf8')),
        `seed ${seed}`,
      );
      assert.equal(readFileSync(join(after, 'doc.json'), 'utf8'), NEW, `seed ${seed}`);
    }
  });

  it('goes on after short writes and refuses a file that arrived shorter', async () => {
    const path = join(folder(), 'doc.json');
    const short: FileSystem = {
      ...nodeFileSystem,
      write: (fd, [first], position) =>
        nodeFileSystem.write(fd, [(first ?? Buffer.alloc(0)).subarray(0, 3)], position),
    };
    await writeDurably(path, NEW, { fs: short });
    assert.equal(readFileSync(path, 'utf8'), NEW);
    const lying: FileSystem = { ...nodeFileSystem, size: () => Promise.resolve(5) };
    await assert.rejects(writeDurably(path, OLD, { fs: lying }), /5 of 11 bytes arrived/);
    assert.equal(readFileSync(path, 'utf8'), NEW);
  });
});

describe('lowdb on durable files', () => {
  const folder = temporaryFolders();

  function open(dir: string): { low: Low<number[]>; reports: string[] } {
    const reports: string[] = [];
    const adapter = durableAdapter<number[]>(join(dir, 'list.json'), {
      parse: (value) => {
        if (!Array.isArray(value)) throw new Error('it is not a list');
        return value as number[];
      },
      quarantine: join(dir, 'quarantine'),
      onDamaged: (sentence) => reports.push(sentence),
    });
    return { low: new Low(adapter, []), reports };
  }

  it('reads what was written', async () => {
    const dir = folder();
    const first = open(dir);
    await first.low.read();
    await first.low.update((list) => list.push(1, 2));
    const second = open(dir);
    await second.low.read();
    assert.deepStrictEqual([second.low.data, second.reports], [[1, 2], []]);
  });

  it('sets damaged files aside, keeps all of them, and starts empty', async () => {
    const dir = folder();
    for (const content of ['[1, 2', '{"a":1}', '\0\0\0', '']) {
      writeFileSync(join(dir, 'list.json'), content);
      const { low, reports } = open(dir);
      await low.read();
      assert.deepStrictEqual(low.data, []);
      assert.match(reports.join(), /list\.json is damaged \(.+\)\. It was moved to .+quarantine/);
    }
    mkdirSync(join(dir, 'list.json'));
    const { low, reports } = open(dir);
    await low.read();
    assert.equal(reports.length, 1);
    assert.equal(readdirSync(join(dir, 'quarantine')).length, 5);
  });
});
