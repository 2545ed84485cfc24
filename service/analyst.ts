/** Makes answers of numbers: what its parts find in records and series goes into one table, which the judge and the routes read. */
import { setImmediate } from 'node:timers/promises';
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

/** Milliseconds at the start for jobs that ended, and of them without a break. */
const BEGIN_MS = 500;
const SLICE_MS = 10;

export class Analyst {
  readonly #sources: AnalystSources;
  readonly findings = new Findings();
  readonly bottlenecks: Bottlenecks;
  /** Anomalies and predictions. */
  readonly seriesWatch: SeriesWatch;
  readonly proposals: Proposals;
  readonly #parts: readonly AnalysisPart[];

  constructor(sources: AnalystSources) {
    const { findings } = this;
    this.#sources = sources;
    this.bottlenecks = new Bottlenecks({ ...sources, findings });
    this.seriesWatch = new SeriesWatch({ ...sources, findings });
    this.proposals = new Proposals({ ...sources, findings });
    const parts = PARTS.map((part) => part({ ...sources, findings }));
    this.#parts = [this.bottlenecks, this.seriesWatch, this.proposals, ...parts];
  }

  /**
   * Before anybody asks: records of ended jobs that were read again say what they said before. Where there are very many,
   * the others follow before they leave memory.
   */
  async begin(): Promise<void> {
    const { model, clock } = this.#sources;
    const end = clock.elapsed() + BEGIN_MS;
    let until = clock.elapsed() + SLICE_MS;
    for (const job of [...model.jobs.values()]) {
      this.described(job);
      if (clock.elapsed() < until) continue;
      if (clock.elapsed() >= end) return;
      await setImmediate();
      until = clock.elapsed() + SLICE_MS;
    }
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
