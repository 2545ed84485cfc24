/** One job that listens: which of its phases run, and how fast they work. */
import { Throughput } from '../analysis/proposals/throughput.ts';
import type { Idea } from '../analysis/proposals/types.ts';
import { deriveJob, derivePhase } from '../core/derive.ts';
import type { JobState, PhaseState } from '../core/model.ts';
import { readNumber } from '../core/registers.ts';
import type { OptimizerRecord } from '../protocol/optimization.ts';
import { isEnded } from '../protocol/states.ts';

export function hasEnded(job: JobState): boolean {
  return isEnded(deriveJob(job).status);
}

export class JobTuning {
  readonly throughput = new Throughput();
  readonly #running = new Set<string>();
  /** Since when these phases run, and since when the job is looked at; epoch milliseconds. */
  phasesSince: number;
  readonly since: number;
  status: OptimizerRecord | null = null;
  /** Of a module of one's own, by parameter. */
  ownIdeas: ReadonlyMap<string, Idea & { strategy: string }> = new Map();
  ownAskedAt = -Infinity;

  constructor(job: JobState, now: number) {
    this.phasesSince = now;
    this.since = now;
    for (const phase of job.phases.values()) this.#phase(job, phase, now);
    this.phasesSince = now;
  }

  get phases(): string[] {
    return [...this.#running].sort();
  }

  /** Some of its phases were told of. */
  changed(job: JobState, phases: Iterable<string>, now: number): void {
    for (const id of phases) {
      const phase = job.phases.get(id);
      if (phase) this.#phase(job, phase, now);
    }
  }

  #phase(job: JobState, phase: PhaseState, now: number): void {
    const { phase_id, fields } = phase;
    const isRunning = derivePhase(phase, job).status === 'RUNNING';
    if (isRunning !== this.#running.has(phase_id)) this.phasesSince = now;
    if (!isRunning) {
      this.#running.delete(phase_id);
      this.throughput.phaseEnded(phase_id);
      return;
    }
    this.#running.add(phase_id);
    if (phase.last_time === 0) return;
    const items = readNumber(fields, 'items_done');
    const progress = readNumber(fields, 'progress');
    this.throughput.phase(phase_id, { at: now, time: phase.last_time, items, progress });
  }
}
