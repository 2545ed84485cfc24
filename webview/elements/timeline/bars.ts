/** The timeline's rows and bars, in milliseconds since the job began. */
import type { JobRecord, PhaseRecord, SubPhaseRecord } from '../../../service/protocol/record.ts';
import type { Status } from '../../../service/protocol/states.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import { endOfRun } from '../../runSpan.ts';
import type { Span } from '../../timeScale.ts';
import type { View } from '../../view.ts';
import { type WaitContext, type Waits, waitsOf } from '../../phaseWaits.ts';

export type Row =
  /** `open` says whether its sub-phases are shown; null where there is nothing to fold. */
  | { kind: 'phase'; id: string; phase: PhaseRecord; open: boolean | null }
  | { kind: 'sub'; id: string; phase: PhaseRecord; sub: SubPhaseRecord };

export interface Bar {
  status: Status;
  /** Null while there is nothing to draw: not started, or no time known. */
  span: Span | null;
  /** What it waited for before that. */
  waits: Waits;
}

const NO_WAITS: Waits = { blocked: null, ready: null };

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
): { span: Span; until: number } {
  const until = endOfRun(job, phases, now) ?? origin;
  return { span: { from: 0, to: Math.max(100, until - origin) * 1.06 }, until };
}

export interface Context extends WaitContext {
  /** What 0 stands for, epoch milliseconds. */
  origin: number;
}

export function barOf(row: Row, context: Context): Bar {
  return row.kind === 'phase' ? phaseBar(row.phase, context) : subBar(row.sub, context);
}

function phaseBar(phase: PhaseRecord, context: Context): Bar {
  const { start, end } = timesOfPhase(phase);
  const span = start === null ? null : since(start, end ?? context.now, context);
  return { status: phase.status, span, waits: shifted(waitsOf(phase, context), context) };
}

function subBar(sub: SubPhaseRecord, context: Context): Bar {
  const start = startOfSub(sub);
  if (start === null) return { status: sub.status, span: null, waits: NO_WAITS };
  const end =
    sub.duration_ms === null && sub.status === 'RUNNING'
      ? context.now
      : start + (sub.duration_ms ?? 0);
  return { status: sub.status, span: since(start, end, context), waits: NO_WAITS };
}

/** A sub-phase that only says how long it took is taken to have ended when it was recorded. */
function startOfSub(sub: SubPhaseRecord): number | null {
  if (sub.started_at !== null) return Date.parse(sub.started_at);
  return sub.duration_ms === null ? null : Date.parse(sub.recorded_at) - sub.duration_ms;
}

function shifted({ blocked, ready }: Waits, context: Context): Waits {
  const move = ({ from, to }: Span): Span => since(from, to, context);
  return {
    blocked: blocked && { ...blocked, span: move(blocked.span) },
    ready: ready && { ...ready, span: move(ready.span) },
  };
}

function since(from: number, to: number, { origin }: Context): Span {
  return { from: from - origin, to: Math.max(from, to) - origin };
}
