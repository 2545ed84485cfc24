/**
 * A pipeline that is not there: its throughput follows a model of how much is done with so many at once, with noise, in
 * simulated time. The tuner gets what it would get of a real one; the proposals go through the real fold.
 */
import { stepOf } from '../../../../service/analysis/proposals/tuner.ts';
import type { TunerInput } from '../../../../service/analysis/proposals/tunerInput.ts';
import { Throughput } from '../../../../service/analysis/proposals/throughput.ts';
import type { Situation } from '../../../../service/analysis/proposals/types.ts';
import { parameterRecords } from '../../../../service/core/domain/queries.ts';
import { Domain } from '../../../../service/core/domain/domain.ts';
import { type OptimizationState, stateOf } from '../../../../service/core/domain/optimization.ts';
import { newTouched } from '../../../../service/core/touched.ts';
import type { Event } from '../../../../service/protocol/event.ts';
import type { ParameterKind, ParameterValue } from '../../../../service/protocol/optimization.ts';
import {
  OPTIMIZER_DEFAULTS,
  type OptimizerSettings,
} from '../../../../service/protocol/optimizer.ts';

export interface Simulated {
  /** Items a second with that value, without noise. */
  rate: (value: number) => number;
  /** Relative standard deviation of a second. */
  noise?: number;
  start: number;
  minimum?: number;
  maximum?: number;
  situation?: (value: number) => Partial<Situation>;
  settings?: Partial<OptimizerSettings>;
  seed?: number;
  seconds?: number;
  /** What the pipeline answers. */
  answer?: (value: ParameterValue) => 'applied' | 'refused' | null;
  /** The phase that runs at that second. */
  phase?: (second: number) => string;
  /** A person applies what waits for one. */
  person?: boolean;
  /** The job ends after so many seconds, and is looked at on. */
  endsAfter?: number;
  /** Of the parameter. */
  kind?: ParameterKind;
  values?: readonly number[];
}

export interface Ran {
  value: number;
  /** Values that were in effect, in their order, the first one included. */
  values: number[];
  asked: ParameterValue[];
  domain: Domain;
  /** How many proposals waited for something at once, at most. */
  mostOpen: number;
}

const T0 = 1_800_000_000_000;

