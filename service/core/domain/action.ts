/** What pipelines offer to do: of each action the newest word, whole. */
import type { ActionRecord } from '../../protocol/domain.ts';
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
