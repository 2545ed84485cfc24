/** What pipelines offer to do, and what they answered to proposals: of each the newest word, whole. */
import type { ActionRecord, OptimizationRecord } from '../../protocol/domain.ts';
import type { EventOf } from '../../protocol/event.ts';
import { timeText } from '../view.ts';
import { isNewest } from './values.ts';

export interface ActionState {
  action: string;
  offer: EventOf<'action.offered'> | null;
  seq: number;
}

export function newAction(action: string): ActionState {
  return { action, offer: null, seq: 0 };
}

export function foldAction(action: ActionState, event: EventOf<'action.offered'>): void {
  if (isNewest(action.offer, event)) action.offer = event;
}

export function actionRecord({ action, offer, seq }: ActionState): ActionRecord {
  return {
    action,
    title: offer?.title ?? action,
    kind: offer?.kind ?? null,
    job_id: offer?.job_id ?? null,
    params: offer?.params ?? {},
    offered_at: timeText(offer?.time ?? 0),
    seq,
  };
}

export interface OptimizationState {
  optimization_id: string;
  answer: EventOf<'optimization.answered'> | null;
  seq: number;
}

export function newOptimization(optimization_id: string): OptimizationState {
  return { optimization_id, answer: null, seq: 0 };
}

export function foldOptimization(
  optimization: OptimizationState,
  event: EventOf<'optimization.answered'>,
): void {
  if (isNewest(optimization.answer, event)) optimization.answer = event;
}

export function optimizationRecord(state: OptimizationState): OptimizationRecord {
  const { optimization_id, answer, seq } = state;
  return {
    optimization_id,
    outcome: answer?.outcome ?? 'refused',
    detail: answer?.detail ?? null,
    answered_at: timeText(answer?.time ?? 0),
    seq,
  };
}
