/** What `state/checkpoint.json` and the pages of the index hold. */
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { AlertState } from '../core/model.ts';
import { NO_OUTLOOK } from '../core/outlook.ts';
import type { JobRecord } from '../protocol/record.ts';

export interface Checkpoint {
  /** Names this history: clients of another one start from nothing. */
  epoch: string;
  /** Everything up to this entry is in the stored documents. */
  seq: number;
  /**
   * Jobs that were in memory. Their documents are written without waiting for the disk: where one is older than
   * `folded_seq` after a power cut, or lost, the journal is read again from what it holds, or from `first_seq`.
   */
  live: { job_id: string; first_seq: number; folded_seq: number }[];
  alerts: AlertState[];
  /** What retention removed, by kind. */
  dropped: Record<string, number>;
  /** How many finished jobs the index held. */
  stored?: number;
}

const CheckpointShape = TypeCompiler.Compile(
  Type.Object({
    epoch: Type.String({ minLength: 1 }),
    seq: Type.Integer({ minimum: 0 }),
    live: Type.Array(
      Type.Object({ job_id: Type.String(), first_seq: Type.Integer(), folded_seq: Type.Integer() }),
    ),
    alerts: Type.Array(Type.Object({ alert_id: Type.String() })),
    dropped: Type.Record(Type.String(), Type.Integer()),
    stored: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
);
const RowShape = TypeCompiler.Compile(
  Type.Object({
    job_id: Type.String(),
    pipeline: Type.String(),
    status: Type.String(),
    seq: Type.Integer(),
  }),
);

/** Throws when the value is none. */
export function parseCheckpoint(value: unknown): Checkpoint {
  if (!CheckpointShape.Check(value)) throw new Error('it is no checkpoint');
  return value as Checkpoint;
}

/** A row of the index of finished jobs; one of an earlier version says no more than it knew. Throws when the value is none. */
export function parseRow(value: unknown): JobRecord {
  if (!RowShape.Check(value)) throw new Error('a row is no job');
  return { ...NO_OUTLOOK, ...(value as JobRecord) };
}
