/**
 * Proposals for the jobs that listen: each second, what the tuner decides becomes events. The thinking is in
 * analysis/proposals; here are the clock, the records and the storage.
 */
import { randomUUID } from 'node:crypto';
import { presentOf } from '../analysis/proposals/present.ts';
import { stepOf } from '../analysis/proposals/tuner.ts';
import type { Decision, TunerInput } from '../analysis/proposals/tunerInput.ts';
import { type OptimizationState, isUnderWay, stateOf } from '../core/domain/optimization.ts';
import { parameterRecords } from '../core/domain/queries.ts';
import type { Touched } from '../core/touched.ts';
import { messageOf } from '../protocol/errors.ts';
import { type Event, OWN_ID } from '../protocol/event.ts';
import type { OptimizerRecord, ParameterRecord } from '../protocol/optimization.ts';
import { SerialQueues } from '../storage/serialQueues.ts';
import { JobTuning, hasEnded } from './jobTuning.ts';
import { OwnStrategies } from './ownStrategies.ts';
import type { AnalysisPart, PartSources } from './part.ts';
import { Situations } from './situations.ts';

/** Most jobs that are looked at at a time. */
const MOST_JOBS = 200;
/** Whose turn it is where an action belongs to no job. */
const ACTIONS = '';
/** A module of one's own is asked no more often. */
const ASK_OWN_MS = 5000;

export class Proposals implements AnalysisPart {
  readonly #sources: PartSources;
  readonly #jobs = new Map<string, JobTuning>();
  readonly #situations: Situations;
  readonly #own: OwnStrategies | null;
  readonly #turns = new SerialQueues();
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

  /** What a person decides about a job, in turn with what is decided here: each sees what the other did. */
  inTurn<T>(job_id: string, decide: () => Promise<T>): Promise<T> {
    return this.#turns.run(job_id, decide);
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
    const { domain } = this.#sources.model;
    const said = byJob(
      domain.optimizations.rows.values(),
      ({ proposed }) => proposed?.proposal.job_id ?? null,
    );
    this.#giveUpActions(now);
    const offers = byJob(parameterRecords(domain), ({ job_id }) => job_id);
    this.#lookAtNew(offers, said, now);
    if (this.#jobs.size === 0) return;
    this.#situations.refresh(now);
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
    for (const job_id of new Set([...offers.keys(), ...said.keys()])) {
      if (this.#jobs.has(job_id) || this.#jobs.size >= MOST_JOBS) continue;
      const job = this.#sources.model.jobs.get(job_id);
      if (!job) continue;
      const listens = offers.has(job_id) && !hasEnded(job);
      if (listens || said.get(job_id)?.some(isTuned))
        this.#jobs.set(job_id, new JobTuning(job, now));
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
    if (this.#turns.isBusy(job_id)) return;
    const job = this.#sources.model.jobs.get(job_id);
    if (!job) {
      this.#jobs.delete(job_id);
      return;
    }
    const ended = hasEnded(job);
    const input: TunerInput = {
      now,
      settings: this.#sources.settings.config.optimizer,
      job: { job_id, ended, phases: tuning.phases, phases_since: tuning.phasesSince },
      listening_since: tuning.since,
      parameters: presentOf(offers, said),
      optimizations: said,
      rates: tuning.throughput,
      situation: this.#situations.of(job, { now, parameters: offers, phases: tuning.phases }),
      ownIdeas: tuning.ownIdeas,
    };
    const { decisions, status } = stepOf(input);
    tuning.status = { job_id, ...status };
    this.#say(decisions, job_id, now);
    if (ended && decisions.length === 0) this.#jobs.delete(job_id);
    else if (status.state === 'watching') this.#askOwn(tuning, input);
  }

  #say(decisions: readonly Decision[], turn: string, now: number): void {
    if (decisions.length === 0) return;
    const { append, logger } = this.#sources;
    const events = decisions.map((decision) => eventOf(decision, now));
    this.#turns
      .run(turn, () => append(events))
      .catch((error: unknown) => {
        if (!this.#isClosed)
          logger.warn(`A proposal could not be stored, trying again: ${messageOf(error)}`);
      });
  }

  /** Of actions nobody but their pipeline says anything: one that does not answer in time has expired. */
  #giveUpActions(now: number): void {
    if (this.#turns.isBusy(ACTIONS)) return;
    const over = [...this.#sources.model.domain.optimizations.rows.values()].flatMap((one) =>
      isUnanswered(one, now) ? [givenUp(one)] : [],
    );
    this.#say(over, ACTIONS, now);
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

/** True for a change of a parameter that something is waited for. */
function isTuned(state: OptimizationState): boolean {
  return isUnderWay(state) && state.proposed?.proposal.parameter !== undefined;
}

function isUnanswered(state: OptimizationState, now: number): boolean {
  const { proposed, decided } = state;
  if (proposed?.proposal.action === undefined || stateOf(state) !== 'sent') return false;
  return now > (decided?.answer_by ?? proposed.proposal.expires_at);
}

function givenUp({ optimization_id, decided }: OptimizationState): Decision {
  const reason = 'Nobody who offers the action answered in time.';
  const { by } = decided ?? {};
  return { kind: 'expire', optimization_id, reason, ...(by === undefined ? {} : { by }) };
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
      const { kind: _, ...rest } = decision;
      const about = { ...rest, decision: 'expire' as const };
      return { type: 'optimization.decided', ...stamp(`${rest.optimization_id}:expire`), ...about };
    }
    default: {
      const { optimization_id, answer_by } = decision;
      const about = { optimization_id, decision: 'apply' as const, by: 'auto', answer_by };
      return { type: 'optimization.decided', ...stamp(`${optimization_id}:apply`), ...about };
    }
  }
}
