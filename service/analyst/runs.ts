/** Which runs go on: whose values come to a series that all runs of a pipeline share, and whether any are to be expected. */
import { deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import { readNumber } from '../core/registers.ts';
import { pipelineOf } from '../core/view.ts';
import { isEnded } from '../protocol/states.ts';
import type { Series } from '../series/series.ts';

export interface Run {
  job_id: string;
  /** True where it named its process: then it runs on this machine. */
  isHere: boolean;
}

/** Metrics of what becomes of tasks. */
const OF_TASKS = /^tasks_/;

export class Runs {
  readonly #model: Pick<Model, 'jobs' | 'domain'>;
  /** Pipelines of what runs, by job; null before the first question. */
  #running: Map<string, string> | null = null;
  readonly #byPipeline = new Map<string, Set<string>>();

  constructor(model: Pick<Model, 'jobs' | 'domain'>) {
    this.#model = model;
  }

  /** Something was heard of these jobs. */
  changed(jobs: Iterable<string>): void {
    if (this.#running === null) return;
    for (const id of jobs) this.#note(this.#running, id);
  }

  /** The run of the pipeline that goes on; `several` where there is no telling them apart. */
  of(pipeline: string): Run | 'several' | null {
    this.#all();
    const runs = this.#byPipeline.get(pipeline);
    const [job_id] = runs ?? [];
    if (runs === undefined || job_id === undefined) return null;
    if (runs.size > 1) return 'several';
    const job = this.#model.jobs.get(job_id);
    return { job_id, isHere: job !== undefined && readNumber(job.fields, 'pid') !== null };
  }

  /** False where nothing is left to be done by which a point of the series could come. */
  expects({ metric, labels: { pipeline, queue } }: Series): boolean {
    if (pipeline !== undefined) return this.of(pipeline) !== null;
    if (!OF_TASKS.test(metric)) return true;
    if (queue === undefined) return this.#all().size > 0;
    const state = this.#model.domain.queues.rows.get(queue);
    if (state === undefined) return false;
    return state.tasks_pending + state.tasks_processing + (state.sample?.pending ?? 0) > 0;
  }

  #all(): Map<string, string> {
    if (this.#running !== null) return this.#running;
    this.#running = new Map();
    for (const id of this.#model.jobs.keys()) this.#note(this.#running, id);
    return this.#running;
  }

  #note(running: Map<string, string>, id: string): void {
    const job = this.#model.jobs.get(id);
    const pipeline = job !== undefined && goesOn(job) ? pipelineOf(job) : undefined;
    const before = running.get(id);
    if (pipeline === before) return;
    if (before !== undefined) this.#leave(before, id);
    if (pipeline === undefined) {
      running.delete(id);
      return;
    }
    running.set(id, pipeline);
    const held = this.#byPipeline.get(pipeline);
    if (held === undefined) this.#byPipeline.set(pipeline, new Set([id]));
    else held.add(id);
  }

  #leave(pipeline: string, id: string): void {
    const held = this.#byPipeline.get(pipeline);
    held?.delete(id);
    if (held?.size === 0) this.#byPipeline.delete(pipeline);
  }
}

/** Of what gives no sign of life nothing is to be expected. */
function goesOn(job: JobState): boolean {
  const { status } = deriveJob(job);
  return !isEnded(status) && status !== 'STALE';
}
