/** The start: takes what the journal has beyond the checkpoint, until the model is as new as the journal. */
import type { Logger } from 'pino';
import type { Checkpoints } from './checkpoints.ts';
import type { Clock } from './clock.ts';
import { lastWord } from './core/fold/alert.ts';
import type { Model } from './core/fold.ts';
import type { Recovery } from './dataFiles.ts';
import type { FoldQueue } from './foldQueue.ts';
import type { PhaseRecorder } from './phaseRecorder.ts';
import { inSlices } from './replay.ts';
import type { SteadyTime } from './steadyTime.ts';
import type { Journal } from './storage/journal.ts';
import type { Keeper } from './storage/keeper.ts';

export interface CatchUpParts {
  model: Model;
  keeper: Keeper;
  journal: Journal;
  queue: FoldQueue;
  phases: PhaseRecorder;
  checkpoints: Checkpoints;
  time: SteadyTime;
  clock: Clock;
  logger: Logger;
  /** Called when what changed is on disk: nobody has to look at it any more. */
  stored: () => void;
}

type Replayed = Pick<Recovery, 'replayed_entries' | 'replay_ms'>;

/** Reads the journal from entry `readFrom` on. */
export async function catchUp(parts: CatchUpParts, readFrom: number): Promise<Replayed> {
  const { model, keeper, phases, checkpoints, time } = parts;
  const replayed = await replay(parts, readFrom);
  await phases.recordReplayed();
  phases.trim();
  for (const job of model.jobs.values()) time.notBefore(job.last_seen);
  time.notBefore(lastWord(model.alerts.values()));
  // A new history has its name on disk before anybody hears it.
  if (keeper.isNew) await checkpoints.start();
  return replayed;
}

async function replay(parts: CatchUpParts, readFrom: number): Promise<Replayed> {
  const { journal, queue, phases, checkpoints, clock, logger, stored } = parts;
  const before = clock.elapsed();
  const entries = await inSlices(journal.read(readFrom), clock, {
    each: (entry) => queue.replay(entry),
    afterChunk: async () => {
      if (!checkpoints.overdue) return;
      await phases.recordReplayed();
      await checkpoints.start();
      stored();
    },
  });
  const ms = Math.round(clock.elapsed() - before);
  if (entries > 0) logger.info({ entries, ms }, 'Read the journal from its checkpoint on.');
  return { replayed_entries: entries, replay_ms: ms };
}
