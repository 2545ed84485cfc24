/** Makes answers of numbers: what its parts find in records and series goes into one table, which the judge and the routes read. */
import { Findings } from './analysis/findings.ts';
import { Bottlenecks } from './analyst/bottlenecks.ts';
import { ChangesPart } from './analyst/changes.ts';
import { ExpectedPart } from './analyst/expected.ts';
import { Proposals } from './analyst/proposals.ts';
import type { AnalysisPart, AnalystSources, PartSources } from './analyst/part.ts';
import { SeriesWatch } from './analyst/seriesWatch.ts';
import type { JobState } from './core/model.ts';
import type { Touched } from './core/touched.ts';

/** One line a topic. */
const PARTS: readonly ((sources: PartSources) => AnalysisPart)[] = [
  (sources) => new ExpectedPart(sources),
  (sources) => new ChangesPart(sources),
];

export class Analyst {
  readonly findings = new Findings();
  readonly bottlenecks: Bottlenecks;
  /** Anomalies and predictions. */
  readonly seriesWatch: SeriesWatch;
  readonly proposals: Proposals;
  readonly #parts: readonly AnalysisPart[];

  constructor(sources: AnalystSources) {
    const { findings } = this;
    this.bottlenecks = new Bottlenecks({ ...sources, findings });
    this.seriesWatch = new SeriesWatch({ ...sources, findings });
    this.proposals = new Proposals({ ...sources, findings });
    const parts = PARTS.map((part) => part({ ...sources, findings }));
    this.#parts = [this.bottlenecks, this.seriesWatch, this.proposals, ...parts];
  }

  changed(touched: Touched): void {
    for (const part of this.#parts) part.changed?.(touched);
  }

  tick(now: number): void {
    for (const part of this.#parts) part.tick?.(now);
  }

  /** The job that was read from disk, with what is known of it beside. */
  described(job: JobState): JobState {
    for (const part of this.#parts) part.describe?.(job);
    return job;
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.map(async (part) => part.close?.()));
  }
}
