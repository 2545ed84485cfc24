/** Stretches of a run in which no phase ran, and why, as far as the records tell. */
import type { WorkerRecord } from '../../../service/protocol/domain.ts';
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import type { Span } from '../../timeScale.ts';

export type GapReason =
  /** The job had begun, its first phase had not. */
  | { kind: 'before_first'; next: string }
  /** `next` could have begun: what it depends on had ended. Null where it declares nothing. */
  | { kind: 'between'; previous: string; next: string; ready: boolean }
  /** All phases were done, the job was not. */
  | { kind: 'after_last'; previous: string }
  /** Nothing runs now though `next` could. */
  | { kind: 'not_started'; next: string }
  /** Nothing runs now: `next` waits for `by`, which will not end any more or has not begun. */
  | { kind: 'blocked'; next: string; by: string }
  | { kind: 'idle' }
  /** Nothing was heard of the job since. */
  | { kind: 'silent' }
  | { kind: 'offline'; worker: string };

/** Epoch milliseconds. */
export interface Gap extends Span {
  reason: GapReason;
}

export interface GapContext {
  job: JobRecord;
  phases: readonly PhaseRecord[];
  byId: ReadonlyMap<string, PhaseRecord>;
  /** From when to when the run is looked at. */
  run: Span;
  /** The present; for a silent job it is after the end of `run`. */
  now: number;
  worker: (id: string) => WorkerRecord | undefined;
}

/** Shorter ones are the time between two events. */
const SHORTEST_MS = 50;
const SHORTEST_SHARE = 0.001;

/** In the order of time. O(n log n) for n phases. */
export function gapsOf(context: GapContext): Gap[] {
  const { job, run, now } = context;
  const least = Math.max(SHORTEST_MS, (run.to - run.from) * SHORTEST_SHARE);
  const gaps = holes(context).flatMap((hole): Gap[] => {
    if (hole.to - hole.from < least) return [];
    return [{ from: hole.from, to: hole.to, reason: reasonOf(hole, context) }];
  });
  if (job.status === 'STALE' && now > run.to)
    gaps.push({ from: run.to, to: now, reason: { kind: 'silent' } });
  return gaps;
}

interface Hole extends Span {
  previous: PhaseRecord | null;
  next: PhaseRecord | null;
}

interface Ran extends Span {
  phase: PhaseRecord;
}

function holes({ phases, run }: GapContext): Hole[] {
  const ran = phases
    .flatMap((phase): Ran[] => {
      const { start, end } = timesOfPhase(phase);
      return start === null ? [] : [{ phase, from: start, to: end ?? Math.max(start, run.to) }];
    })
    .sort((a, b) => a.from - b.from || a.phase.index - b.phase.index);
  const found: Hole[] = [];
  let until = run.from;
  let previous: PhaseRecord | null = null;
  for (const { phase, from, to } of ran) {
    if (from > until) found.push({ from: until, to: from, previous, next: phase });
    if (to >= until || previous === null) [until, previous] = [Math.max(until, to), phase];
  }
  if (run.to > until) found.push({ from: until, to: run.to, previous, next: null });
  return found;
}

function reasonOf(hole: Hole, context: GapContext): GapReason {
  const { previous, next } = hole;
  if (next === null) return lastReason(hole, context);
  if (previous === null) return { kind: 'before_first', next: next.phase_id };
  const ready = next.depends_on.length > 0 && openOf(next, context, hole.from) === null;
  return { kind: 'between', previous: previous.phase_id, next: next.phase_id, ready };
}

/** Why nothing runs at the end, or did not any more. */
function lastReason({ previous, to }: Hole, context: GapContext): GapReason {
  const { job, phases } = context;
  if (isEnded(job.status))
    return previous === null
      ? { kind: 'idle' }
      : { kind: 'after_last', previous: previous.phase_id };
  const worker = offlineWorker(previous, context);
  if (worker !== null) return { kind: 'offline', worker };
  const pending = phases.filter(({ status }) => status === 'PENDING');
  const ready = pending.find((phase) => openOf(phase, context, to) === null);
  if (ready !== undefined) return { kind: 'not_started', next: ready.phase_id };
  const [next] = pending;
  const by = next && openOf(next, context, to);
  return next && by ? { kind: 'blocked', next: next.phase_id, by } : { kind: 'idle' };
}

/** A dependency that had not ended well at a time; null where nothing keeps the phase from starting. */
function openOf(phase: PhaseRecord, { byId }: GapContext, time: number): string | null {
  for (const id of phase.depends_on) {
    const other = byId.get(id);
    if (other === undefined || other.status === 'SKIPPED') continue;
    const { end } = timesOfPhase(other);
    if (end === null || end > time || other.status === 'FAILED') return id;
  }
  return null;
}

function offlineWorker(previous: PhaseRecord | null, { job, worker }: GapContext): string | null {
  const id = previous?.worker_id ?? job.worker_id;
  return id !== null && worker(id)?.state === 'OFFLINE' ? id : null;
}
