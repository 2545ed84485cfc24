import type { EventOf } from '../../protocol/event.ts';
import { type Mark, addMark } from '../marks.ts';
import { phaseOf } from '../model.ts';
import { setAll, setRegister } from '../registers.ts';
import { type Context, touchAllPhases, knownFields, unknownFields } from './context.ts';

const REGISTERS = [
  'name',
  'pipeline',
  'kind',
  'submitted_at',
  'items_total',
  'source_file',
  'worker_id',
  'pid',
] as const;
const KNOWN = knownFields(
  ...REGISTERS,
  'attempt',
  'phases',
  'progress',
  'message',
  'error',
  'labels',
);

export function foldJobStarted(context: Context, event: EventOf<'job.started'>): void {
  const { job } = context;
  for (const key of REGISTERS) setRegister(job.fields, key, event[key], event);
  setAll(job.extra, unknownFields(event, KNOWN), event);
  event.phases?.forEach((declared, index) => {
    const phase = phaseOf(job, declared.phase_id);
    if (phase === null) return;
    // Beside what the phase says of itself, which wins.
    setRegister(phase.fields, 'declared_index', index, event);
    setRegister(phase.fields, 'declared_name', declared.name, event);
    setRegister(phase.fields, 'declared_depends_on', declared.depends_on, event);
  });
  mark(context, {
    time: event.time,
    id: event.id,
    kind: 'START',
    ...optionalAttempt(event.attempt),
  });
}

export function foldJobProgress({ job }: Context, event: EventOf<'job.progress'>): void {
  setRegister(job.fields, 'progress', event.progress, event);
  setRegister(job.fields, 'message', event.message, event);
  setAll(job.extra, unknownFields(event, KNOWN), event);
}

type JobEnd = EventOf<'job.completed' | 'job.failed' | 'job.cancelled'>;
const END_KINDS = {
  'job.completed': 'COMPLETED',
  'job.failed': 'FAILED',
  'job.cancelled': 'CANCELLED',
} as const;

export function foldJobEnded(context: Context, event: JobEnd): void {
  setAll(context.job.extra, unknownFields(event, KNOWN), event);
  const error = event.type === 'job.failed' ? event.error : undefined;
  mark(context, {
    time: event.time,
    id: event.id,
    kind: END_KINDS[event.type],
    ...(error ? { error } : {}),
  });
}

export function foldJobStalled({ job }: Context, event: EventOf<'job.stalled'>): void {
  job.silent_since = Math.max(job.silent_since, event.silent_since);
}

function mark(context: Context, value: Mark): void {
  if (addMark(context.job.marks, value)) touchAllPhases(context);
}

function optionalAttempt(attempt: number | undefined): { attempt?: number } {
  return attempt === undefined ? {} : { attempt };
}
