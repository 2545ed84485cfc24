/**
 * Proposals for the jobs that listen: each second, what the tuner decides becomes events. The thinking is in
 * analysis/proposals; here are the clock, the records and the storage.
 */
import { randomUUID } from 'node:crypto';
import { presentOf } from '../analysis/proposals/present.ts';
import { stepOf } from '../analysis/proposals/tuner.ts';
import type { Decision, TunerInput } from '../analysis/proposals/tunerInput.ts';
import type { OptimizationState } from '../core/domain/optimization.ts';
import { parameterRecords } from '../core/domain/queries.ts';
import type { Touched } from '../core/touched.ts';
import { messageOf } from '../protocol/errors.ts';
import { type Event, OWN_ID } from '../protocol/event.ts';
import type { OptimizerRecord, ParameterRecord } from '../protocol/optimization.ts';
import { JobTuning } from './jobTuning.ts';
import { OwnStrategies } from './ownStrategies.ts';
import type { AnalysisPart, PartSources } from './part.ts';
import { Situations } from './situations.ts';

/** Most jobs that are looked at at a time. */
const MOST_JOBS = 200;
/** A module of one's own is asked no more often. */
const ASK_OWN_MS = 5000;

export class Proposals implements AnalysisPart {
  readonly #sources: PartSources;
  readonly #jobs = new Map<string, JobTuning>();
  readonly #situations: Situations;
  readonly #own: OwnStrategies | null;
  #isClosed = false;

  constructor(sources: PartSources) {
    this.#sources = sources;
    this.#situations = new Situations(sources);
    const { optimizer_module: path } = sources.settings.base;
    this.#own = path === '' ? null : new OwnStrategies(path, sources.logger);
  }

