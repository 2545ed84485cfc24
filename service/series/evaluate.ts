/** Reads the points of a line of the answer. */
import type { Aggregation } from '../protocol/aggregation.ts';
import { MAX_POINTS } from '../protocol/series.ts';
import { needsQuantiles, rates, valueOf } from './aggregate.ts';
import type { SeriesArchive } from './archive.ts';
import { Bucket } from './bucket.ts';
import { type Sample, downsample } from './downsample.ts';
import type { Plan } from './plan.ts';
import type { Series } from './series.ts';
import { binOf } from './sketch.ts';
import type { Slices } from './slices.ts';
import { type BucketRange, type BucketVisitor, mergeByIndex, visitBytes } from './tierBuffer.ts';
import { MINUTE, type Tier } from './tiers.ts';

/** How far before the range a rate looks for where a counter stood. */
const LOOK_BACK_MS = 5 * MINUTE;

export interface Reading {
  plan: Plan;
  aggregation: Aggregation;
  from: number;
  to: number;
  tiers: readonly Tier[];
  archive: SeriesArchive;
  slices: Slices;
}

/** The points of a line that one or more series make up. */
export async function evaluate(series: readonly Series[], reading: Reading): Promise<Sample[]> {
  const { aggregation, plan } = reading;
  if (aggregation === 'raw') return downsample(await readSamples(series, reading), MAX_POINTS);
  const values =
    aggregation === 'rate'
      ? await readRates(series, reading)
      : valuesOf(await readSteps(series, reading), aggregation);
  const points: Sample[] = [];
  for (let at = plan.first; at <= plan.last; at++) {
    const value = values.get(at);
    if (value !== undefined && Number.isFinite(value)) points.push([at * plan.step, value]);
  }
  return points;
}

/** All points of the range as one bucket, quantiles among it; null where there are none. `plan` is one whole step. */
export async function summarise(
  series: readonly Series[],
  reading: Omit<Reading, 'aggregation'>,
): Promise<Bucket | null> {
  const steps = await readSteps(series, { ...reading, aggregation: 'p50' });
  const [whole] = steps.values();
  return whole === undefined || whole.count === 0 ? null : whole;
}

function valuesOf(
  steps: ReadonlyMap<number, Bucket>,
  aggregation: Exclude<Aggregation, 'rate' | 'raw'>,
): Map<number, number> {
  const values = new Map<number, number>();
  for (const [at, bucket] of steps) values.set(at, valueOf(bucket, aggregation));
  return values;
}

/** One bucket a step, of all series together. */
async function readSteps(
  series: readonly Series[],
  reading: Reading,
): Promise<Map<number, Bucket>> {
  const { aggregation, plan } = reading;
  const quantiles = needsQuantiles(aggregation);
  const steps = new Map<number, Bucket>();
  for (const one of series) {
    const ratio = plan.step / widthOf(reading);
    await readBuckets(one, reading, { from: plan.from, quantiles }, (bucket) => {
      mergeInto(steps, Math.floor(bucket.index / ratio), bucket, quantiles);
    });
  }
  return steps;
}

/** The rates of all series, added up. */
async function readRates(
  series: readonly Series[],
  reading: Reading,
): Promise<Map<number, number>> {
  const { plan, to } = reading;
  const ratio = plan.step / widthOf(reading);
  const from = plan.first * plan.step - Math.max(plan.step, LOOK_BACK_MS);
  const sum = new Map<number, number>();
  for (const one of series) {
    const pieces: Bucket[] = [];
    await readBuckets(one, reading, { from, quantiles: false }, (bucket) => {
      const copy = new Bucket(bucket.index);
      copy.merge(bucket, false);
      pieces.push(copy);
    });
    // In the order of time, so that each start anew of a counter is seen.
    const buckets = mergeByIndex((visit) => pieces.forEach(visit), false);
    const steps = new Map<number, Bucket>();
    for (const bucket of buckets) {
      mergeInto(steps, Math.floor(bucket.index / ratio), bucket, false);
    }
    for (const [at, rate] of rates([...steps.values()], one.info.kind, { step: plan.step, to })) {
      sum.set(at, (sum.get(at) ?? 0) + rate);
    }
  }
  return sum;
}

function mergeInto(
  steps: Map<number, Bucket>,
  at: number,
  bucket: Bucket,
  quantiles: boolean,
): void {
  let held = steps.get(at);
  if (held === undefined) steps.set(at, (held = new Bucket(at)));
  held.merge(bucket, quantiles);
}

/** Milliseconds of the buckets that are read: of a step where it is made of measured points. */
function widthOf({ plan, tiers }: Reading): number {
  return plan.tier === null ? plan.step : (tiers[plan.tier]?.width ?? plan.step);
}

async function readBuckets(
  series: Series,
  reading: Reading,
  { from, quantiles }: { from: number; quantiles: boolean },
  visit: BucketVisitor,
): Promise<void> {
  const { plan, to } = reading;
  const width = widthOf(reading);
  if (plan.tier === null) {
    visitRaw(series, { from, to }, width, visit);
    return;
  }
  const range = {
    width,
    first: Math.floor(from / width),
    last: Math.floor(to / width),
    quantiles,
  };
  await visitTier(series, plan.tier, range, { ...reading, visit });
}

/** Makes buckets out of measured points. */
function visitRaw(
  series: Series,
  { from, to }: { from: number; to: number },
  width: number,
  visit: BucketVisitor,
): void {
  const bucket = new Bucket(-1);
  series.ring.forEach(from, to, (time, value) => {
    const index = Math.floor(time / width);
    if (bucket.index !== index) {
      if (bucket.count > 0) visit(bucket);
      bucket.clear(index);
    }
    bucket.add(time, value, binOf(value));
  });
  if (bucket.count > 0) visit(bucket);
}

/**
 * What is stored and what is in memory of a series. Both are looked up in one go: what moves from memory to disk
 * meanwhile is neither missed nor seen twice.
 */
async function visitTier(
  series: Series,
  tier: number,
  range: BucketRange,
  { archive, slices, visit }: Pick<Reading, 'archive' | 'slices'> & { visit: BucketVisitor },
): Promise<void> {
  const { first, last, width } = range;
  const stored = archive.read(series.id, tier, {
    from: first * width,
    to: (last + 1) * width - 1,
  });
  series.visit(tier, range, visit);
  for (const bytes of await stored) {
    visitBytes(bytes, range, visit);
    await slices.step();
  }
  await slices.step();
}

/** The points themselves; where they are no longer kept, the lowest and the highest of each bucket. */
async function readSamples(series: readonly Series[], reading: Reading): Promise<Sample[]> {
  const { plan, from, to } = reading;
  const samples: Sample[] = [];
  for (const one of series) {
    if (plan.tier === null)
      one.ring.forEach(from, to, (time, value) => samples.push([time, value]));
    else samples.push(...(await readExtremes(one, reading)));
  }
  return samples.sort(([a], [b]) => a - b);
}

async function readExtremes(series: Series, reading: Reading): Promise<Sample[]> {
  const width = widthOf(reading);
  const pieces = new Map<number, Bucket>();
  await readBuckets(series, reading, { from: reading.from, quantiles: false }, (bucket) => {
    mergeInto(pieces, bucket.index, bucket, false);
  });
  return [...pieces.values()].flatMap((bucket): Sample[] => {
    const begin = bucket.index * width;
    if (bucket.min === bucket.max) return [[bucket.lastTime, bucket.last]];
    return [
      [begin, bucket.min],
      [begin + width / 2, bucket.max],
    ];
  });
}
