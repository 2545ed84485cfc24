/** Samples the process trees of running jobs that gave a pid, and reports like any pipeline would: by events. */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { deriveJob } from '../core/derive.ts';
import type { JobState } from '../core/model.ts';
import { readNumber } from '../core/registers.ts';
import type { Monitor } from '../monitor.ts';
import { messageOf } from '../protocol/errors.ts';
import { type Event, OWN_ID } from '../protocol/event.ts';
import { listProcesses } from './processTree.ts';
import { TreeMeter } from './treeMeter.ts';

export interface SamplerOptions {
  monitor: Monitor;
  intervalMs: number;
  logger: Logger;
}

/** Trees sampled at once: beyond that the newest jobs go without. */
const MAX_TREES = 256;
/** A new job is looked at more often at first: many are over before the second regular look. */
const YOUNG_MS = 1000;
const YOUNG_LOOKS = 6;

export class JobSampler {
  readonly #options: SamplerOptions;
  readonly #meters = new Map<string, TreeMeter>();
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #intervalMs: number;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs;
    // A job is looked at as soon as it names its process: short ones would be missed otherwise.
    this.#stopListening = options.monitor.onChange(({ jobs }) => {
      if (this.#meters.size >= MAX_TREES) return;
      for (const id of jobs) {
        const job = options.monitor.model.jobs.get(id);
        if (job && !this.#meters.has(id) && pidOf(job) !== null) return this.#soon(0);
      }
    });
    this.#soon(options.intervalMs);
  }

  /** From the next look on. */
  setInterval(ms: number): void {
    this.#intervalMs = ms;
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    clearTimeout(this.#timer);
  }

  #soon(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sampleAll(), ms);
  }

  async #sampleAll(): Promise<void> {
    const begin = performance.now();
    try {
      this.#syncMeters();
      if (this.#meters.size > 0) await this.#look();
    } catch (error) {
      this.#options.logger.warn(`Resources could not be sampled: ${messageOf(error)}`);
    }
    const young = [...this.#meters.values()].some((meter) => meter.looks <= YOUNG_LOOKS);
    const wait = young ? Math.min(YOUNG_MS, this.#intervalMs) : this.#intervalMs;
    this.#soon(Math.max(10, wait - (performance.now() - begin)));
  }

  #syncMeters(): void {
    const { jobs } = this.#options.monitor.model;
    for (const [id, job] of jobs) {
      const pid = pidOf(job);
      if (pid === null) this.#meters.delete(id);
      else if (this.#meters.get(id)?.pid !== pid && this.#meters.size < MAX_TREES) {
        this.#meters.set(id, new TreeMeter(pid, availableParallelism()));
      }
    }
    for (const id of this.#meters.keys()) if (!jobs.has(id)) this.#meters.delete(id);
  }

  async #look(): Promise<void> {
    const processes = await listProcesses();
    const elapsed = performance.now();
    const events: Event[] = [];
    for (const [job_id, meter] of this.#meters) {
      const warm = meter.isWarm;
      const usage = meter.look(processes, elapsed);
      if (usage === null || !warm) continue;
      const { cpu_percent, memory_mb } = usage;
      const id = `${OWN_ID}sample:${randomUUID()}`;
      events.push({
        type: 'resource.sampled',
        id,
        time: Date.now(),
        job_id,
        cpu_percent,
        memory_mb,
      });
    }
    await this.#options.monitor.append(events);
  }
}

/** The pid of a job that runs; null for others. */
function pidOf(job: JobState): number | null {
  const { status } = deriveJob(job);
  return status === 'RUNNING' ? readNumber(job.fields, 'pid') : null;
}
