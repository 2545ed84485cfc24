import type { EventOf } from '../../protocol/event.ts';
import { LIMITS, drop } from '../model.ts';
import type { Context } from './context.ts';

export function foldSignal({ job }: Context, event: EventOf<'signal.counted'>): void {
  const held = job.signals.get(event.signal);
  if (held === undefined && job.signals.size >= LIMITS.signals) return drop(job, 'signals');
  job.signals.set(event.signal, (held ?? 0) + (event.count ?? 1));
}