  /** What is done for each job that listens. */
  statuses(): OptimizerRecord[] {
    return [...this.#jobs.values()].flatMap(({ status }) => status ?? []);
  }

  changed({ jobs, phases, tasks, removedJobs }: Touched): void {
    if (this.#jobs.size === 0) return;
    const { model, now } = this.#sources;
    const at = now();
    for (const id of removedJobs) if (!model.jobs.has(id)) this.#jobs.delete(id);
    for (const id of jobs) {
      const job = model.jobs.get(id);
      if (job) this.#jobs.get(id)?.changed(job, phases.get(id) ?? [], at);
    }
    this.#countTasks(tasks, at);
  }

  tick(now: number): void {
    const offers = byJob(parameterRecords(this.#sources.model.domain), ({ job_id }) => job_id);
    if (offers.size === 0) return;
    const { optimizations } = this.#sources.model.domain;
    const said = byJob(
      optimizations.rows.values(),
      ({ proposed }) => proposed?.proposal.job_id ?? null,
    );
    this.#situations.refresh(now);
    this.#lookAtNew(offers, said, now);
    for (const [job_id, tuning] of this.#jobs)
      this.#look(job_id, tuning, { now, offers: offers.get(job_id), said: said.get(job_id) });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#jobs.clear();
    await this.#own?.close();
  }

  /** Ended jobs of which a proposal still waits are looked at until it waits no more. */
  #lookAtNew(
    offers: ReadonlyMap<string, ParameterRecord[]>,
    said: ReadonlyMap<string, OptimizationState[]>,
    now: number,
  ): void {
    for (const job_id of offers.keys()) {
      if (this.#jobs.has(job_id) || this.#jobs.size >= MOST_JOBS) continue;
      const job = this.#sources.model.jobs.get(job_id);
      if (!job) continue;
      const tuning = new JobTuning(job, now);
      const waits = said.get(job_id)?.some(({ measured }) => !measured) ?? false;
      if (!tuning.hasEnded(job) || waits) this.#jobs.set(job_id, tuning);
    }
  }

  #look(
    job_id: string,
    tuning: JobTuning,
    {
      now,
      offers = [],
      said = [],
    }: {
      now: number;
      offers?: ParameterRecord[] | undefined;
      said?: OptimizationState[] | undefined;
    },
  ): void {
    if (tuning.isSaying) return;
    const job = this.#sources.model.jobs.get(job_id);
    const ended = tuning.hasEnded(job);
    if (!job) {
      this.#jobs.delete(job_id);
      return;
    }
    const input: TunerInput = {
      now,
      settings: this.#sources.settings.config.optimizer,
      job: { job_id, ended, phases: tuning.phases, phases_since: tuning.phasesSince },
      listening_since: tuning.since,
      parameters: presentOf(offers, said),
      optimizations: said,
      rates: tuning.throughput,
      situation: this.#situations.of(job, now),
      ownIdeas: tuning.ownIdeas,
    };
    const { decisions, status } = stepOf(input);
    tuning.status = { job_id, ...status };
    this.#say(decisions, tuning, now);
    if (ended && decisions.length === 0) this.#jobs.delete(job_id);
    else if (status.state === 'watching') this.#askOwn(tuning, input);
  }

  #say(decisions: readonly Decision[], tuning: JobTuning, now: number): void {
    if (decisions.length === 0) return;
    tuning.isSaying = true;
    const { append, logger } = this.#sources;
    append(decisions.map((decision) => eventOf(decision, now)))
      .catch((error: unknown) => {
        if (!this.#isClosed)
          logger.warn(`A proposal could not be stored, trying again: ${messageOf(error)}`);
      })
      .finally(() => (tuning.isSaying = false));
  }

  #askOwn(tuning: JobTuning, input: TunerInput): void {
    if (this.#own === null || input.now - tuning.ownAskedAt < ASK_OWN_MS) return;
    tuning.ownAskedAt = input.now;
    void this.#own.ask(input).then((ideas) => (tuning.ownIdeas = ideas));
  }

  /** Tasks that ended well since the last look; one that is told of again within it counts once. */
  #countTasks(tasks: ReadonlySet<string>, at: number): void {
    const { model } = this.#sources;
    const ended = new Map<JobTuning, number>();
    for (const id of tasks) {
      const task = model.domain.tasks.get(id);
      const job_id = task?.fields.get('job_id')?.value;
      const tuning = typeof job_id === 'string' ? this.#jobs.get(job_id) : undefined;
      if (!task || !tuning || task.run.status !== 'COMPLETED') continue;
      ended.set(tuning, (ended.get(tuning) ?? 0) + 1);
    }
    for (const [tuning, count] of ended) tuning.throughput.tasks(at, count);
  }
}

function byJob<T>(all: Iterable<T>, of: (one: T) => string | null): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const job_id = of(one);
    if (job_id === null) continue;
    const held = found.get(job_id);
    if (held) held.push(one);
    else found.set(job_id, [one]);
  }
  return found;
}

/** The same decision has the same id: said twice, it is said once. */
function eventOf(decision: Decision, time: number): Event {
  const stamp = (id: string) => ({ id: `${OWN_ID}optimization:${id}`, time });
  switch (decision.kind) {
    case 'propose': {
      const { proposal } = decision;
      const of = proposal.rollback_of;
      const optimization_id = of === undefined ? `o-${randomUUID()}` : `${of.slice(0, 200)}-back`;
      return {
        type: 'optimization.proposed',
        ...stamp(`${optimization_id}:proposed`.slice(0, 100)),
        ...{ optimization_id, proposal },
      };
    }
    case 'measure': {
      const { kind: _, ...rest } = decision;
      const id = `${rest.optimization_id}:${rest.verdict}`;
      return { type: 'optimization.measured', ...stamp(id), ...rest };
    }
    case 'expire': {
      const { optimization_id, reason } = decision;
      const about = { optimization_id, decision: 'expire' as const, reason };
      return { type: 'optimization.decided', ...stamp(`${optimization_id}:expire`), ...about };
    }
    default: {
      const { optimization_id, answer_by } = decision;
      const about = { optimization_id, decision: 'apply' as const, by: 'auto', answer_by };
      return { type: 'optimization.decided', ...stamp(`${optimization_id}:apply`), ...about };
    }
  }
}
