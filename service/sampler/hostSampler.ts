/** Samples this machine: the fast counters at every tick, what is dear less often and never beyond its budget. */
import { availableParallelism } from 'node:os';
import { messageOf } from '../protocol/errors.ts';
import { gpuPart } from './gpuPart.ts';
import { delayPart, diskPart, ownPart, temperaturePart } from './hostCommon.ts';
import { linuxParts } from './hostLinux.ts';
import {
  HOST_METRIC_NAMES,
  type HostMetric,
  type HostPart,
  type HostPoint,
  type HostValues,
  hostPoints,
} from './hostMetrics.ts';
import { portableParts } from './hostPortable.ts';

export interface HostSamplerOptions {
  /** Milliseconds between two ticks, 50 at least; 0 is off. */
  intervalMs: number;
  /** Gets the points of a look; called in the tick, and when a dear look is done. */
  sink: (points: readonly HostPoint[]) => void;
  logger: { warn: (sentence: string) => void };
  /** The folder whose file system is measured. */
  dataDir: string;
  /** What is measured; the machine and this process when absent. */
  parts?: readonly HostPart[];
}

/** All that can be known of this machine; `folder` names the file system. */
export function machineParts(folder: string): HostPart[] {
  const ofPlatform = process.platform === 'linux' ? linuxParts() : portableParts();
  return [...ofPlatform, diskPart(folder), temperaturePart(), gpuPart()];
}

/** Shorter ones would tell noise: CPU time is counted in steps of 10 ms. */
const LEAST_INTERVAL_MS = 50;
/** A part that failed is left alone for so long. */
const AFTER_FAILURE_MS = 60_000;
/** Each dear look may take this share of the machine: one that took 50 ms on 2 cores comes again after 10 s. */
const SHARE_OF_MACHINE = 0.0025;
const LONGEST_PAUSE_MS = 600_000;
/** Timers go off up to a millisecond early; a look that is due so soon is taken now. */
const SLACK_MS = 5;

interface PartState {
  part: HostPart;
  /** Monotonic milliseconds. */
  nextAt: number;
  busy: boolean;
  /** What it told last: not known any more when it fails. */
  metrics: readonly HostMetric[];
}

export class HostSampler {
  readonly #options: HostSamplerOptions;
  readonly #parts: PartState[];
  readonly #latest: Record<HostMetric, number | null>;
  readonly #complained = new Set<string>();
  #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #closed = false;
  /** Ticks fall on multiples of the interval from here: being late once moves none of those after it. */
  #origin = 0;
  #ticks = 0;

  constructor(options: HostSamplerOptions) {
    this.#options = options;
    this.#intervalMs = atLeastShortest(options.intervalMs);
    const nulls = HOST_METRIC_NAMES.map((name) => [name, null] as const);
    this.#latest = Object.fromEntries(nulls) as Record<HostMetric, number | null>;
    const parts = options.parts ?? [...machineParts(options.dataDir), ownPart(), delayPart()];
    this.#parts = parts.map((part) => ({ part, nextAt: 0, busy: false, metrics: [] }));
  }

