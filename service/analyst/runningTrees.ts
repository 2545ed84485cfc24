/** Looks at the processes of running jobs while this machine is busy or waits: whose it is must be known in time. */
import type { Frame } from '../analysis/bottlenecks/frame.ts';
import type { TreeUse } from '../analysis/bottlenecks/trees.ts';
import { deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import { readNumber } from '../core/registers.ts';
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

export class RunningTrees {
  readonly #model: Model;
  readonly #logger: Logger;
  readonly #trees = new JobTrees();
  /** Running jobs that named a process of this machine; null before the first look. */
  #pids: Map<string, number> | null = null;
  #found = new Map<string, JobTree>();
  #foundAt = Number.NEGATIVE_INFINITY;
  #isLooking = false;
  #complained = false;

  constructor({ model, logger }: { model: Model; logger: Logger }) {
    this.#model = model;
    this.#logger = logger;
  }

  changed(jobs: Iterable<string>): void {
    if (this.#pids === null) return;
    for (const id of jobs) this.#note(this.#pids, id);
  }

  /** What the newest look told. Begins another one where the frame gives reason to. */
  now(frame: Frame): TreeUse[] {
    this.#pids ??= this.#all();
    if (this.#pids.size > 0 && isSuspicious(frame)) void this.#look(this.#pids);
    if (performance.now() - this.#foundAt > FRESH_MS) return [];
    return [...this.#found].flatMap(([id, tree]) => {
      const job = this.#model.jobs.get(id);
      return job ? [{ ...tree, whose: whoseOf(job) }] : [];
    });
  }

  #all(): Map<string, number> {
    const pids = new Map<string, number>();
    for (const id of this.#model.jobs.keys()) this.#note(pids, id);
    return pids;
  }

  #note(pids: Map<string, number>, id: string): void {
    const job = this.#model.jobs.get(id);
    const pid = job ? readNumber(job.fields, 'pid') : null;
    const isRunning = job !== undefined && deriveJob(job).status === 'RUNNING';
    if (pid === null || !isRunning) pids.delete(id);
    else if (pids.has(id) || pids.size < MOST_JOBS) pids.set(id, pid);
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

function isSuspicious({ values, cores }: Frame): boolean {
  const waits = Math.max(values.host_stall_io_percent ?? 0, values.host_stall_memory_percent ?? 0);
  return ((values.cpu_percent ?? 0) / 100) * cores >= BUSY_CORES || waits >= STALLED_PERCENT;
}
