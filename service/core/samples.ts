/**
 * A resource timeline of bounded size: samples fall into buckets of equal width; when there are too many buckets the
 * width doubles and neighbours merge. Sums are kept as integers (thousandths), so the result does not depend on the order.
 */

export interface Cell {
  /** Sum in thousandths of the field's unit. */
  sum: number;
  count: number;
  max: number;
}

export interface Bucket {
  /** Epoch milliseconds of its begin. */
  time: number;
  cells: Map<string, Cell>;
  /** Sequence number of its last change. */
  seq: number;
}

export interface Samples {
  width_ms: number;
  /** In order of time. */
  buckets: Bucket[];
}

const FIRST_WIDTH_MS = 100;
const THOUSANDTHS = 1000;

export function newSamples(): Samples {
  return { width_ms: FIRST_WIDTH_MS, buckets: [] };
}

export interface Sample {
  /** Epoch milliseconds. */
  time: number;
  seq: number;
  values: [field: string, value: number][];
}

/** Adds one sample; keeps at most `limit` buckets. */
export function addSample(samples: Samples, sample: Sample, limit: number): void {
  const bucket = bucketAt(samples, sample.time);
  bucket.seq = Math.max(bucket.seq, sample.seq);
  for (const [field, value] of sample.values) {
    const scaled = Math.round(value * THOUSANDTHS);
    const cell = bucket.cells.get(field);
    if (cell) {
      cell.sum += scaled;
      cell.count++;
      cell.max = Math.max(cell.max, scaled);
    } else bucket.cells.set(field, { sum: scaled, count: 1, max: scaled });
  }
  while (samples.buckets.length > limit) halve(samples);
}

function bucketAt(samples: Samples, time: number): Bucket {
  const begin = Math.floor(time / samples.width_ms) * samples.width_ms;
  const at = lowerBound(samples.buckets, begin);
  const found = samples.buckets[at];
  if (found?.time === begin) return found;
  const bucket: Bucket = { time: begin, cells: new Map(), seq: 0 };
  samples.buckets.splice(at, 0, bucket);
  return bucket;
}

/** Index of the first bucket that begins at `time` or later. */
export function lowerBound(buckets: readonly Bucket[], time: number): number {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((buckets[middle]?.time ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds the buckets of `from`, which is used up; keeps at most `limit` buckets. */
export function mergeSamples(into: Samples, from: Samples, limit: number): void {
  while (into.width_ms < from.width_ms) halve(into);
  for (const bucket of from.buckets) merge(bucketAt(into, bucket.time), bucket);
  while (into.buckets.length > limit) halve(into);
}

function halve(samples: Samples): void {
  samples.width_ms *= 2;
  const merged: Bucket[] = [];
  for (const bucket of samples.buckets) {
    const begin = Math.floor(bucket.time / samples.width_ms) * samples.width_ms;
    const last = merged.at(-1);
    if (last?.time === begin) merge(last, bucket);
    else merged.push({ ...bucket, time: begin });
  }
  samples.buckets = merged;
}

function merge(into: Bucket, from: Bucket): void {
  into.seq = Math.max(into.seq, from.seq);
  for (const [field, cell] of from.cells) {
    const held = into.cells.get(field);
    if (held) {
      held.sum += cell.sum;
      held.count += cell.count;
      held.max = Math.max(held.max, cell.max);
    } else into.cells.set(field, cell);
  }
}

export interface Summary {
  avg: number;
  max: number;
  count: number;
}

/** Mean and maximum of a field over the buckets that overlap [from, to] (epoch ms); null where there is no sample. */
export function summarize(
  samples: Samples,
  field: string,
  from: number,
  to: number,
): Summary | null {
  let sum = 0;
  let count = 0;
  let max = 0;
  for (
    let i = lowerBound(samples.buckets, from - samples.width_ms + 1);
    i < samples.buckets.length;
    i++
  ) {
    const bucket = samples.buckets[i];
    if (bucket === undefined || bucket.time > to) break;
    const cell = bucket.cells.get(field);
    if (cell === undefined) continue;
    sum += cell.sum;
    count += cell.count;
    max = Math.max(max, cell.max);
  }
  return count === 0
    ? null
    : { avg: round(sum / count / THOUSANDTHS), max: max / THOUSANDTHS, count };
}

/** The bucket's fields as means. */
export function means(bucket: Bucket): Record<string, number> {
  const fields = [...bucket.cells].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    fields.map(([field, cell]) => [field, round(cell.sum / cell.count / THOUSANDTHS)]),
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
