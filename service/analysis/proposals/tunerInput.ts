/** What the tuner looks at, and what it says. */
import type { OptimizationState } from '../../core/domain/optimization.ts';
import type {
  Measure,
  OptimizerRecord,
  ParameterRecord,
  Proposal,
  RateWindow,
  Verdict,
} from '../../protocol/optimization.ts';
import type { OptimizerSettings } from '../../protocol/optimizer.ts';
import { medianOf } from './effect.ts';
import type { RateSample } from './throughput.ts';
import type { Idea, Situation } from './types.ts';

export interface TunerInput {
  /** Epoch milliseconds, as all times here. */
  now: number;
  settings: OptimizerSettings;
  job: {
    job_id: string;
    ended: boolean;
    /** Ids of the phases that run, and since when it has been these. */
    phases: readonly string[];
    phases_since: number;
  };
  /** Since when rates are heard: the start of the service, or of the job. */
  listening_since: number;
  /** With their present values. */
  parameters: readonly ParameterRecord[];
  /** All of the job. */
  optimizations: readonly OptimizationState[];
  rates: {
    samples(measure: Measure, from: number): RateSample[];
    best(from: number, phase_id?: string): { measure: Measure; samples: RateSample[] } | null;
  };
  situation: Situation;
  /** Ideas of a module of one's own, by parameter. */
  ownIdeas?: ReadonlyMap<string, Idea & { strategy: string }>;
}

export type Decision =
  | { kind: 'propose'; proposal: Proposal }
  | { kind: 'apply'; optimization_id: string; answer_by: number }
  | { kind: 'expire'; optimization_id: string; reason: string; by?: string }
  | ({ kind: 'measure'; optimization_id: string } & Measurement);

export interface Measurement {
  verdict: Verdict;
  reason: string;
  gain?: number;
  p_value?: number;
  after?: RateWindow;
}

export type Status = Omit<OptimizerRecord, 'job_id'>;
export interface Step {
  decisions: Decision[];
  status: Status;
}

/** Fewer samples say nothing. */
export const SAMPLES_NEEDED = 8;
const MOST_RATES = 60;
const LONGEST_SETTLING_MS = 3000;

/** What a change needs before it shows: rates of that time count neither for nor against it. */
export function settlingMs({ window_ms }: OptimizerSettings): number {
  return Math.min(LONGEST_SETTLING_MS, window_ms / 3);
}

/** The newest 60 of them; null where there is none. */
export function windowOf(samples: readonly RateSample[]): RateWindow | null {
  const newest = samples.slice(-MOST_RATES);
  const [first] = newest;
  const last = newest.at(-1);
  if (!first || !last) return null;
  const rates = newest.map(({ rate }) => rate);
  return { from: first.from, to: last.to, median: medianOf(rates), rates };
}
