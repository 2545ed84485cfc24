import assert from 'node:assert/strict';
import type { RecordsFrame } from '../../../service/protocol/frame.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { SeriesStore } from '../../../service/series/store.ts';
import type { SeriesQuery } from '../../../service/series/types.ts';
import type { Receiver } from '../../../service/ws/receiver.ts';
import { SeriesFeed } from '../../../service/ws/seriesFeed.ts';
import { eventually } from '../../support/service.ts';

const TEXT = 'metric=depth&range=5m&step=1s&aggregation=last';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The store, watched, and with a brake. */
class WatchedStore extends SeriesStore {
  asked: SeriesQuery[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  delayMs = 0;
  failure: Error | null = null;

  constructor() {
    super({
      clock: Date.now,
      max_series: 100,
      max_per_metric: 100,
      system_hours: 24,
      series_days: 30,
    });
  }

  override async query(query: SeriesQuery): Promise<SeriesAnswer> {
    this.asked.push(query);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    try {
      if (this.delayMs > 0) await pause(this.delayMs);
      if (this.failure) throw this.failure;
      return await super.query(query);
    } finally {
      this.atOnce--;
    }
  }

  put(value: number, time = Date.now()): void {
    const point = { metric: 'depth', labels: {}, kind: 'gauge' as const };
    assert.ok(this.append({ ...point, time, value }));
  }
}

class Window implements Receiver {
  seq = 5;
  behind = false;
  frames: RecordsFrame[] = [];
  isBehind = () => this.behind;
  send = (text: string) => void this.frames.push(JSON.parse(text) as RecordsFrame);

  get values(): number[] {
    const updates = this.frames.flatMap(({ series = [] }) => series);
    return updates.flatMap(({ series }) => series.flatMap(({ points }) => points.map((p) => p[1])));
  }

  get resets(): number {
    return this.frames.flatMap(({ series = [] }) => series).filter(({ reset }) => reset).length;
  }

  get problems() {
    return this.frames.flatMap(({ series_problems = [] }) => series_problems);
  }
}

describe('the feed of series', () => {
  let feed: SeriesFeed;
  let store: WatchedStore;
  let unexpected: unknown[];
  beforeEach(() => {
    store = new WatchedStore();
    unexpected = [];
    const onUnexpected = (error: unknown) => void unexpected.push(error);
    feed = new SeriesFeed(store, { now: Date.now, onUnexpected });
  });
  afterEach(() => feed.close());
  const added = (query = TEXT): Window => {
    const window = new Window();
    feed.add(window, query);
    return window;
  };

  it('asks each query once for all its clients, and only for the last steps', async function () {
    this.timeout(5000);
    store.put(1);
    const windows = Array.from({ length: 20 }, () => added());
    await eventually(() => windows.every(({ resets }) => resets === 1), 'The range');
    const whole = store.asked.length;
    assert.ok(whole <= 2, `${whole} questions`);
    await pause(900);
    store.put(2);
    await eventually(() => windows.every(({ values }) => values.at(-1) === 2), 'The point');
    const [tail] = store.asked.slice(whole);
    assert.ok(store.asked.length - whole <= 2);
    assert.ok(tail && tail.to - tail.from <= 12_000, 'the whole range was asked again');
  });

  it('brings points that come some seconds late, and steps that changed', async function () {
    this.timeout(6000);
    const now = Date.now();
    store.put(1, now - 5000);
    const window = added();
    await eventually(() => window.resets === 1, 'The range');
    store.put(2, now - 4000);
    store.put(3, now - 5000 + 1);
    await eventually(() => window.values.length >= 2, 'The late points', 3000);
    await pause(1100);
    const told = new Map(
      window.frames.flatMap(({ series = [] }) => series.flatMap((u) => u.series[0]?.points ?? [])),
    );
    const answer = await store.query({
      ...{ metric: 'depth', labels: {}, group_by: [], aggregation: 'last' },
      ...{ from: now - 60_000, to: Date.now(), step_ms: 1000 },
    });
    assert.deepEqual([...told].sort(), answer.series[0]?.points.sort());
  });

  it('never asks twice at a time, however slow the store is', async function () {
    this.timeout(6000);
    store.put(1);
    store.delayMs = 1500;
    const first = added();
    await pause(100);
    const second = added();
    await eventually(() => first.resets === 1 && second.resets === 1, 'Both ranges', 5000);
    assert.equal(store.mostAtOnce, 1);
  });

  it('logs what is unexpected and tells each client, both once, and recovers', async function () {
    this.timeout(6000);
    store.put(1);
    store.failure = new Error('broken');
    const window = added();
    await eventually(() => window.problems.length > 0, 'The problem');
    await pause(2100);
    assert.deepEqual([unexpected.length, window.problems.length], [1, 1]);
    assert.equal(window.problems[0]?.code, 'INTERNAL');
    assert.doesNotMatch(window.problems[0].message, /broken/);
    store.failure = null;
    await eventually(() => window.resets === 1, 'The range', 3000);
    assert.deepEqual(window.values, [1]);
  });

  it('gives a client that did not read the whole range when it reads again', async function () {
    this.timeout(6000);
    store.put(1);
    const window = added();
    await eventually(() => window.resets === 1, 'The range');
    window.behind = true;
    store.put(2);
    await pause(1200);
    assert.equal(window.frames.length, 1);
    window.behind = false;
    await eventually(() => window.resets === 2, 'The range again', 3000);
    assert.equal(window.values.at(-1), 2);
  });

  it('asks nothing when nobody listens any more', async function () {
    this.timeout(5000);
    store.put(1);
    const [one, two] = [added(), added()];
    await eventually(() => one.resets + two.resets === 2, 'The ranges');
    feed.keep(one, new Set());
    feed.keep(two, new Set());
    const asked = store.asked.length;
    store.put(2);
    await pause(1300);
    assert.equal(store.asked.length, asked);
    assert.equal(one.frames.length, 1);
  });

  it('lets others run between its questions, however many there are', async () => {
    store.put(1);
    const window = new Window();
    let turns = 0;
    const turn = () => setImmediate(() => (turns++, isOver || turn()));
    let isOver = false;
    turn();
    for (let i = 0; i < 200; i++) feed.add(window, `metric=depth&range=${300 + i}s&step=1s`);
    await eventually(() => window.resets >= 200, 'The ranges');
    isOver = true;
    assert.ok(turns > 150, `${turns} turns`);
  });

  it('sends nothing to a client that left while the store was asked', async () => {
    store.put(1);
    store.delayMs = 100;
    const window = added();
    await pause(20);
    feed.keep(window, new Set());
    await pause(200);
    assert.equal(window.frames.length, 0);
  });
});
