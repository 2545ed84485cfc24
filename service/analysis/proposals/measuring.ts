/** The effect of a change that was applied: as soon as enough is heard, honestly, or why nobody can say. */
import { type OptimizationState, stateOf } from '../../core/domain/optimization.ts';
import type { RateWindow } from '../../protocol/optimization.ts';
import { judged } from './effect.ts';
import {
  type Measurement,
  SAMPLES_NEEDED,
  type TunerInput,
  settlingMs,
  windowOf,
} from './tunerInput.ts';

/** So many windows may pass until it is said that nobody can say. */
const MOST_WINDOWS = 4;
/** Windows that may be added where it is open whether a difference is one. */
const MORE_WINDOWS = 3;

export interface Measuring {
  /** Null while it goes on. */
  measurement: Measurement | null;
  sentence: string;
  samples: number;
}

export function measured(input: TunerInput, state: OptimizationState): Measuring {
  const { now, settings, job, listening_since } = input;
  const of = state.proposed?.proposal;
  const before = of?.before;
  if (of?.measure === undefined || before === undefined)
    return nobodyKnows('The throughput could not be measured before the change.');
  // By the service's own clock: that of the pipeline may be anywhere.
  const at = Math.max(state.answered_at ?? 0, state.decided?.time ?? 0);
  const from = Math.max(at + settlingMs(settings), listening_since);
  if (job.ended) return nobodyKnows('The job ended before enough was measured.');
  if (job.phases_since > Math.max(before.from, listening_since))
    return nobodyKnows(
      'Other phases run now than before the change, so the two cannot be compared.',
    );
  if (input.optimizations.some((one) => one !== state && cameBetween(one, before)))
    return nobodyKnows('Another change was applied meanwhile, so nobody can tell them apart.');
  const samples = input.rates.samples(of.measure, from);
  const after = windowOf(samples);
  const waited = now - from;
  const isEnough = samples.length >= SAMPLES_NEEDED && waited >= settings.window_ms;
  const sentence = `The effect is measured: ${samples.length} of ${SAMPLES_NEEDED} samples.`;
  if (!isEnough || after === null) {
    const usual = Math.max(settings.window_ms, before.to - before.from);
    if (waited < usual * MOST_WINDOWS)
      return { measurement: null, sentence, samples: samples.length };
    return nobodyKnows(
      `Not enough was heard after the change: ${samples.length} of ${SAMPLES_NEEDED} samples.`,
    );
  }
  const { verdict, gain, p_value } = judged(before.rates, after.rates, {
    best: bestOf(input, state),
    costs: of.costs ?? false,
    canWait: waited < settings.window_ms * MORE_WINDOWS,
  });
  if (verdict === null) return { measurement: null, sentence, samples: samples.length };
  const reason = inWords(verdict, gain, { before: before.median, after: after.median });
  return {
    measurement: { verdict, reason, gain, p_value, after },
    sentence,
    samples: samples.length,
  };
}

/** A pipeline that was given up may still apply what it was asked, in the middle of another change. */
function cameBetween({ proposed, answer, answered_at }: OptimizationState, before: RateWindow) {
  const { parameter } = proposed?.proposal ?? {};
  if (parameter === undefined || answer?.outcome !== 'applied') return false;
  return (answered_at ?? 0) > before.from;
}

function nobodyKnows(reason: string): Measuring {
  return { measurement: { verdict: 'unmeasured', reason }, sentence: reason, samples: 0 };
}

/** The best throughput that this phase had, measured in the same way. */
function bestOf({ optimizations }: TunerInput, of: OptimizationState): number {
  const { measure, phase_id } = of.proposed?.proposal ?? {};
  const medians = optimizations.flatMap((one) => {
    const other = one.proposed?.proposal;
    if (other?.phase_id !== phase_id || other?.measure?.source !== measure?.source) return [];
    const isKept = one === of || stateOf(one) === 'kept';
    return [other?.before?.median ?? 0, isKept ? (one.measured?.after?.median ?? 0) : 0];
  });
  return Math.max(0, ...medians);
}

function inWords(
  verdict: 'kept' | 'worse' | 'no_gain',
  gain: number,
  { before, after }: { before: number; after: number },
): string {
  const percent = `${gain >= 0 ? '+' : ''}${Math.round(gain * 100)} %`;
  const figures = `${short(before)}/s before, ${short(after)}/s after (${percent})`;
  if (verdict === 'worse') return `It made the work slower: ${figures}.`;
  if (verdict === 'no_gain') return `It brought nothing that can be told from chance: ${figures}.`;
  return gain > 0
    ? `It made the work faster: ${figures}.`
    : `The work is as fast with less: ${figures}.`;
}

function short(rate: number): string {
  return rate >= 100 ? String(Math.round(rate)) : String(Number(rate.toPrecision(3)));
}
