import assert from 'node:assert/strict';
import { DAY, HOUR, MINUTE, NOW, TestClock, ask, handleOf, makeStore } from './support.ts';

describe('the number of series', () => {
  it('is bounded by metric and in all; what is beyond is refused and counted', () => {
    const store = makeStore(new TestClock(), { max_series: 8, max_per_metric: 5 });
    for (let i = 0; i < 7; i++) store.seriesOf('a', { id: `${i}` }, 'gauge');
    for (let i = 0; i < 7; i++) store.seriesOf('b', { id: `${i}` }, 'gauge');
    assert.deepEqual(
      store.metrics().map(({ metric, series }) => [metric, series]),
      [
        ['a', 5],
        ['b', 3],
      ],
    );
    assert.equal(store.counts.refused_labels, 6);
    assert.equal(store.admits('a', { id: '4' }), true);
    assert.equal(store.admits('a', { id: '5' }), false);
    assert.equal(store.admits('c', {}), false);
    const point = { metric: 'c', labels: {}, kind: 'gauge' as const, time: NOW, value: 1 };
    assert.equal(store.append(point), false);
    assert.equal(store.has('c'), false);
  });

  it('of 100,000 label sets costs little memory and little time', () => {
    const store = makeStore(new TestClock(), { max_series: 5000, max_per_metric: 1000 });
    const began = performance.now();
    let taken = 0;
    for (let i = 0; i < 100_000; i++) {
      const labels = { run: `run-${i}`, host: 'a' };
      if (store.append({ metric: 'm', labels, kind: 'gauge', time: NOW, value: i })) taken++;
      assert.equal(store.admits('m', { run: `other-${i}` }), taken < 1000);
    }
    const { series, refused_labels, memory_bytes } = store.counts;
    assert.deepEqual([series, taken, refused_labels], [1000, 1000, 99_000]);
    assert.ok(memory_bytes < 4e6, `${memory_bytes} bytes`);
    assert.ok(performance.now() - began < 5000);
  });

  it('does not count labels that are longer than they are of use', () => {
    const store = makeStore();
    assert.equal(store.admits('m', { text: 'x'.repeat(5000) }), false);
    assert.equal(store.seriesOf('m', { text: 'x'.repeat(5000) }, 'gauge'), null);
    assert.equal(store.counts.series, 0);
  });

  it('lets a series that got no point for 30 days make room when all places are taken', async () => {
    const clock = new TestClock();
    const store = makeStore(clock, { max_series: 2, max_per_metric: 2 });
    const old = handleOf(store, 'm', { labels: { id: 'old' } });
    old.append(NOW, 1);
    const used = handleOf(store, 'm', { labels: { id: 'used' } });
    clock.now += 20 * DAY;
    used.append(clock.now, 1);
    assert.equal(store.seriesOf('m', { id: 'new' }, 'gauge'), null);
    clock.now += 11 * DAY;
    assert.equal(store.admits('m', { id: 'new' }), true);
    assert.ok(store.seriesOf('m', { id: 'new' }, 'gauge')?.append(clock.now, 1));
    assert.equal(old.append(clock.now, 1), false);
    assert.equal(store.admits('m', { id: 'newer' }), false);
    const { series } = await ask(store, { from: NOW - DAY, to: clock.now, step: DAY });
    assert.deepEqual(
      series.map(({ labels }) => labels),
      [{ id: 'new' }, { id: 'used' }],
    );
  });

  it('falls when nothing of a series is kept any more', async () => {
    const clock = new TestClock();
    const store = makeStore(clock);
    handleOf(store).append(NOW, 1);
    clock.now += 700 * DAY;
    await store.tidy(clock.now);
    assert.equal(store.has('m'), true);
    clock.now += 31 * DAY;
    await store.tidy(clock.now);
    assert.equal(store.has('m'), false);
    assert.equal(store.counts.series, 0);
  });

  it('follows other limits at run time', () => {
    const store = makeStore(new TestClock(), { max_series: 1 });
    handleOf(store, 'a');
    assert.equal(store.admits('b', {}), false);
    store.configure({ max_series: 2, max_per_metric: 2, system_hours: 1, series_days: 1 });
    assert.equal(store.admits('b', {}), true);
    assert.equal(store.counts.max_series, 2);
  });
});

describe('the memory of the store', () => {
  it('follows what is kept, not how long it runs, also without a disk and with points that come late', async () => {
    const clock = new TestClock();
    const store = makeStore(clock, { system_hours: 1, series_days: 0.1 });
    const handle = handleOf(store);
    const sizes: number[] = [];
    for (let day = 0; day < 4; day++) {
      for (const end = clock.now + DAY; clock.now < end; clock.now += 5000) {
        handle.append(clock.now, clock.now % 7);
        if (clock.now % 35_000 === 0) handle.append(clock.now - 30 * MINUTE, 1);
        if (clock.now % HOUR === 0) await store.tidy(clock.now);
      }
      sizes.push(store.counts.memory_bytes);
    }
    const [first = 0, , , last = 0] = sizes;
    assert.ok(last < 1.5 * first, sizes.join(', '));
  });
});
