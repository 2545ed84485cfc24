/** The machine as strategies see it, and which conditions of the configuration hold: asked of the series, not more often than they change. */
import { availableParallelism } from 'node:os';
import type { Situation } from '../analysis/proposals/types.ts';
import { cacheRecords } from '../core/domain/queries.ts';
import type { JobState } from '../core/model.ts';
import { messageOf } from '../protocol/errors.ts';
import type { Finding } from '../protocol/finding.ts';
import type { CustomStrategy } from '../protocol/optimizer.ts';
import type { PartSources } from './part.ts';

const LOOK_BACK_MS = 10_000;
const ASK_EVERY_MS = 2000;
/** A job is measured every few seconds; what is older says nothing of now. */
const FRESH_MS = 30_000;

type When = CustomStrategy['when'][number];

export class Situations {
  readonly #sources: PartSources;
  readonly #cores = availableParallelism();
  #cpu: number | null = null;
  #memory: number | null = null;
  #conditions: ReadonlySet<string> = new Set();
  #askedAt = -Infinity;
  #isAsking = false;

  constructor(sources: PartSources) {
    this.#sources = sources;
  }

  /** Asks anew where the last answers are old. */
  refresh(now: number): void {
    if (this.#isAsking || now - this.#askedAt < ASK_EVERY_MS) return;
    this.#isAsking = true;
    this.#askedAt = now;
    this.#ask(now)
      .catch((error: unknown) => {
        this.#sources.logger.warn(
          `The series could not be asked for proposals: ${messageOf(error)}`,
        );
      })
      .finally(() => (this.#isAsking = false));
  }

  /** That of one job. */
  of(job: JobState, now: number): Situation {
    const { findings, model } = this.#sources;
    const caches = cacheRecords(model.domain).map((one) => [one.cache, one] as const);
    return {
      ...{ cpu_percent: this.#cpu, memory_percent: this.#memory, cores: this.#cores },
      job_cpu_percent: cpuOf(job, now),
      findings: findings.open().filter((one) => isAbout(one, job)),
      caches: new Map(caches),
      conditions: this.#conditions,
    };
  }

  async #ask(now: number): Promise<void> {
    const host = { source: 'host' };
    this.#cpu = await this.#average({ metric: 'cpu_percent', labels: host }, now, LOOK_BACK_MS);
    this.#memory = await this.#average(
      { metric: 'host_memory_percent', labels: host },
      now,
      LOOK_BACK_MS,
    );
    const holding = new Set<string>();
    for (const { name, when } of this.#sources.settings.config.optimizer.strategies) {
      const all = await Promise.all(when.map((one) => this.#holds(one, now)));
      if (all.every(Boolean)) holding.add(name);
    }
    this.#conditions = holding;
  }

  /** False where nothing is known. */
  async #holds(when: When, now: number): Promise<boolean> {
    const value = await this.#average(when, now, when.for_ms ?? LOOK_BACK_MS);
    if (value === null) return false;
    return value > (when.above ?? -Infinity) && value < (when.below ?? Infinity);
  }

  async #average(
    { metric, labels = {}, aggregation = 'avg' }: Pick<When, 'metric' | 'labels' | 'aggregation'>,
    now: number,
    length: number,
  ): Promise<number | null> {
    const { series } = this.#sources;
    if (!series.has(metric)) return null;
    const isRate = aggregation === 'rate' || aggregation === 'raw';
    const answer = await series.query({
      ...{ metric, labels, aggregation, group_by: [], from: now - length, to: now },
      ...{ step_ms: length, whole: !isRate, limit: 100 },
    });
    const values = answer.series.flatMap(({ points }) => points.at(-1)?.[1] ?? []);
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
  }
}

/** Of the whole machine, as it was measured last; null where it is not. */
function cpuOf({ samples }: JobState, now: number): number | null {
  for (let i = samples.buckets.length - 1; i >= 0; i--) {
    const bucket = samples.buckets[i];
    if (!bucket || now - bucket.time > FRESH_MS) return null;
    const cell = bucket.cells.get('cpu_percent');
    if (cell) return cell.sum / cell.count / 1000;
  }
  return null;
}

/** About the job, or about the machine that it may run on. */
function isAbout({ job_id, pipeline }: Finding, job: JobState): boolean {
  return job_id === job.job_id || (job_id === null && pipeline === null);
}
