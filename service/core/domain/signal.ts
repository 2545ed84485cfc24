/** A named counter of pipelines, over all jobs there ever were. */
import type { EventOf } from '../../protocol/event.ts';

export interface SignalState {
  signal: string;
  count: number;
}

export function newSignal(signal: string): SignalState {
  return { signal, count: 0 };
}

export function foldSignalTotal(signal: SignalState, event: EventOf<'signal.counted'>): void {
  signal.count += event.count ?? 1;
}
