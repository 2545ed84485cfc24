/** Parameters that pipelines listen for, and proposals to change them: of each kind of word the newest, whole. */
import type { EventOf } from '../../protocol/event.ts';
import {
  type OptimizationRecord,
  type OptimizationStateName,
  PARAMETER_KINDS,
  type ParameterKind,
  type ParameterRecord,
  type RateWindow,
  type WindowRecord,
} from '../../protocol/optimization.ts';
import { timeText } from '../view.ts';
import type { Touched } from '../touched.ts';
import type { Table } from './table.ts';
import { isNewest, round, roundOrNull, timeOrNull } from './values.ts';

export interface ParameterState {
  key: string;
  offer: EventOf<'parameter.offered'> | null;
  seq: number;
}

/** A parameter is named by its job and its name. */
export function parameterKey(job_id: string, parameter: string): string {
  return JSON.stringify([job_id, parameter]);
}

export function newParameter(key: string): ParameterState {
  return { key, offer: null, seq: 0 };
}

export function foldParameter(state: ParameterState, event: EventOf<'parameter.offered'>): void {
  if (isNewest(state.offer, event)) state.offer = event;
}

export function parameterRecord({ offer, seq }: ParameterState): ParameterRecord | null {
  if (offer === null) return null;
  const { job_id, parameter, value, title = parameter, unit = null } = offer;
  const { minimum = null, maximum = null, step = null, values = [] } = offer;
  return {
    ...{ job_id, parameter, kind: kindOf(offer), title, unit, value },
    ...{ minimum, maximum, step, values },
    phase_id: offer.phase_id ?? null,
    subject: offer.subject ?? null,
    offered_at: timeText(offer.time),
    seq,
  };
}

/** One that says no kind is of the kind that it is named after. */
function kindOf({ kind, parameter }: EventOf<'parameter.offered'>): ParameterKind {
  return kind ?? PARAMETER_KINDS.find((one) => one === parameter) ?? 'other';
}

/** Before a new parameter: the one that was offered first leaves a full table, and is counted. */
export function makeRoomForParameter(table: Table<ParameterState>): void {
  if (table.rows.size < table.limit) return;
  const [oldest] = table.rows.keys();
  if (oldest === undefined) return;
  table.delete(oldest);
  table.refused++;
}

interface OfJobs {
  parameters: Table<ParameterState>;
  optimizations: Table<OptimizationState>;
}

/** With a job goes what it offered, and what was proposed to it. */
export function forgetJob(tables: OfJobs, job_id: string, touched: Touched): void {
  const { parameters, optimizations } = tables;
  for (const [key, { offer }] of parameters.rows)
    if (offer?.job_id === job_id) parameters.delete(key);
  for (const [id, { proposed }] of optimizations.rows) {
    if (proposed?.proposal.job_id !== job_id) continue;
    optimizations.delete(id);
    touched.optimizations.delete(id);
  }
}

export interface OptimizationState {
  optimization_id: string;
  proposed: EventOf<'optimization.proposed'> | null;
  decided: EventOf<'optimization.decided'> | null;
  answer: EventOf<'optimization.answered'> | null;
  /** When the answer came, by the service's clock (epoch milliseconds), and as which entry. */
  answered_at: number | null;
  answered_seq: number;
  measured: EventOf<'optimization.measured'> | null;
  seq: number;
}

export function newOptimization(optimization_id: string): OptimizationState {
  const none = { proposed: null, decided: null, answer: null, measured: null };
  return { optimization_id, ...none, answered_at: null, answered_seq: 0, seq: 0 };
}

type OptimizationEvent = EventOf<
  | 'optimization.proposed'
  | 'optimization.decided'
  | 'optimization.answered'
  | 'optimization.measured'
>;

export function foldOptimization(
  state: OptimizationState,
  event: OptimizationEvent,
  { received_at, seq }: { received_at: number; seq: number },
): void {
  if (event.type === 'optimization.proposed' && isNewest(state.proposed, event))
    state.proposed = event;
  if (event.type === 'optimization.decided' && isNewest(state.decided, event))
    state.decided = event;
  if (event.type === 'optimization.answered' && isNewest(state.answer, event)) {
    state.answer = event;
    state.answered_at = received_at;
    state.answered_seq = seq;
  }
  if (event.type === 'optimization.measured' && isNewest(state.measured, event))
    state.measured = event;
}

