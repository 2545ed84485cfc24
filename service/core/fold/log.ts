import type { EventOf } from '../../protocol/event.ts';
import { type Context, addLog, changedPhase, knownFields, unknownFields } from './context.ts';

const KNOWN = knownFields('level', 'message', 'worker_id', 'details');

export function foldLog(context: Context, event: EventOf<'log.recorded'>): void {
  const phase = changedPhase(context, event.phase_id);
  if (phase && event.level === 'error') phase.error_count++;
  if (phase && event.level === 'warning') phase.warning_count++;
  addLog(context, {
    id: event.id,
    time: event.time,
    level: event.level,
    message: event.message,
    phase_id: event.phase_id ?? null,
    worker_id: event.worker_id ?? null,
    details: { ...event.details, ...unknownFields(event, KNOWN) },
    error: null,
    seq: context.entry.seq,
  });
}
