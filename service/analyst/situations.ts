/** The machine as strategies see it, and which conditions of the configuration hold: asked of the series, not more often than they change. */
import { availableParallelism, hostname } from 'node:os';
import { type Surroundings, speaksOf } from '../analysis/proposals/about.ts';
import {
  type Points,
  type When,
  hasHeld,
  lookOf,
  questionsOf,
} from '../analysis/proposals/holding.ts';
import type { Situation } from '../analysis/proposals/types.ts';
import { cacheRecords } from '../core/domain/queries.ts';
import type { JobState } from '../core/model.ts';
import { type Registers, readText } from '../core/registers.ts';
import type { Aggregation } from '../protocol/aggregation.ts';
import { messageOf } from '../protocol/errors.ts';
import type { ParameterRecord } from '../protocol/optimization.ts';
import type { OptimizerSettings } from '../protocol/optimizer.ts';
import type { PartSources } from './part.ts';

const ASK_EVERY_MS = 2000;
/** Most series of a condition that are looked at. */
const MOST_LINES = 100;
/** A job is measured every few seconds; what is older says nothing of now. */
const FRESH_MS = 30_000;

/** Names by which workers know this machine. */
const HERE: ReadonlySet<string> = new Set([hostname(), 'localhost', '127.0.0.1', '::1']);
const NO_FIELDS: Registers = new Map();

type Workers = Pick<PartSources['model']['domain']['workers'], 'get'>;

type Sources = Pick<PartSources, 'series' | 'findings' | 'model' | 'logger'> & {
  settings: { config: { optimizer: Pick<OptimizerSettings, 'strategies'> } };
};

export class Situations {
  readonly #sources: Sources;
  readonly #cores = availableParallelism();
  #cpu: number | null = null;
  #memory: number | null = null;
  #conditions: ReadonlySet<string> = new Set();
  #askedAt = -Infinity;
  #isAsking = false;

  constructor(sources: Sources) {
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
  of(job: JobState, { now, parameters, phases }: Asked): Situation {
    const { findings, model } = this.#sources;
    const caches = cacheRecords(model.domain).map((one) => [one.cache, one] as const);
    const around = surroundingsOf(job, { phases, parameters, workers: model.domain.workers });
    const { isHere } = around;
    return {
      cpu_percent: isHere ? this.#cpu : null,
      memory_percent: isHere ? this.#memory : null,
      cores: this.#cores,
      job_cpu_percent: isHere ? cpuOf(job, now) : null,
      findings: findings.open().filter((one) => speaksOf(one, around)),
      caches: new Map(caches),
      conditions: this.#conditions,
    };
  }

  async #ask(now: number): Promise<void> {
    this.#cpu = await this.#ofHost('cpu_percent', now);
    this.#memory = await this.#ofHost('host_memory_percent', now);
    const holding = new Set<string>();
    for (const { name, when } of this.#sources.settings.config.optimizer.strategies) {
      const all = await Promise.all(when.map((one) => this.#holds(one, now)));
      if (all.every(Boolean)) holding.add(name);
    }
    this.#conditions = holding;
  }

  async #ofHost(metric: string, now: number): Promise<number | null> {
    const when = { metric, labels: { source: 'host' } };
    const [line] = await this.#lines(when, 'avg', now);
    return line?.at(-1)?.[1] ?? null;
  }

  /** One series that holds is enough. False where nothing is known. */
  async #holds(when: When, now: number): Promise<boolean> {
    const held = await Promise.all(
      questionsOf(when).map(async ({ aggregation, part }) => {
        const lines = await this.#lines(when, aggregation, now);
        return lines.map((points) => hasHeld(points, part, now));
      }),
    );
    const [first = []] = held;
    return first.some((_, line) => held.every((lines) => lines[line] === true));
  }

  async #lines(when: When, aggregation: Aggregation, now: number): Promise<Points[]> {
    const { series } = this.#sources;
    const { metric, labels = {}, for_ms } = when;
    if (!series.has(metric)) return [];
    const { from, step_ms } = lookOf(when, now);
    const isStepwise = for_ms !== undefined || aggregation === 'rate' || aggregation === 'raw';
    const answer = await series.query({
      ...{ metric, labels, aggregation, group_by: [], from, to: now },
      ...{ step_ms, whole: !isStepwise, limit: MOST_LINES },
    });
    return answer.series.map(({ points }) => points);
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

interface Asked {
  now: number;
  /** What the job offers to change. */
  parameters: readonly Pick<ParameterRecord, 'subject'>[];
  /** Ids of those that run. */
  phases: readonly string[];
}

function surroundingsOf(
  job: JobState,
  { phases, parameters, workers }: Pick<Asked, 'phases' | 'parameters'> & { workers: Workers },
): Surroundings {
  const running = phases.flatMap((id) => job.phases.get(id) ?? []);
  const named = [job, ...running].flatMap(({ fields }) => readText(fields, 'worker_id') ?? []);
  const hosts = named.map((id) => readText(workers.get(id)?.fields ?? NO_FIELDS, 'host'));
  return {
    job_id: job.job_id,
    workers: new Set(named),
    subjects: new Set(parameters.flatMap(({ subject }) => subject ?? [])),
    isHere: hosts.length === 0 || hosts.some((host) => host === null || HERE.has(host)),
  };
}
