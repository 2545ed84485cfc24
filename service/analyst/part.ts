/** What a part of the analyst is, and what it gets. */
import type { RuleBook } from '../alerts/ruleBook.ts';
import type { Findings } from '../analysis/findings.ts';
import type { Clock } from '../clock.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import type { Touched } from '../core/touched.ts';
import type { Logger } from '../logger.ts';
import type { Event } from '../protocol/event.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Settings } from '../settings.ts';

/** One topic of the analysis. Its work for an event does not grow with history. */
export interface AnalysisPart {
  /** Looks at what changed. */
  changed?(touched: Touched): void;
  /** To be called every second, with epoch milliseconds. */
  tick?(now: number): void;
  /** Says of an ended job that was read from disk what is known of it. */
  describe?(job: JobState): void;
  close?(): void | Promise<void>;
}

/** What parts look at. */
export interface AnalystSources {
  model: Model;
  series: SeriesStore;
  /** The rules in effect: their thresholds are limits. */
  rules: RuleBook;
  settings: Settings;
  logger: Logger;
  clock: Clock;
  /** Stores events of the service itself. */
  append: (events: readonly Event[]) => Promise<unknown>;
  /** Epoch milliseconds; never runs back. */
  now: () => number;
  /** Number of the last entry in the model. */
  seq: () => number;
  /** What changed since windows were told last: what is added is told with it. */
  touched: () => Touched;
  /** The whole state of a job, from memory or disk. Rejects with JOB_UNKNOWN. */
  job: (job_id: string) => Promise<JobState>;
}

export interface PartSources extends AnalystSources {
  /** Where a part puts what it finds. */
  findings: Findings;
}
