/**
 * How fast a job works: rates out of counts that only grow (items and progress of its phases, tasks that ended), in
 * samples of a second or more, because what comes more often says the same again. Bounded in memory and time a count.
 */
import type { Measure } from '../../protocol/optimization.ts';

/** `from` and `to` are the service's own times of arrival, `rate` is per second of the sender's time. */
export interface RateSample {
  from: number;
  to: number;
  rate: number;
}

const MOST_SAMPLES = 180;
const SAMPLE_MS = 1000;
/** So many words in a row from before the last sample are no late ones: the sender's clock was set back. */
const SET_BACK = 5;

/** One count that grows. */
export class RateMeter {
  #first: { at: number; time: number; count: number } | null = null;
  #samples: RateSample[] = [];
  #behind = 0;

  /** `at` is the arrival and `time` the sender's own, both epoch milliseconds. What runs back begins anew. */
  add(at: number, time: number, count: number): void {
    if (![at, time, count].every(Number.isFinite)) return;
    const first = this.#first;
    this.#behind = first !== null && time < first.time ? this.#behind + 1 : 0;
    // A word that is late tells an older count.
    const isAnew = this.#behind === 0 && first !== null && count < first.count;
    if (first === null || isAnew || at < first.at || this.#behind >= SET_BACK) {
      this.#first = { at, time, count };
      this.#behind = 0;
      return;
    }
    // Late or repeated: it says nothing new.
    if (time - first.time < SAMPLE_MS || at <= first.at) return;
    const rate = ((count - first.count) * 1000) / (time - first.time);
    // Of counts as large as numbers can be, the difference is none.
    if (rate < Infinity) this.#samples.push({ from: first.at, to: at, rate });
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
    this.#first = { at, time, count };
  }

  /** Samples that began at `from` or later, the newest last. */
  since(from: number): RateSample[] {
    return this.#samples.filter((sample) => sample.from >= from);
  }
}

/** Most phases of a job that are measured at a time. */
const MOST_PHASES = 64;
const ALL = '';

export class Throughput {
  readonly #meters = { items: meters(), progress: meters(), tasks: meters() };
  #tasks = 0;

  /** What a phase says of itself; null is not known. */
  phase(phase_id: string, { at, time, items, progress }: Told): void {
    if (items !== null) meterOf(this.#meters.items, phase_id)?.add(at, time, items);
    if (progress !== null) meterOf(this.#meters.progress, phase_id)?.add(at, time, progress);
  }

  /** So many tasks of the job ended well. */
  tasks(at: number, ended: number): void {
    this.#tasks += ended;
    meterOf(this.#meters.tasks, ALL)?.add(at, at, this.#tasks);
  }

  phaseEnded(phase_id: string): void {
    this.#meters.items.delete(phase_id);
    this.#meters.progress.delete(phase_id);
  }

  /** Samples of that measure, from then on. */
  samples({ source, phase_id = ALL }: Measure, from: number): RateSample[] {
    return this.#meters[source].get(source === 'tasks' ? ALL : phase_id)?.since(from) ?? [];
  }

  /**
   * The measure that says most since then: items of the phase with most samples, else tasks, else progress. A count
   * that stands still measures nothing. Null where nothing does.
   */
  best(from: number, phase_id?: string): { measure: Measure; samples: RateSample[] } | null {
    for (const source of ['items', 'tasks', 'progress'] as const) {
      const found = this.#mostOf(source, from, phase_id);
      if (found !== null) return found;
    }
    return null;
  }

  #mostOf(source: Measure['source'], from: number, phase_id: string | undefined) {
    let most: { measure: Measure; samples: RateSample[] } | null = null;
    for (const [key, meter] of this.#meters[source]) {
      if (phase_id !== undefined && source !== 'tasks' && key !== phase_id) continue;
      const samples = meter.since(from);
      if (!samples.some(({ rate }) => rate > 0)) continue;
      const measure = source === 'tasks' ? { source } : { source, phase_id: key };
      if (most === null || samples.length > most.samples.length) most = { measure, samples };
    }
    return most;
  }
}

export interface Told {
  at: number;
  time: number;
  items: number | null;
  progress: number | null;
}

function meters(): Map<string, RateMeter> {
  return new Map();
}

function meterOf(of: Map<string, RateMeter>, key: string): RateMeter | undefined {
  const held = of.get(key);
  if (held || of.size >= MOST_PHASES) return held;
  const made = new RateMeter();
  of.set(key, made);
  return made;
}
