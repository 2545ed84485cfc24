import type { ErrorDetails, EventOf } from '../../protocol/event.ts';
import { type EndKind, addMark } from '../marks.ts';
import type { PhaseState } from '../model.ts';
import { setAll, setRegister } from '../registers.ts';
import { addArtifact } from './artifact.ts';
import { type Context, addLog, changedPhase, knownFields, unknownFields } from './context.ts';

const KNOWN = knownFields(
  'name',
  'depends_on',
  'items_total',
  'items_done',
  'worker_id',
  'progress',
  'message',
  'artifacts',
  'metrics',
  'error',
  'reason',
);

export function foldPhaseStarted(context: Context, event: EventOf<'phase.started'>): void {
  const phase = changedPhase(context, event.phase_id);
  if (phase === null) return;
  for (const key of ['name', 'depends_on', 'items_total', 'worker_id'] as const) {
    setRegister(phase.fields, key, event[key], event);
  }
  setAll(phase.extra, unknownFields(event, KNOWN), event);
  addMark(phase.marks, { time: event.time, id: event.id, kind: 'START' });
}

export function foldPhaseProgress(context: Context, event: EventOf<'phase.progress'>): void {
  const phase = changedPhase(context, event.phase_id);
  if (phase === null) return;
  setRegister(phase.fields, 'progress', event.progress, event);
  setRegister(phase.fields, 'items_done', event.items_done, event);
  setRegister(phase.fields, 'items_total', event.items_total, event);
  setRegister(phase.fields, 'message', event.message, event);
  phase.last_time = Math.max(phase.last_time, event.time);
  setAll(phase.extra, unknownFields(event, KNOWN), event);
}

export function foldPhaseCompleted(context: Context, event: EventOf<'phase.completed'>): void {
  const phase = end(context, event, 'COMPLETED');
  if (phase === null) return;
  setRegister(phase.fields, 'items_done', event.items_done, event);
  setAll(phase.metrics, event.metrics, event);
  for (const artifact of event.artifacts ?? []) {
    const path = typeof artifact === 'string' ? artifact : artifact.path;
    addArtifact(context, { path, phase, values: typeof artifact === 'string' ? {} : artifact });
  }
}

export function foldPhaseFailed(context: Context, event: EventOf<'phase.failed'>): void {
  const phase = end(context, event, 'FAILED');
  if (phase === null) return;
  phase.error_count++;
  const { message } = event.error;
  const place = { phase_id: event.phase_id, worker_id: null, details: {}, seq: context.entry.seq };
  addLog(context, {
    id: event.id,
    time: event.time,
    level: 'error',
    message,
    error: event.error,
    ...place,
  });
}

export function foldPhaseSkipped(context: Context, event: EventOf<'phase.skipped'>): void {
  end(context, event, 'SKIPPED');
}

export function foldPhaseCancelled(context: Context, event: EventOf<'phase.cancelled'>): void {
  end(context, event, 'CANCELLED');
}

interface PhaseEnd {
  id: string;
  time: number;
  phase_id: string;
  error?: ErrorDetails;
  reason?: string;
}

function end(context: Context, event: PhaseEnd, kind: EndKind): PhaseState | null {
  const phase = changedPhase(context, event.phase_id);
  if (phase === null) return null;
  const { id, time, error, reason } = event;
  setAll(phase.extra, unknownFields(context.entry.event, KNOWN), event);
  addMark(phase.marks, { time, id, kind, ...(error && { error }), ...(reason && { reason }) });
  return phase;
}
