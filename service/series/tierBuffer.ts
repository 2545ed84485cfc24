/** What is in memory of one series at one tier: open buckets, and closed ones as bytes. */
import { Bucket } from './bucket.ts';
import { readBucket, writeBucket } from './bucketCodec.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** One for the present, one for points that come late. */
const MAX_OPEN = 2;
/** Below this many bytes nothing is worth tidying. */
const TIDY_BYTES = 4096;
/** What an open bucket takes besides its sketch: measured with 100,000 of them. */
const BUCKET_BYTES = 300;

/**
 * Gets a bucket that is good only until it returns. The same stretch can come more than once: its buckets are to be
 * merged.
 */
export type BucketVisitor = (bucket: Bucket) => void;

/** Which buckets to read. */
export interface BucketRange {
  /** Milliseconds of a bucket. */
  width: number;
  /** First and last index. */
  first: number;
  last: number;
  /** False leaves the sketches empty, which is quicker. */
  quantiles: boolean;
}

const scratch = new Bucket(0);

/** Reads all buckets of the range. Throws when the bytes are no buckets. */
export function visitBytes(bytes: Uint8Array, range: BucketRange, visit: BucketVisitor): void {
  const reader = new ByteReader(bytes);
  while (!reader.done) {
    readBucket(reader, scratch, range.width, range.quantiles);
    if (scratch.index >= range.first && scratch.index <= range.last) visit(scratch);
  }
}

export class TierBuffer {
  readonly #width: number;
  readonly #counter: boolean;
  readonly #open: Bucket[] = [];
  #sealed = new ByteWriter();
  /** Bytes after the last tidying. */
  #tidied = 0;

  constructor(width: number, counter: boolean) {
    this.#width = width;
    this.#counter = counter;
  }

  get memoryBytes(): number {
    const open = this.#open.reduce((sum, { sketch }) => sum + BUCKET_BYTES + sketch.memoryBytes, 0);
    return this.#sealed.capacity + open;
  }

  get sealedBytes(): number {
    return this.#sealed.length;
  }

  /** The bytes of the closed buckets from a place on; they stay as they are whatever happens later. */
  sealedFrom(place: number): Uint8Array {
    return this.#sealed.view(place);
  }

  /** Adds buckets as they were written. */
  appendSealed(bytes: Uint8Array): void {
    this.#sealed.raw(bytes);
  }

  /** Closes a bucket of this tier's width. */
  seal(bucket: Bucket): void {
    writeBucket(this.#sealed, bucket, this.#width, this.#counter);
  }

  /** Merges a bucket of a finer tier into the one it lies in. */
  absorb(bucket: Bucket, width: number): void {
    const index = Math.floor((bucket.index * width) / this.#width);
    for (const open of this.#open) {
      if (open.index === index) {
        open.merge(bucket);
        return;
      }
    }
    this.#opened(index).merge(bucket);
  }

  /** Hands over every bucket of the range, in no order. */
  visit(range: BucketRange, visit: BucketVisitor): void {
    for (const bucket of this.#open) {
      if (bucket.index >= range.first && bucket.index <= range.last) visit(bucket);
    }
    visitBytes(this.#sealed.view(), range, visit);
  }

  /** Every bucket as bytes, the open ones too. Only for buffers that take nothing any more. */
  allSealed(): Uint8Array {
    for (const bucket of this.#open.splice(0)) this.seal(bucket);
    return this.#sealed.view();
  }

  /** Merges closed buckets of the same stretch and drops those before `first`. */
  tidy(first: number): void {
    if (this.#sealed.length < Math.max(TIDY_BYTES, 2 * this.#tidied)) return;
    const all = { width: this.#width, first, last: Infinity, quantiles: true };
    const kept = mergeByIndex((visit) => visitBytes(this.#sealed.view(), all, visit));
    this.#sealed = new ByteWriter(this.#sealed.length);
    for (const bucket of kept) this.seal(bucket);
    this.#tidied = this.#sealed.length;
  }

  #opened(index: number): Bucket {
    if (this.#open.length < MAX_OPEN) {
      const bucket = new Bucket(index);
      this.#open.push(bucket);
      return bucket;
    }
    const oldest = this.#open.reduce((a, b) => (b.index < a.index ? b : a));
    this.seal(oldest);
    oldest.clear(index);
    return oldest;
  }
}

/**
 * One bucket a stretch, in the order of time, out of buckets in any order. Those of one stretch are merged in the order of
 * their points: of three pieces of a counter the middle one, coming last, could not tell where it started anew.
 */
export function mergeByIndex(source: (visit: BucketVisitor) => void, quantiles = true): Bucket[] {
  const byIndex = new Map<number, Bucket[]>();
  source((bucket) => {
    const copy = new Bucket(bucket.index);
    copy.merge(bucket, quantiles);
    const held = byIndex.get(bucket.index);
    if (held === undefined) byIndex.set(bucket.index, [copy]);
    else held.push(copy);
  });
  const merged = [...byIndex.values()].map((pieces) => joined(pieces, quantiles));
  return merged.sort((a, b) => a.index - b.index);
}

function joined(pieces: Bucket[], quantiles: boolean): Bucket {
  const [first, ...rest] = pieces.sort((a, b) => a.firstTime - b.firstTime);
  if (first === undefined) throw new Error('A stretch without a bucket.');
  for (const piece of rest) first.merge(piece, quantiles);
  return first;
}