export function simulated(options: Simulated): Ran {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: Simulated;
  readonly #domain = new Domain();
  readonly #throughput = new Throughput();
  readonly #random: () => number;
  #value: number;
  #seq = 0;
  readonly #values: number[];
  readonly #asked: ParameterValue[] = [];
  #mostOpen = 0;

  constructor(options: Simulated) {
    this.#options = options;
    this.#random = randomFrom(options.seed ?? 1);
    this.#value = options.start;
    this.#values = [options.start];
  }

  run(): Ran {
    const { seconds = 1200, phase = () => 'P1', noise = 0.1, rate } = this.#options;
    this.#offer(T0);
    let items = 0;
    let running = phase(0);
    let since = T0;
    for (let second = 1; second <= seconds; second++) {
      const now = T0 + second * 1000;
      const current = phase(second);
      if (current !== running) [running, since, items] = [current, now, 0];
      items += Math.max(0, rate(this.#value) * (1 + noise * this.#gaussian()));
      if (!this.#hasEnded(now))
        this.#throughput.phase(running, { at: now, time: now, items, progress: null });
      this.#step(now, running, since);
    }
    return {
      value: this.#value,
      values: this.#values,
      asked: this.#asked,
      domain: this.#domain,
      mostOpen: this.#mostOpen,
    };
  }

  #step(now: number, phase: string, phases_since: number): void {
    const optimizations = [...this.#domain.optimizations.rows.values()];
    const input: TunerInput = {
      now,
      settings: { ...OPTIMIZER_DEFAULTS, auto: true, ...this.#options.settings },
      job: { job_id: 'job', ended: this.#hasEnded(now), phases: [phase], phases_since },
      listening_since: T0,
      parameters: parameterRecords(this.#domain, 'job'),
      optimizations,
      rates: this.#throughput,
      situation: { ...IDLE, ...this.#options.situation?.(this.#value) },
    };
    if (this.#options.person)
      for (const one of optimizations)
        if (stateOf(one) === 'proposed' && !one.proposed?.proposal.rollback_of)
          this.#applied(one, now);
    const open = optimizations.filter(({ decided, answer, measured }) => {
      return !measured && answer?.outcome !== 'refused' && decided?.decision !== 'expire';
    });
    this.#mostOpen = Math.max(this.#mostOpen, open.length);
    for (const decision of stepOf(input).decisions) this.#take(decision, now);
  }

  #hasEnded(now: number): boolean {
    return now >= T0 + 1000 * (this.#options.endsAfter ?? Infinity);
  }

  #applied({ optimization_id }: OptimizationState, now: number): void {
    const answer_by = now + OPTIMIZER_DEFAULTS.answer_ms;
    this.#take({ kind: 'apply', optimization_id, answer_by }, now);
  }

  #take(decision: ReturnType<typeof stepOf>['decisions'][number], time: number): void {
    const stamp = { id: `e${this.#seq}`, time };
    if (decision.kind === 'propose') {
      const optimization_id = `o${this.#seq}`;
      const { proposal } = decision;
      this.#fold({ type: 'optimization.proposed', ...stamp, optimization_id, proposal });
    } else if (decision.kind === 'measure') {
      const { optimization_id, verdict, reason, gain, p_value, after } = decision;
      const figures = {
        ...(gain !== undefined && { gain }),
        ...(p_value !== undefined && { p_value }),
      };
      const about = { optimization_id, verdict, reason, ...figures, ...(after && { after }) };
      this.#fold({ type: 'optimization.measured', ...stamp, ...about });
    } else if (decision.kind === 'expire') {
      const { optimization_id, reason } = decision;
      const about = { optimization_id, decision: 'expire' as const, reason };
      this.#fold({ type: 'optimization.decided', ...stamp, ...about });
    } else {
      const { optimization_id, answer_by } = decision;
      const about = { optimization_id, decision: 'apply' as const, answer_by };
      this.#fold({ type: 'optimization.decided', ...stamp, ...about });
      this.#answer(optimization_id, time + 1);
    }
  }

  #answer(optimization_id: string, time: number): void {
    const to = this.#domain.optimizations.get(optimization_id)?.proposed?.proposal.to;
    if (typeof to !== 'number') return;
    this.#asked.push(to);
    const outcome = this.#options.answer ? this.#options.answer(to) : 'applied';
    if (outcome === null) return;
    this.#fold({
      type: 'optimization.answered',
      id: `e${this.#seq}`,
      time,
      optimization_id,
      outcome,
    });
    if (outcome === 'refused') return;
    this.#value = to;
    this.#values.push(to);
    this.#offer(time);
  }

  #offer(time: number): void {
    const { minimum = 1, maximum = 64, kind = 'concurrency', values } = this.#options;
    const range = values ? { values: [...values] } : { minimum, maximum };
    this.#fold({
      ...{ type: 'parameter.offered', id: `e${this.#seq}`, time, job_id: 'job' },
      ...{ parameter: 'workers', kind, value: this.#value, ...range },
    });
  }

  #fold(event: Event): void {
    this.#domain.apply({ seq: ++this.#seq, received_at: event.time, event }, newTouched());
  }

  #gaussian(): number {
    const u = Math.max(this.#random(), 1e-12);
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.#random());
  }
}

export const IDLE: Situation = {
  ...{ cpu_percent: 30, memory_percent: 40, cores: 4, job_cpu_percent: null, findings: [] },
  ...{ caches: new Map(), conditions: new Set() },
};

/** Gunther's universal scalability law: `serial` waits for each other, `crosstalk` talks to all others. */
export function scaling(one: number, serial: number, crosstalk: number) {
  return (n: number) => (one * n) / (1 + serial * (n - 1) + crosstalk * n * (n - 1));
}

/** The most that any value gives. */
export function bestOf(rate: (value: number) => number, minimum = 1, maximum = 64): number {
  let best = 0;
  for (let n = minimum; n <= maximum; n++) best = Math.max(best, rate(n));
  return best;
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
