/**
 * What the time series cost, as one JSON row a number: memory, append, range queries, the error of quantiles.
 *   node --expose-gc --import tsx bench/series.ts          (without --expose-gc the memory is the store's own estimate)
 * `measureSeries` gives the same rows to `bench/run.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { QuantileSketch, binOf } from '../service/series/sketch.ts';
import { SeriesStore } from '../service/series/store.ts';
import type { SeriesHandle } from '../service/series/series.ts';
import type { SeriesReader } from '../service/series/types.ts';
import { SeriesFiles } from '../service/storage/seriesFiles.ts';

export interface SeriesRow {
  what: string;
  unit: string;
  got: number;
  /** The limit: `got` is below it, or at least it where `least` is set. */
  wanted: number;
  least?: true;
}

const MB = 1024 * 1024;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 15);
const LIMITS = { max_series: 5000, max_per_metric: 1000, system_hours: 24, series_days: 30 };

/** Every row, in about 20 seconds. */
export async function measureSeries(): Promise<SeriesRow[]> {
  return [
    memoryRow('every 5 s', 5000),
    memoryRow('every 100 ms', 100),
    ...appendRows(),
    ...(await queryRows()),
    errorRow(),
    collectRow(),
  ];
}

function handleOf(store: SeriesStore, metric: string, labels: Record<string, string>) {
  const handle = store.seriesOf(metric, labels, 'gauge');
  if (handle === null) throw new Error(`There is no room for ${metric}.`);
  return handle;
}

/** 10,000 snapshots of 25 metrics that move as those of a machine do. */
function memoryRow(how: string, interval: number): SeriesRow {
  const random = randomOf(7);
  const before = heapBytes();
  let now = START;
  const store = new SeriesStore({ ...LIMITS, clock: () => now });
  const handles = Array.from({ length: 25 }, (_, i) =>
    handleOf(store, `metric_${i}`, { source: 'host' }),
  );
  const levels = handles.map(() => 50);
  for (let snapshot = 0; snapshot < 10_000; snapshot++) {
    now += interval;
    handles.forEach((handle, i) => {
      levels[i] = Math.min(100, Math.max(0, (levels[i] ?? 0) + random() * 4 - 2));
      handle.append(now, levels[i] ?? 0);
    });
  }
  const bytes = before === null ? store.counts.memory_bytes : (heapBytes() ?? 0) - before;
  if (!store.has('metric_0')) throw new Error('The store was collected before it was measured.');
  return {
    what: `memory for 10,000 snapshots of 25 metrics, ${how}`,
    unit: 'MB',
    got: bytes / MB,
    wanted: 100,
  };
}

