import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileSystem, nodeFileSystem } from '../../../service/storage/fileSystem.ts';
import { useTempDir } from '../../support/tempDir.ts';
import {
  DAY,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
  TestClock,
  ask,
  handleOf,
  lineOf,
  makeStore,
} from '../series/support.ts';
import { Opened, contentOf } from './seriesSupport.ts';

const SERIES = [
  { metric: 'cpu', kind: 'gauge', labels: { source: 'host' } },
  { metric: 'bytes', kind: 'counter', labels: { worker_id: 'a/ü' } },
  { metric: 'bytes', kind: 'counter', labels: { worker_id: 'b' } },
  { metric: 'wait', kind: 'histogram', labels: {} },
] as const;

/** Points of some hours, also late ones; both stores get the same. */
function feed(stores: readonly ReturnType<typeof makeStore>[], from: number, to: number): void {
  for (const store of stores) {
    for (const [i, { metric, kind, labels }] of SERIES.entries()) {
      const handle = handleOf(store, metric, { kind, labels });
      for (let time = from; time < to; time += 7 * SECOND) {
        handle.append(
          time,
          kind === 'counter' ? time / SECOND - NOW / SECOND + 1e6 : (time * (i + 3)) % 1013,
        );
        if (time % (49 * SECOND) === 0) handle.append(time - 2 * HOUR, 5);
        if (time % (490 * SECOND) === 0) handle.append(time - 40 * DAY, 7);
      }
    }
  }
}

