/**
 * What was tried of one parameter in one phase, and what came of it. Each change shrinks what is left to try: no value
 * is proposed twice, nothing at or beyond a value that was worse, nothing back towards one that was left behind for a
 * better one. So there is an end to it, and no going to and fro. The search itself doubles or halves until the first
 * failure and halves the gap after it, as in J. L. Bentley, A. C. Yao, An almost optimal algorithm for unbounded
 * searching (1976).
 */
import { type OptimizationState, stateOf } from '../../core/domain/optimization.ts';
import type {
  OptimizationStateName,
  ParameterRecord,
  ParameterValue,
} from '../../protocol/optimization.ts';
import { LEAST_EFFECT } from './effect.ts';
import { fitted } from './values.ts';

/** After so many refusals a pipeline is not asked about the parameter again. */
const MOST_REFUSALS = 2;
/** A gap that is smaller than this share of the value is not worth another change. */
const LEAST_STEP = 0.15;

const FAILED: ReadonlySet<OptimizationStateName> = new Set([
  'worse',
  'no_gain',
  'rolled_back',
  'not_taken_back',
]);

export interface Explored {
  /** Values that were in effect or proposed. */
  seen: ReadonlySet<ParameterValue>;
  /** Only values between these two, both excluded, are left. */
  floor: number;
  ceiling: number;
  refusals: number;
  /** The last change that brought something: how many times the value, how many times the throughput. */
  lastGain: { ratio: number; gain: number } | null;
}

/** What the proposals of a job say of a parameter, in `phase_id`. */
export function exploredOf(
  optimizations: readonly OptimizationState[],
  { parameter }: Pick<ParameterRecord, 'parameter'>,
  phase_id: string | undefined,
): Explored {
  const explored = {
    seen: new Set<ParameterValue>(),
    floor: -Infinity,
    ceiling: Infinity,
    refusals: 0,
    lastGain: null as Explored['lastGain'],
  };
  const inOrder = [...optimizations].sort(
    (a, b) => (a.proposed?.time ?? 0) - (b.proposed?.time ?? 0),
  );
  for (const state of inOrder) {
    const proposal = state.proposed?.proposal;
    if (!proposal || proposal.parameter !== parameter) continue;
    // A refusal is about the parameter, whatever the phase.
    if (stateOf(state) === 'refused') explored.refusals++;
    if (proposal.phase_id !== phase_id || proposal.rollback_of !== undefined) continue;
    note(explored, state);
  }
  return explored;
}

function note(
  explored: { -readonly [K in keyof Explored]: Explored[K] } & { seen: Set<ParameterValue> },
  state: OptimizationState,
): void {
  const { from, to } = state.proposed?.proposal ?? {};
  if (from === undefined || to === undefined) return;
  explored.seen.add(from).add(to);
  if (typeof from !== 'number' || typeof to !== 'number') return;
  const now = stateOf(state);
  const gain = state.measured?.gain;
  const failed = FAILED.has(now);
  if (!failed && now !== 'kept') return;
  // Between a value and one that is as good there is nothing to be found, before one that is worse there may be.
  const isFlat = failed && (gain ?? 0) > -LEAST_EFFECT;
  const left = failed && !isFlat ? to : from;
  const isAbove = failed === to > from;
  if (isAbove) explored.ceiling = Math.min(explored.ceiling, left);
  else explored.floor = Math.max(explored.floor, left);
  if (now === 'kept' && gain !== undefined && gain > 0 && from > 0)
    explored.lastGain = { ratio: to / from, gain };
}

/** True where a proposal of the value would be new. */
export function isOpen({ seen, floor, ceiling, refusals }: Explored, to: ParameterValue): boolean {
  if (refusals >= MOST_REFUSALS || seen.has(to)) return false;
  return typeof to !== 'number' || (to > floor && to < ceiling);
}

/** The next greater value to try: twice as much, or half of the gap to what failed; null where none is left. */
export function nextUp(parameter: ParameterRecord, explored: Explored, factor = 2): number | null {
  const { value } = parameter;
  if (typeof value !== 'number' || explored.ceiling <= value) return null;
  const doubled = value > 0 ? value * factor : value + 1;
  const wanted = doubled < explored.ceiling ? doubled : (value + explored.ceiling) / 2;
  return worth(parameter, explored, wanted);
}

/** The next smaller one, in the same way. */
export function nextDown(
  parameter: ParameterRecord,
  explored: Explored,
  factor = 2,
): number | null {
  const { value } = parameter;
  if (typeof value !== 'number' || value <= 0 || explored.floor >= value) return null;
  const halved = value / factor;
  const wanted = halved > explored.floor ? halved : (value + explored.floor) / 2;
  return worth(parameter, explored, wanted);
}

function worth(parameter: ParameterRecord, explored: Explored, wanted: number): number | null {
  const { value } = parameter;
  const to = fitted(parameter, wanted);
  if (to === null || typeof value !== 'number') return null;
  const isSame = to === value || to > value !== wanted > value;
  const isSmall = Math.abs(to - value) < LEAST_STEP * Math.abs(value);
  return isSame || isSmall || !isOpen(explored, to) ? null : to;
}
