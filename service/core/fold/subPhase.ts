import type { EventOf } from '../../protocol/event.ts';
import { LIMITS, drop } from '../model.ts';
import { setAll, setRegister } from '../registers.ts';
import { type Context, changedPhase } from './context.ts';

/** A sub-phase is named by its phase and name: recording it again updates it. */
export function foldSubPhase(context: Context, event: EventOf<'subphase.recorded'>): void {
  const phase = changedPhase(context, event.phase_id);
  if (phase === null) return;
  let sub = phase.sub_phases.get(event.name);
  if (!sub) {
    if (phase.sub_phases.size >= LIMITS.subPhases) return drop(context.job, 'sub_phases');
    sub = { name: event.name, fields: new Map(), metrics: new Map(), recorded_at: 0, seq: 0 };
    phase.sub_phases.set(event.name, sub);
  }
  for (const key of ['status', 'started_at', 'duration_ms'] as const)
    setRegister(sub.fields, key, event[key], event);
  setAll(sub.metrics, event.metrics, event);
  sub.recorded_at = Math.max(sub.recorded_at, event.time);
  sub.seq = context.entry.seq;
}
