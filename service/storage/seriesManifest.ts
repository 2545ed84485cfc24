/** What the files of the series hold: their names, how much of each counts, and all label sets. */
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Low } from 'lowdb';
import { SERIES_KINDS } from '../protocol/aggregation.ts';
import { OneOf, OrNull } from '../protocol/schema.ts';
import { durableAdapter } from './durableAdapter.ts';
import type { FileSystem } from './fileSystem.ts';

const Whole = Type.Integer({ minimum: 0 });
const LogFile = Type.Object({
  name: Type.String({ pattern: '^log-\\d+\\.deltas$' }),
  /** Bytes that count; what lies behind them was not finished. */
  length: Whole,
});
export type LogFile = Static<typeof LogFile>;

const BlockFile = Type.Object({
  name: Type.String({ pattern: '^[0-9a-z]+-\\d+-\\d+\\.blocks$' }),
  tier: Whole,
  /** The begin of its stretch of time, divided by the stretch's length. */
  window: Whole,
  length: Whole,
  /** How many times it was written to: so many records a series may have. */
  writes: Whole,
});
export type BlockFile = Readonly<Static<typeof BlockFile>>;

const Manifest = Type.Object({
  /** Counts the manifests: of two, the higher one is the newer. */
  generation: Whole,
  /** Everything up to this entry of the journal is in the files. */
  seq: Whole,
  next_id: Whole,
  /** Number of the next file. */
  next_file: Whole,
  /** Deltas that are in no block yet, the oldest first. */
  logs: Type.Array(LogFile),
  blocks: Type.Array(BlockFile),
  series: Type.Array(
    Type.Object({
      id: Type.Integer({ minimum: 1 }),
      metric: Type.String(),
      labels: Type.Record(Type.String(), Type.String()),
      kind: OneOf(SERIES_KINDS),
      unit: OrNull(Type.String()),
      newest: Type.Number(),
    }),
  ),
});
export type Manifest = Static<typeof Manifest>;

/** Before anything was written. */
export const EMPTY: Manifest = {
  generation: 0,
  seq: 0,
  next_id: 1,
  next_file: 1,
  logs: [],
  blocks: [],
  series: [],
};

const shape = TypeCompiler.Compile(Manifest);

function parseManifest(value: unknown): Manifest {
  if (!shape.Check(value)) throw new Error('it is no list of series files');
  return value;
}

export interface ManifestOptions {
  folder: string;
  quarantine: string;
  io: FileSystem;
  /** Gets a sentence for each damaged manifest. */
  warn: (sentence: string) => void;
}

/**
 * Two files that are written in turn: when the newer one is damaged, the one before it still stands, and so do all files
 * it names, because a file goes only when neither names it.
 */
export class Manifests {
  readonly #options: ManifestOptions;

  constructor(options: ManifestOptions) {
    this.#options = options;
  }

  /** Those that are whole, the newest first. */
  async read(): Promise<Manifest[]> {
    const found: Manifest[] = [];
    for (const slot of [0, 1]) {
      const file = this.#file(slot);
      await file.read();
      if (file.data !== null) found.push(file.data);
    }
    return found.sort((a, b) => b.generation - a.generation);
  }

  /** Durable when it resolves. */
  async write(manifest: Manifest): Promise<void> {
    const file = this.#file(manifest.generation % 2);
    file.data = manifest;
    await file.write();
  }

  #file(slot: number): Low<Manifest | null> {
    const { folder, quarantine, io: fs, warn: onDamaged } = this.#options;
    const adapter = { fs, quarantine, onDamaged, parse: parseManifest };
    return new Low<Manifest | null>(
      durableAdapter<Manifest | null>(join(folder, `manifest-${slot}.json`), adapter),
      null,
    );
  }
}