function heapBytes(): number | null {
  if (globalThis.gc === undefined) return null;
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Points of 25 series in turn, 10 a second each: by handle, and with metric and labels looked up for each. */
function appendRows(): SeriesRow[] {
  const points = 2_000_000;
  const random = randomOf(11);
  const values = Float64Array.from({ length: 4096 }, () => 20 + 60 * random());
  const timed = (append: (i: number, time: number, value: number) => void): number => {
    const began = performance.now();
    for (let i = 0; i < points; i++) {
      append(i % 25, START + Math.floor(i / 25) * 100, values[i & 4095] ?? 0);
    }
    return points / ((performance.now() - began) / 1000);
  };
  const newStore = () => new SeriesStore({ ...LIMITS, clock: () => START });
  const byHandle = newStore();
  const handles = Array.from({ length: 25 }, (_, i) => handleOf(byHandle, `metric_${i}`, {}));
  const byName = newStore();
  const labels = { source: 'host' };
  const names = handles.map(({ metric }) => metric);
  const kind = 'gauge';
  timed((i, time, value) => handles[i]?.append(time, value));
  return [
    {
      what: 'series append, by handle',
      unit: 'points/s',
      got: timed((i, time, value) => handles[i]?.append(time, value)),
      wanted: 1_000_000,
      least: true,
    },
    {
      what: 'series append, metric and labels looked up for each point',
      unit: 'points/s',
      got: timed((i, time, value) =>
        byName.append({ metric: names[i] ?? '', labels, kind, time, value }),
      ),
      wanted: 1_000_000,
      least: true,
    },
  ];
}

/** 24 h of 1 s points, p95 by 173 s: all in memory, and written to disk every 10 minutes. */
async function queryRows(): Promise<SeriesRow[]> {
  const what = 'range query of 24 h of 1 s points, 500 steps, p95';
  let now = START;
  const inMemory = new SeriesStore({ ...LIMITS, clock: () => now });
  const handle = handleOf(inMemory, 'load', {});
  const random = randomOf(3);
  const fill = (one: SeriesHandle) => one.append(now, 1 + 99 * random() ** 3);
  for (; now < START + DAY; now += 1000) fill(handle);
  const folder = await mkdtemp(join(tmpdir(), 'pipescope-bench-series-'));
  try {
    now = START;
    const files = await SeriesFiles.open(folder, { ...LIMITS, clock: () => now, warn: fail });
    const stored = handleOf(files.store, 'load', {});
    for (; now < START + DAY; now += 1000) {
      fill(stored);
      if (now % 600_000 === 0) await files.write(files.collect(), now);
    }
    const rows = [
      { what: `${what}, in memory`, got: await queryTime(inMemory, now) },
      { what: `${what}, from disk`, got: await queryTime(files.store, now) },
    ];
    await files.close();
    return rows.map((row) => ({ ...row, unit: 'ms (median)', wanted: 20 }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fail(sentence: string): never {
  throw new Error(sentence);
}

async function queryTime(store: SeriesReader, now: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    const began = performance.now();
    const answer = await store.query({
      metric: 'load',
      labels: {},
      from: now - DAY,
      to: now,
      step_ms: DAY / 500,
      aggregation: 'p95',
      group_by: [],
    });
    times.push(performance.now() - began);
    if ((answer.series[0]?.points.length ?? 0) < 475) throw new Error('The answer has gaps.');
  }
  // The first ones are the compiler's.
  return quantileOf(Float64Array.from(times.slice(10)), 0.5);
}

/** The worst of p50, p95 and p99 of some usual shapes, each in pieces that were merged. */
function errorRow(): SeriesRow {
  const random = randomOf(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const shapes = [
    () => random() * 100,
    () => Math.exp(2 * normal()),
    () => -Math.log(1 - random()) * 250,
    () => (1 - random()) ** (-1 / 1.5),
    () => (random() < 0.9 ? 10 + normal() : 900 + 30 * normal()),
  ];
  let worst = 0;
  for (const shape of shapes) {
    const values = Float64Array.from({ length: 100_000 }, shape);
    const whole = new QuantileSketch();
    for (let at = 0; at < values.length; at += 1000) {
      const piece = new QuantileSketch();
      for (const value of values.subarray(at, at + 1000)) piece.add(binOf(value));
      whole.merge(piece);
    }
    for (const q of [0.5, 0.95, 0.99]) {
      const exact = quantileOf(values, q);
      worst = Math.max(worst, Math.abs(whole.quantile(q) - exact) / Math.abs(exact));
    }
  }
  return { what: 'quantiles against exact values', unit: '%', got: worst * 100, wanted: 1 };
}

/** How long the loop stands still to collect what 1,000 series got. */
function collectRow(): SeriesRow {
  let now = START;
  const store = new SeriesStore({ ...LIMITS, clock: () => now });
  const handles = Array.from({ length: 1000 }, (_, i) => handleOf(store, 'load', { id: `${i}` }));
  const times: number[] = [];
  for (let round = 0; round < 40; round++) {
    for (let second = 0; second < 10; second++) {
      now += 1000;
      for (const [i, handle] of handles.entries())
        handle.append(now, 50 + 10 * Math.sin(now / 9999 + i));
    }
    const began = performance.now();
    const work = store.collecting(false);
    while (work.next().done !== true);
    times.push(performance.now() - began);
  }
  const got = quantileOf(Float64Array.from(times.slice(10)), 0.5);
  return { what: 'collecting the points of 1,000 series', unit: 'ms (median)', got, wanted: 10 };
}

/** Hyndman and Fan's type 7. */
function quantileOf(values: Float64Array, q: number): number {
  const sorted = values.toSorted();
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  return low + ((sorted[Math.ceil(rank)] ?? 0) - low) * (rank - Math.floor(rank));
}

/** The same numbers in every run (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const row of await measureSeries()) console.log(JSON.stringify(row));
}