/** What is known last counts: a pipeline that applied it after its time was over has applied it all the same. */
export function stateOf({ decided, answer, measured }: OptimizationState): OptimizationStateName {
  if (measured) return measured.verdict;
  if (answer) return answer.outcome;
  if (!decided) return 'proposed';
  const states = { apply: 'sent', dismiss: 'dismissed', expire: 'expired' } as const;
  return states[decided.decision];
}

const UNDER_WAY: ReadonlySet<OptimizationStateName> = new Set([
  'proposed',
  'sent',
  'applied',
  'worse',
  'no_gain',
]);

/** True while somebody waits for something: a decision, an answer, a measurement, or its being taken back. */
export function isUnderWay(state: OptimizationState): boolean {
  if (!state.proposed || !UNDER_WAY.has(stateOf(state))) return false;
  // What an action does is not measured.
  return stateOf(state) !== 'applied' || state.proposed.proposal.parameter !== undefined;
}

/** Before a new proposal: the one that was heard of first of those that nothing waits for leaves a full table, and is counted. */
export function makeRoomFor(table: Table<OptimizationState>): void {
  if (table.rows.size < table.limit) return;
  const unproposed = [...table.rows].find(([, { proposed }]) => !proposed);
  const gone = unproposed ?? [...table.rows].find(([, state]) => !isUnderWay(state));
  if (!gone) return;
  table.delete(gone[0]);
  table.refused++;
}

export function optimizationRecord(state: OptimizationState): OptimizationRecord {
  const { optimization_id, proposed, decided, answer, measured, seq } = state;
  return {
    optimization_id,
    state: stateOf(state),
    ...proposalFields(proposed),
    decided_by: decided?.by ?? null,
    outcome: answer?.outcome ?? null,
    detail: answer?.detail ?? null,
    reason: measured?.reason ?? (answer ? null : decided?.reason) ?? null,
    measured_gain: roundOrNull(measured?.gain ?? null),
    p_value: measured?.p_value ?? null,
    after: windowRecord(measured?.after),
    decided_at: timeOrNull(decided?.time ?? null),
    answer_by: timeOrNull(decided?.answer_by ?? null),
    answered_at: timeOrNull(answer?.time ?? null),
    measured_at: timeOrNull(measured?.time ?? null),
    seq,
  };
}

function proposalFields(proposed: OptimizationState['proposed']) {
  const of = proposed?.proposal;
  return {
    job_id: of?.job_id ?? null,
    phase_id: of?.phase_id ?? null,
    strategy: of?.strategy ?? null,
    title: of?.title ?? null,
    sentence: of?.sentence ?? null,
    parameter: of?.parameter ?? null,
    unit: of?.unit ?? null,
    from: of?.from ?? null,
    to: of?.to ?? null,
    action: of?.action ?? null,
    params: of?.params ?? null,
    expected_gain: roundOrNull(of?.expected_gain ?? null),
    confidence: roundOrNull(of?.confidence ?? null),
    evidence: of?.evidence ?? [],
    finding_id: of?.finding_id ?? null,
    rollback_of: of?.rollback_of ?? null,
    needs_person: of?.needs_person ?? false,
    measured_by: of?.measure?.source ?? null,
    before: windowRecord(of?.before),
    proposed_at: timeOrNull(proposed?.time ?? null),
    expires_at: timeOrNull(of?.expires_at ?? null),
  };
}

function windowRecord(window: RateWindow | undefined): WindowRecord | null {
  if (window === undefined) return null;
  const sorted = [...window.rates].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? window.median;
  return {
    from: timeText(window.from),
    to: timeText(window.to),
    samples: sorted.length,
    median_per_s: round(window.median),
    low_per_s: round(at(0.25)),
    high_per_s: round(at(0.75)),
  };
}
