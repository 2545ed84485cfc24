/** States of proposals and parameters, as the tuner sees them. */
import {
  type OptimizationState,
  newOptimization,
} from '../../../../service/core/domain/optimization.ts';
import type {
  ParameterRecord,
  Proposal,
  RateWindow,
} from '../../../../service/protocol/optimization.ts';
import { proposed } from '../../../support/proposal.ts';

export const T0 = 1_800_000_000_000;

export function parameter(changes: Partial<ParameterRecord> = {}): ParameterRecord {
  return {
    ...{ job_id: 'run-1', parameter: 'workers', kind: 'concurrency', title: 'Workers' },
    ...{ unit: null, value: 2, minimum: 1, maximum: 64, step: null, values: [] },
    ...{ phase_id: null, subject: null, offered_at: new Date(T0).toISOString(), seq: 1 },
    ...changes,
  };
}

/** Twelve samples of a second around `rate`, from then on. */
export function windowAt(from: number, rate: number): RateWindow {
  const rates = Array.from({ length: 12 }, (_, n) => rate * (1 + ((n % 5) - 2) / 100));
  return { from, to: from + 12_000, median: rate, rates };
}

/** Applied by the service's clock at `at`; the pipeline's own clock says `said`. */
export function appliedAt(
  at: number,
  { said = at, id = 'o-1', ...proposal }: Partial<Proposal> & { said?: number; id?: string } = {},
): OptimizationState {
  const event = { id: `${id}-event`, time: at - 1000 };
  return {
    ...newOptimization(id),
    proposed: proposed(
      id,
      {
        measure: { source: 'items', phase_id: 'P1' },
        before: windowAt(at - 15_000, 100),
        ...proposal,
      },
      at - 2000,
    ),
    decided: {
      ...{ type: 'optimization.decided', ...event, optimization_id: id, decision: 'apply' },
      answer_by: at + 30_000,
    },
    answer: {
      ...{ type: 'optimization.answered', ...event, time: said, optimization_id: id },
      outcome: 'applied',
    },
    answered_at: at,
  };
}
