/**
 * Taking back what did harm, or cost something and brought nothing. Nobody is asked for it: whoever let the change be
 * applied, let it be measured and taken back as well. Where that fails, it says so and why.
 */
import { type OptimizationState, isUnderWay, stateOf } from '../../core/domain/optimization.ts';
import type { Proposal, Verdict } from '../../protocol/optimization.ts';
import { ROLLBACK_STRATEGY } from './names.ts';
import { titleOf } from './titles.ts';
import type { Decision, Measurement, TunerInput } from './tunerInput.ts';

const LATER = 'It was taken back later.';

/** The one that takes `of` back; null where there is none yet. */
export function backOf(
  optimizations: readonly OptimizationState[],
  { optimization_id }: OptimizationState,
): OptimizationState | null {
  return optimizations.find(({ proposed }) => takenBackBy(proposed) === optimization_id) ?? null;
}

/** True while somebody waits for the taking back of `of`, and not for `of` itself. */
export function isBeingTakenBack(
  optimizations: readonly OptimizationState[],
  of: OptimizationState,
): boolean {
  const state = stateOf(of);
  if (state !== 'worse' && state !== 'no_gain') return false;
  const back = backOf(optimizations, of);
  return back !== null && stateOf(back) !== 'kept' && isUnderWay(back);
}

/** For a change that is to be taken back: the proposal of the old value, or what became of that. */
export function takeBack(input: TunerInput, of: OptimizationState): Decision {
  const back = backOf(input.optimizations, of);
  if (back !== null) {
    if (stateOf(back) === 'kept') return settled(of, 'rolled_back', 'It was taken back.');
    return settled(of, 'not_taken_back', `It was not taken back. ${whyNot(back)}`);
  }
  if (input.job.ended)
    return settled(of, 'not_taken_back', 'It was not taken back. The job has ended.');
  const proposal = proposalOf(input, of);
  if (proposal !== null) return { kind: 'propose', proposal };
  return settled(of, 'not_taken_back', 'It was not taken back. The value before it is not known.');
}

/** For a taking back that was applied: both are over. */
export function takenBack(
  { optimizations }: TunerInput,
  { optimization_id, proposed }: OptimizationState,
): Decision[] {
  const kept: Decision = {
    ...{ kind: 'measure', optimization_id, verdict: 'kept' },
    reason: 'It took a change back.',
  };
  const id = takenBackBy(proposed);
  const first = optimizations.find((one) => one.optimization_id === id);
  if (first === undefined) return [kept];
  const words = stateOf(first) === 'not_taken_back' ? LATER : 'It was taken back.';
  return [settled(first, 'rolled_back', words), kept];
}

function takenBackBy(proposed: OptimizationState['proposed']): string | undefined {
  return proposed?.proposal.rollback_of;
}

/** The last word on a change: what was measured of it stays. */
function settled(
  { optimization_id, measured }: OptimizationState,
  verdict: Verdict,
  words: string,
): Decision {
  const { gain, p_value, after } = (measured ?? {}) as Partial<Measurement>;
  return {
    ...{ kind: 'measure', optimization_id, verdict },
    reason: `${measured?.reason ?? ''} ${words}`.trim(),
    ...(gain === undefined ? {} : { gain }),
    ...(p_value === undefined ? {} : { p_value }),
    ...(after === undefined ? {} : { after }),
  };
}

function whyNot({ decided, answer }: OptimizationState): string {
  if (answer?.outcome === 'refused') {
    const { detail = '' } = answer;
    return detail === '' ? 'The pipeline refused it.' : `The pipeline refused it: ${detail}`;
  }
  if (decided?.decision === 'dismiss') return 'A person dismissed it.';
  return decided?.reason ?? 'It was given up.';
}

/** The proposal of the old value; null where the value of before is not known. */
function proposalOf({ now, settings }: TunerInput, state: OptimizationState): Proposal | null {
  const of = state.proposed?.proposal;
  if (of?.from === undefined || of.to === undefined) return null;
  const { measure: _measure, before: _before, expected_gain: _gain, costs: _, ...rest } = of;
  const { needs_person: _person, ...known } = rest;
  return {
    ...known,
    ...{
      from: of.to,
      to: of.from,
      rollback_of: state.optimization_id,
      strategy: ROLLBACK_STRATEGY,
    },
    title: titleOf(of.parameter ?? '', of.to, of.from, of.unit),
    sentence: state.measured?.reason ?? 'The change brought nothing.',
    confidence: 1,
    expires_at: now + settings.expire_ms,
  };
}
