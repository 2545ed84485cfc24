/** Looks at the processes of running jobs while this machine is busy or waits: whose it is must be known in time. */
import type { Frame } from '../analysis/bottlenecks/frame.ts';
import type { TreeUse } from '../analysis/bottlenecks/trees.ts';
import { deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import { readNumber } from '../core/registers.ts';
import { means } from '../core/samples.ts';
import type { Logger } from '../logger.ts';
import { messageOf } from '../protocol/errors.ts';
import { type JobTree, JobTrees } from '../sampler/jobTrees.ts';
import { whoseOf } from './whose.ts';

/** Of one core: less use than this is nobody's fault. */
const BUSY_CORES = 0.5;
const STALLED_PERCENT = 5;
/** A look that is older says nothing of this second. */
const FRESH_MS = 3000;
const MOST_JOBS = 256;
/** Samples of a job count for so long. */
const REPORTED_MS = 10_000;

export class RunningTrees {
  readonly #model: Model;
  readonly #logger: Logger;
  readonly #trees = new JobTrees();
  /** Running jobs with the process of this machine that they named, or null; all of it null before the first look. */
  #running: Map<string, number | null> | null = null;
  #found = new Map<string, JobTree>();
  #foundAt = Number.NEGATIVE_INFINITY;
  #isLooking = false;
  #complained = false;

  constructor({ model, logger }: { model: Model; logger: Logger }) {
    this.#model = model;
    this.#logger = logger;
  }

  changed(jobs: Iterable<string>): void {
    if (this.#running === null) return;
    for (const id of jobs) this.#note(this.#running, id);
  }

  /** What the newest look told, and what other jobs report. Begins another look where the frame gives reason to. */
  now(frame: Frame): TreeUse[] {
    this.#running ??= this.#all();
    if (this.#running.size === 0 || !isSuspicious(frame)) return [];
    const pids = new Map([...this.#running].flatMap(([id, pid]) => (pid ? [[id, pid]] : [])));
    if (pids.size > 0) void this.#look(pids);
    const isFresh = performance.now() - this.#foundAt <= FRESH_MS;
    return [...this.#running.keys()].flatMap((id) => {
      const job = this.#model.jobs.get(id);
      const tree = isFresh ? this.#found.get(id) : undefined;
      if (job === undefined) return [];
      if (tree) return [{ ...tree, whose: whoseOf(job), isReported: false }];
      return reportedBy(job, frame) ?? [];
    });
  }

  #all(): Map<string, number | null> {
    const running = new Map<string, number | null>();
    for (const id of this.#model.jobs.keys()) this.#note(running, id);
    return running;
  }

  #note(running: Map<string, number | null>, id: string): void {
    const job = this.#model.jobs.get(id);
    const isRunning = job !== undefined && deriveJob(job).status === 'RUNNING';
    if (!isRunning) running.delete(id);
    else if (running.has(id) || running.size < MOST_JOBS)
      running.set(id, readNumber(job.fields, 'pid'));
  }

  async #look(pids: ReadonlyMap<string, number>): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const elapsed = performance.now();
      const found = await this.#trees.look(pids, elapsed);
      if (found.size > 0) [this.#found, this.#foundAt] = [found, elapsed];
    } catch (error) {
      if (!this.#complained)
        this.#logger.warn(`The processes of jobs cannot be looked at: ${messageOf(error)}.`);
      this.#complained = true;
    } finally {
      this.#isLooking = false;
    }
  }
}

/** Its newest samples, as far as they are of now. */
function reportedBy(job: JobState, { time, cores }: Frame): TreeUse | null {
  const bucket = job.samples.buckets.at(-1);
  if (bucket === undefined || time - bucket.time > REPORTED_MS + job.samples.width_ms) return null;
  const values = means(bucket);
  const disk = (values['disk_read_mb_s'] ?? 0) + (values['disk_write_mb_s'] ?? 0);
  const percent = values['cpu_percent'];
  if (percent === undefined && disk === 0) return null;
  return {
    ...{ whose: whoseOf(job), cores: ((percent ?? 0) / 100) * cores, kernel_cores: 0 },
    ...{ disk_mb_s: disk, threads: null, isReported: true },
  };
}

function isSuspicious({ values, cores }: Frame): boolean {
  const waits = Math.max(values.host_stall_io_percent ?? 0, values.host_stall_memory_percent ?? 0);
  return ((values.cpu_percent ?? 0) / 100) * cores >= BUSY_CORES || waits >= STALLED_PERCENT;
}