describe('the files of the series', () => {
  const dataDir = useTempDir('series');
  const seriesFiles = () => readdirSync(join(dataDir(), 'series')).sort();
  const quarantine = () => readdirSync(join(dataDir(), 'quarantine'));

  it('hold what was written: another start answers the same as a store that never stopped', async () => {
    const clock = new TestClock();
    let opened = await new Opened(dataDir(), clock).open();
    const whole = makeStore(clock);
    let seq = 0;
    for (let part = 0; part < 20; part++) {
      const from = clock.now;
      clock.now += 25 * MINUTE;
      feed([whole, opened.store], from, clock.now);
      await opened.save(++seq);
      if (part % 6 === 5) {
        await opened.files.close();
        opened = await new Opened(dataDir(), clock).open();
        assert.equal(opened.files.seq, seq);
      }
    }
    assert.deepEqual(await contentOf(opened.store, clock.now), await contentOf(whole, clock.now));
    assert.deepEqual(opened.warnings, []);
    assert.ok(opened.store.counts.disk_bytes > 0);
    assert.deepEqual(quarantineOrNone(dataDir()), []);
    for (const name of seriesFiles()) {
      assert.equal(statSync(join(dataDir(), 'series', name)).mode & 0o777, 0o600, name);
    }
  });

  it('keep the memory small, whatever was taken before', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    const handle = handleOf(opened.store);
    const sizes: number[] = [];
    for (let hour = 0; hour < 9; hour++) {
      for (const end = clock.now + HOUR; clock.now < end; clock.now += SECOND) {
        handle.append(clock.now, clock.now % 977);
        if (clock.now % (5 * MINUTE) === 0) await opened.save(clock.now);
      }
      sizes.push(opened.store.counts.memory_bytes);
    }
    assert.ok((sizes.at(-1) ?? 0) < 1.2 * (sizes[1] ?? 0), sizes.join(', '));
    const counted = await lineOf(opened.store, {
      from: NOW,
      to: clock.now,
      step: MINUTE,
      aggregation: 'count',
    });
    assert.ok(counted.slice(0, -1).every(([, count]) => count === 60));
    assert.equal(counted.length, 9 * 60);
  });

  it('are read as of the last write that ended, whatever a crash left behind it', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    feed([opened.store], NOW - HOUR, NOW);
    await opened.save(41);
    const before = await contentOf(opened.store, NOW);
    const folder = join(dataDir(), 'series');
    for (const name of seriesFiles()) {
      if (name.endsWith('.json')) continue;
      writeFileSync(join(folder, name), 'half a batch', { flag: 'a' });
    }
    writeFileSync(join(folder, '10s-1-99.blocks'), 'never named');
    writeFileSync(join(folder, '.manifest-0.json.0123456789abcdef.tmp'), '{');
    const after = await new Opened(dataDir(), clock).open();
    assert.equal(after.files.seq, 41);
    assert.deepEqual(await contentOf(after.store, NOW), before);
    assert.deepEqual(after.warnings, []);
    assert.ok(!seriesFiles().some((name) => name.startsWith('10s-1-99') || name.endsWith('.tmp')));
  });

  it('write what a failed write did not, each point once', async () => {
    const clock = new TestClock();
    let failing = false;
    const fs: FileSystem = {
      ...nodeFileSystem,
      write: (...args) =>
        failing
          ? Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
          : nodeFileSystem.write(...args),
    };
    const opened = await new Opened(dataDir(), clock, { fs }).open();
    const whole = makeStore(clock);
    for (let part = 0; part < 8; part++) {
      const from = clock.now;
      clock.now += 40 * MINUTE;
      feed([whole, opened.store], from, clock.now);
      failing = part % 3 !== 2;
      if (failing) await assert.rejects(opened.save(part), /no space/);
      else await opened.save(part);
      assert.deepEqual(await contentOf(opened.store, clock.now), await contentOf(whole, clock.now));
    }
    assert.equal(opened.files.isDirty, true);
    failing = false;
    await opened.save(9);
    assert.equal(opened.files.isDirty, false);
    const after = await new Opened(dataDir(), clock).open();
    assert.equal(after.files.seq, 9);
    assert.deepEqual(await contentOf(after.store, clock.now), await contentOf(whole, clock.now));
    const logs = seriesFiles().filter((name) => name.endsWith('.deltas'));
    assert.ok(logs.length <= 2, logs.join());
  });

  it('take what comes in the pauses of collecting, each point once', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock, {
      max_series: 3000,
      max_per_metric: 3000,
    }).open();
    const handles = Array.from({ length: 3000 }, (_, i) =>
      handleOf(opened.store, 'm', { labels: { id: `${i}` } }),
    );
    let count = 0;
    let between = 0;
    for (let part = 0; part < 6; part++) {
      for (const handle of handles) if (handle.append(clock.now, 1)) count++;
      const collecting = opened.files.collectInSlices();
      for (let done = false; !done; between++) {
        // Two buckets on: what is closed in between must not be lost.
        for (const at of [0, 20_000, 40_000]) {
          for (const i of [0, 1500, 2999]) if (handles[i]?.append(clock.now + at, 1)) count++;
        }
        done = await Promise.race([collecting.then(() => true), nextTurn()]);
      }
      await opened.files.write(await collecting, part);
      clock.now += 25 * MINUTE;
    }
    assert.ok(between > 12, `${between} pauses`);
    await opened.save(6);
    const after = await new Opened(dataDir(), clock, {
      max_series: 3000,
      max_per_metric: 3000,
    }).open();
    for (const store of [opened.store, after.store]) {
      const asked = { from: NOW, to: clock.now, step: MINUTE, aggregation: 'sum' as const };
      const [line] = (await ask(store, { ...asked, group_by: ['none'] })).series;
      assert.equal(
        line?.points.reduce((sum, [, value]) => sum + value, 0),
        count,
      );
    }
  });

  it('stay readable while they are rewritten, and questions in between miss nothing', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    const handle = handleOf(opened.store);
    let count = 0;
    for (let part = 0; part < 60; part++) {
      for (const end = clock.now + 30 * MINUTE; clock.now < end; clock.now += 20 * SECOND) {
        if (handle.append(clock.now, 1)) count++;
      }
      const written = opened.save(part);
      const asked = { from: NOW, to: clock.now, step: HOUR, aggregation: 'sum' as const };
      for (let i = 0; i < 4; i++) {
        const line = await lineOf(opened.store, asked);
        assert.equal(
          line.reduce((sum, [, value]) => sum + value, 0),
          count,
        );
      }
      await written;
    }
    assert.deepEqual(opened.warnings, []);
  });

  it('that a question reads stay until it has its answer', async () => {
    const clock = new TestClock();
    /** The next one to open a block waits for this. */
    let opening: Promise<void> | null = null;
    const fs: FileSystem = {
      ...nodeFileSystem,
      open: async (path, flags, mode) => {
        if (path.endsWith('.blocks') && flags === 'r') {
          const wait = opening;
          opening = null;
          await wait;
        }
        return nodeFileSystem.open(path, flags, mode);
      },
    };
    const opened = await new Opened(dataDir(), clock, { fs }).open();
    const handle = handleOf(opened.store);
    const advance = async (hours: number) => {
      for (let hour = 0; hour < hours; hour++) {
        for (let time = 0; time < HOUR; time += MINUTE) handle.append(clock.now + time, 1);
        clock.now += HOUR;
        await opened.save(clock.now);
      }
    };
    await advance(2);
    let open = (): void => undefined;
    opening = new Promise((resolve) => (open = resolve));
    const asked = { from: NOW, to: clock.now - 1, step: MINUTE, aggregation: 'count' as const };
    const answer = lineOf(opened.store, asked);
    const read = seriesFiles().filter((file) => file.startsWith('1m-'));
    await advance(20);
    open();
    assert.equal((await answer).length, 120);
    assert.deepEqual(opened.warnings, []);
    await advance(2);
    const [name = ''] = read;
    assert.ok(!seriesFiles().includes(name), 'it was rewritten meanwhile');
  });

  it('of closed windows hold one record a series', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    const handle = handleOf(opened.store);
    for (let part = 0; part < 200; part++) {
      handle.append(clock.now, part);
      clock.now += 7 * MINUTE;
      await opened.save(part);
    }
    const { blocks } = newestManifest(join(dataDir(), 'series'));
    const closed = blocks.filter(
      ({ tier, window }) => tier === 0 && (window + 1) * HOUR < clock.now - 3 * HOUR,
    );
    assert.ok(closed.length > 15);
    assert.ok(closed.every(({ writes }) => writes === 1));
    assert.ok(blocks.every(({ writes }) => writes <= 26));
    const named = new Set(blocks.map(({ tier }) => tier));
    assert.deepEqual([...named].sort(), [0, 1, 2, 3]);
  });

  it('go when their time is over', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    const handle = handleOf(opened.store);
    for (let part = 0; part < 60; part++) {
      handle.append(clock.now, part);
      clock.now += 2 * HOUR;
      await opened.save(part);
    }
    const fine = seriesFiles().filter((name) => name.startsWith('10s-'));
    assert.ok(fine.length >= 12 && fine.length <= 30, `${fine.length} files`);
    const oldest = Math.min(...fine.map((name) => Number(name.split('-')[1])));
    assert.ok((oldest + 1) * HOUR >= clock.now - DAY - 4 * HOUR);
    const kept = await lineOf(opened.store, {
      from: NOW,
      to: clock.now,
      step: HOUR,
      aggregation: 'count',
    });
    assert.equal(kept.length, 60);
  });

  it('with a flipped bit are kept in quarantine and said; the rest is answered', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    const handles = ['a', 'b', 'c'].map((id) => handleOf(opened.store, 'm', { labels: { id } }));
    for (; clock.now < NOW + 3 * HOUR; clock.now += MINUTE) {
      for (const handle of handles) handle.append(clock.now, clock.now % 977);
      if (clock.now % HOUR === 0) await opened.save(clock.now);
    }
    await opened.save(clock.now);
    const name = seriesFiles().find((file) => file.startsWith('1m-')) ?? '';
    const path = join(dataDir(), 'series', name);
    const bytes = readFileSync(path);
    // Behind the header and the index: the first body.
    bytes[20 + 3 * 12 + 5] = (bytes[20 + 3 * 12 + 5] ?? 0) ^ 4;
    writeFileSync(path, bytes);
    const after = await new Opened(dataDir(), clock).open();
    const counts = async () =>
      Promise.all(
        ['a', 'b', 'c'].map(async (id) => {
          const asked = { from: NOW, to: clock.now, step: MINUTE, aggregation: 'count' as const };
          return (await lineOf(after.store, { ...asked, labels: { id } })).length;
        }),
      );
    const [a = 0, b = 0, c = 0] = await counts();
    assert.ok(a < b && b === c && b === 180, `${a}, ${b}, ${c}`);
    assert.deepEqual(await counts(), [a, b, c]);
    assert.equal(after.warnings.length, 1);
    assert.match(
      after.warnings[0] ?? '',
      /bytes of 1m-.* are damaged. They are kept in .*quarantine/,
    );
    assert.equal(quarantine().length, 1);
  });

  it('of which any is cut, flipped or gone never keep the service from starting', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    feed([opened.store], clock.now - HOUR, clock.now);
    for (let part = 0; part < 4; part++) {
      clock.now += 40 * MINUTE;
      feed([opened.store], clock.now - MINUTE, clock.now);
      await opened.save(part);
    }
    const folder = join(dataDir(), 'series');
    const saved = new Map(seriesFiles().map((name) => [name, readFileSync(join(folder, name))]));
    const named = newestManifest(folder).names;
    let state = 1;
    for (const [name, bytes] of saved) {
      for (const damage of ['cut', 'flip', 'empty']) {
        for (const [other, content] of saved) writeFileSync(join(folder, other), content);
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        const at = state % bytes.length;
        if (damage === 'cut') truncateSync(join(folder, name), at);
        else if (damage === 'empty') truncateSync(join(folder, name), 0);
        else {
          const flipped = Buffer.from(bytes);
          flipped[at] = (flipped[at] ?? 0) ^ 16;
          writeFileSync(join(folder, name), flipped);
        }
        const after = await new Opened(dataDir(), clock).open();
        await contentOf(after.store, clock.now);
        const handle = handleOf(after.store, 'new');
        handle.append(clock.now, 1);
        await after.save(100);
        const again = await new Opened(dataDir(), clock).open();
        assert.equal(again.files.seq, 100);
        const asked = { metric: 'new', from: clock.now - HOUR, to: clock.now, step: MINUTE };
        assert.equal((await lineOf(again.store, asked)).length, 1, `${name} ${damage}`);
        if (damage !== 'flip' && at > 0 && named.includes(name)) {
          assert.ok(after.warnings.length > 0, `${name} ${damage}`);
        }
      }
    }
  });

  it('fall back to the manifest before when the newest is damaged', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    feed([opened.store], NOW - HOUR, NOW);
    await opened.save(1);
    const before = await contentOf(opened.store, NOW);
    handleOf(opened.store, 'later').append(NOW, 1);
    await opened.save(2);
    writeFileSync(join(dataDir(), 'series', 'manifest-0.json'), '{"generation":');
    const after = await new Opened(dataDir(), clock).open();
    assert.equal(after.files.seq, 1);
    assert.deepEqual(await contentOf(after.store, NOW), before);
    assert.match(after.warnings.join(), /manifest-0.json is damaged/);
  });

  it('go to quarantine, each with a sentence, when both manifests are damaged', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock).open();
    feed([opened.store], NOW - HOUR, NOW);
    for (const seq of [1, 2]) {
      handleOf(opened.store).append(NOW, seq);
      await opened.save(seq);
    }
    for (const slot of [0, 1])
      writeFileSync(join(dataDir(), 'series', `manifest-${slot}.json`), '');
    const after = await new Opened(dataDir(), clock).open();
    assert.equal(after.files.seq, 0);
    assert.deepEqual(after.store.metrics(), []);
    assert.equal(after.warnings.length, 3);
    assert.equal(quarantine().length, 3);
  });

  it('of label sets that made room for others are left out when they are rewritten', async () => {
    const clock = new TestClock();
    const opened = await new Opened(dataDir(), clock, { max_series: 1 }).open();
    handleOf(opened.store, 'old').append(NOW, 1);
    await opened.save(1);
    clock.now += 31 * DAY;
    handleOf(opened.store, 'new').append(clock.now, 1);
    await opened.save(2);
    const after = await new Opened(dataDir(), clock, { max_series: 1 }).open();
    assert.deepEqual(
      after.store.metrics().map(({ metric }) => metric),
      ['new'],
    );
    assert.deepEqual(after.warnings, []);
  });
});

const nextTurn = (): Promise<boolean> =>
  new Promise((resolve) => {
    setImmediate(() => resolve(false));
  });

interface Named {
  generation: number;
  logs: { name: string }[];
  blocks: { name: string; tier: number; window: number; writes: number }[];
}

function newestManifest(folder: string): Named & { names: string[] } {
  const [newest] = [0, 1]
    .map((slot) => readFileSync(join(folder, `manifest-${slot}.json`), 'utf8'))
    .map((text) => JSON.parse(text) as Named)
    .sort((a, b) => b.generation - a.generation);
  assert.ok(newest);
  return { ...newest, names: [...newest.logs, ...newest.blocks].map(({ name }) => name) };
}

function quarantineOrNone(dataDir: string): string[] {
  return readdirSync(dataDir).includes('quarantine')
    ? readdirSync(join(dataDir, 'quarantine'))
    : [];
}
