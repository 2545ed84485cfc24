/** The timeline's rows and bars, in milliseconds since the job began. */
import type { JobRecord, PhaseRecord, SubPhaseRecord } from '../../../service/protocol/record.ts';
import { isEnded, type Status } from '../../../service/protocol/states.ts';
import { endOfRun } from '../../runSpan.ts';
import type { Span } from '../../timeScale.ts';
import type { View } from '../../view.ts';

export type Row =
  /** `open` says whether its sub-phases are shown; null where there is nothing to fold. */
  | { kind: 'phase'; id: string; phase: PhaseRecord; open: boolean | null }
  | { kind: 'sub'; id: string; phase: PhaseRecord; sub: SubPhaseRecord };

export interface Bar {
  status: Status;
  /** Null while there is nothing to draw: not started, or no time known. */
  span: Span | null;
  /** From when it could have started until it did. */
  waiting: Span | null;
}

export type SubPhasesOf = (phaseId: string) => readonly SubPhaseRecord[];

/** Rows that are seen without scrolling. */
export const ROWS_IN_SIGHT = 16;

/** Each phase with its sub-phases below it, as far as their times are known; all of them where all are in sight. */
export function rowsOf(
  phases: readonly PhaseRecord[],
  subPhasesOf: SubPhasesOf,
  folds: View['subPhases'],
): Row[] {
  const all = phases.map((phase) => ({ phase, subs: timedSubs(phase, subPhasesOf) }));
  const count = all.reduce((sum, { subs }) => sum + 1 + subs.length, 0);
  const except = new Set(folds.except);
  return all.flatMap(({ phase, subs }): Row[] => {
    const folding = subs.length > 0 && count > ROWS_IN_SIGHT;
    const open = folding ? folds.shown !== except.has(phase.phase_id) : null;
    return [{ kind: 'phase', id: phase.phase_id, phase, open }, ...(open === false ? [] : subs)];
  });
}

function timedSubs(phase: PhaseRecord, subPhasesOf: SubPhasesOf): Row[] {
  return subPhasesOf(phase.phase_id)
    .filter((sub) => startOfSub(sub) !== null)
    .map((sub) => ({ kind: 'sub', id: `${phase.phase_id}\n${sub.name}`, phase, sub }));
}

/** From 0 to the last end, or to now while it runs, with some room for the words behind the last bar. */
export function extentOf(
  job: JobRecord,
  phases: readonly PhaseRecord[],
  origin: number,
  now: number,
): Span {
  const last = endOfRun(job, phases, now) ?? origin;
  return { from: 0, to: Math.max(100, last - origin) * 1.06 };
}

export interface Context {
  origin: number;
  now: number;
  /** When a job still runs, its waiting phases wait until now. */
  running: boolean;
  phases: ReadonlyMap<string, PhaseRecord>;
}

export function barOf(row: Row, context: Context): Bar {
  return row.kind === 'phase' ? phaseBar(row.phase, context) : subBar(row.sub, context);
}

function phaseBar(phase: PhaseRecord, context: Context): Bar {
  const start = phase.started_at === null ? null : Date.parse(phase.started_at);
  const span = start === null ? null : since(start, endOf(phase, start, context.now), context);
  return { status: phase.status, span, waiting: waitingOf(phase, start, context) };
}

function endOf(phase: PhaseRecord, start: number, now: number): number {
  if (phase.ended_at !== null) return Date.parse(phase.ended_at);
  return isEnded(phase.status) ? start + (phase.execution_time_ms ?? 0) : now;
}

function subBar(sub: SubPhaseRecord, context: Context): Bar {
  const start = startOfSub(sub);
  if (start === null) return { status: sub.status, span: null, waiting: null };
  const end =
    sub.duration_ms === null && sub.status === 'RUNNING'
      ? context.now
      : start + (sub.duration_ms ?? 0);
  return { status: sub.status, span: since(start, end, context), waiting: null };
}

/** A sub-phase that only says how long it took is taken to have ended when it was recorded. */
function startOfSub(sub: SubPhaseRecord): number | null {
  if (sub.started_at !== null) return Date.parse(sub.started_at);
  return sub.duration_ms === null ? null : Date.parse(sub.recorded_at) - sub.duration_ms;
}

/** From the end of the last phase it depends on; only where dependencies are known and all done. */
function waitingOf(phase: PhaseRecord, start: number | null, context: Context): Span | null {
  if (phase.depends_on.length === 0) return null;
  if (start === null && (!context.running || phase.status !== 'PENDING')) return null;
  let ready = -Infinity;
  for (const id of phase.depends_on) {
    const ended = context.phases.get(id)?.ended_at ?? null;
    if (ended === null) return null;
    ready = Math.max(ready, Date.parse(ended));
  }
  const until = start ?? context.now;
  return until > ready ? since(ready, until, context) : null;
}

function since(from: number, to: number, { origin }: Context): Span {
  return { from: from - origin, to: Math.max(from, to) - origin };
}
