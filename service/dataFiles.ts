/** Opens everything that lies in the data directory, in the order in which one part needs the other. */
import { Model } from './core/fold.ts';
import type { Config } from './config.ts';
import { DomainStore } from './storage/domainStore.ts';
import { Journal } from './storage/journal.ts';
import { Keeper } from './storage/keeper.ts';
import { SeriesFiles } from './storage/seriesFiles.ts';
import type { RecoveryReport } from './storage/verify.ts';

/** What a start found in the data directory, and how much of the journal it read again. */
export interface Recovery extends RecoveryReport {
  /** Sentences about what is made of the journal. */
  problems: readonly string[];
  read_from: number;
  replayed_entries: number;
  replay_ms: number;
}

export interface DataFiles {
  model: Model;
  keeper: Keeper;
  domain: DomainStore;
  series: SeriesFiles;
  journal: Journal;
  /** The first entry of the journal that is not in all of the others. */
  readFrom: number;
  /** What was found while opening them. */
  found: RecoveryReport & { problems: string[] };
}

/**
 * Damage is reported by a sentence to `warn`, never thrown. `now` gives epoch milliseconds.
 */
export async function openDataFiles(
  { data_dir, retention, series: limits }: Config,
  { warn, now }: { warn: (sentence: string) => void; now: () => number },
): Promise<DataFiles> {
  const problems: string[] = [];
  let isOpening = true;
  const note = (sentence: string) => {
    if (isOpening) problems.push(sentence);
    warn(sentence);
  };
  const model = new Model({ tasks: retention.tasks });
  // Side by side: one works while the other waits for the disk.
  const [keeper, domain, series] = await Promise.all([
    Keeper.open(data_dir, model, note),
    DomainStore.open(data_dir, model.domain, note),
    SeriesFiles.open(data_dir, { ...limits, ...retention, clock: now, warn: note }),
  ]);
  // A new directory has no checkpoint either; one that has written its jobs has written all of them.
  if (keeper.seq > 0 && domain.seq === 0)
    warn('Workers, tasks and statistics are not on disk: reading them again from the journal.');
  if (keeper.seq > 0 && series.seq === 0)
    warn(
      'The time series are not on disk: reading them again from the journal. What was sampled of this machine is lost.',
    );
  const readFrom = Math.min(keeper.readFrom, domain.seq + 1, series.seq + 1);
  const { journal, report } = await Journal.open(data_dir, {
    fromSeq: readFrom,
    // A number below would count as known to whoever has read further.
    floor: Math.max(keeper.readFrom - 1, domain.seq, series.seq) + 1,
    onProblem: note,
  });
  for (const sentence of [...report.cut, ...report.quarantined]) warn(sentence);
  if (report.missing > 0) warn(`${report.missing} events are missing from the journal.`);
  isOpening = false;
  return { model, keeper, domain, series, journal, readFrom, found: { ...report, problems } };
}