  start(): void {
    this.#running = true;
    const now = performance.now();
    for (const state of this.#parts) state.nextAt = now + (state.part.afterMs ?? 0);
    this.#restart();
  }

  /** The newest value of every metric; null for what is not known. */
  latest(): Record<HostMetric, number | null> {
    return { ...this.#latest };
  }

  /** Another interval from now on; 0 ends the sampling, and what was known is known no more. */
  setInterval(ms: number): void {
    this.#intervalMs = atLeastShortest(ms);
    if (this.#running) this.#restart();
  }

  /** Ends it for good. Looks under way are let go; their answers reach nobody. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#letGo();
  }

  /** One tick out of turn: takes what is due. For owners that have a rhythm of their own. */
  look(): void {
    this.#look(performance.now(), null);
  }

  #look(elapsed: number, lateMs: number | null): void {
    if (this.#closed) return;
    const now: HostValues = {};
    for (const state of this.#parts) {
      if (state.busy || elapsed + SLACK_MS < state.nextAt) continue;
      const taken = this.#take(state, elapsed, lateMs);
      if (taken) Object.assign(now, taken);
    }
    this.#tell(now);
  }

  #restart(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    if (this.#intervalMs === 0) return this.#rest();
    this.#origin = performance.now();
    this.#ticks = 0;
    this.#plan();
  }

  #letGo(): void {
    for (const { part } of this.#parts) part.close?.();
  }

  #rest(): void {
    this.#letGo();
    for (const name of HOST_METRIC_NAMES) this.#latest[name] = null;
  }

  #plan(): void {
    const behind = performance.now() - this.#origin;
    // The next tick that is not over yet: ticks that were slept through are not caught up on.
    this.#ticks = Math.max(this.#ticks + 1, Math.ceil(behind / this.#intervalMs));
    const due = this.#origin + this.#ticks * this.#intervalMs;
    const wait = Math.max(1, this.#ticks * this.#intervalMs - behind);
    this.#timer = setTimeout(() => {
      const elapsed = performance.now();
      this.#look(elapsed, Math.max(0, elapsed - due));
      this.#plan();
    }, wait).unref();
  }

  /** The values of a look that answers at once. */
  #take(state: PartState, elapsed: number, lateMs: number | null): HostValues | undefined {
    const { part } = state;
    state.nextAt = elapsed + part.everyMs;
    try {
      const taken = part.take(elapsed, lateMs);
      if (!(taken instanceof Promise)) return noted(state, taken);
      void this.#await(state, taken, elapsed);
    } catch (error) {
      this.#failed(state, error);
    }
    return undefined;
  }

  async #await(state: PartState, taken: Promise<HostValues>, begin: number): Promise<void> {
    state.busy = true;
    try {
      this.#tell(noted(state, await taken));
      state.nextAt = Math.max(state.nextAt, pauseAfter(begin));
    } catch (error) {
      this.#failed(state, error);
    } finally {
      state.busy = false;
    }
  }

  #tell(values: HostValues): void {
    if (this.#closed || this.#isOff) return;
    Object.assign(this.#latest, values);
    const points = hostPoints(values, Date.now());
    if (points.length === 0) return;
    try {
      this.#options.sink(points);
    } catch (error) {
      this.#complain('sink', `Measured values could not be kept: ${messageOf(error)}.`);
    }
  }

  /** Switched off while it was running: what a look still answers is of no interest. */
  get #isOff(): boolean {
    return this.#running && this.#intervalMs === 0;
  }

  #failed(state: PartState, error: unknown): void {
    state.nextAt = performance.now() + Math.max(state.part.everyMs, AFTER_FAILURE_MS);
    for (const metric of state.metrics) this.#latest[metric] = null;
    if (this.#closed) return;
    const { name } = state.part;
    const reason = messageOf(error).replace(/\.$/, '');
    this.#complain(name, `The ${name} of this machine cannot be read: ${reason}. The others can.`);
  }

  #complain(name: string, sentence: string): void {
    if (this.#complained.has(name)) return;
    this.#complained.add(name);
    this.#options.logger.warn(sentence);
  }
}

function atLeastShortest(ms: number): number {
  return ms === 0 ? 0 : Math.max(LEAST_INTERVAL_MS, ms);
}

function noted(state: PartState, values: HostValues): HostValues {
  const metrics = Object.keys(values) as HostMetric[];
  if (metrics.length > 0) state.metrics = metrics;
  return values;
}

/** When a look that began then may come again without going beyond its share of the machine. */
function pauseAfter(begin: number): number {
  const now = performance.now();
  const pause = (now - begin) / SHARE_OF_MACHINE / availableParallelism();
  return now + Math.min(LONGEST_PAUSE_MS, pause);
}
