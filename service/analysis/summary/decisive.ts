/** The phases that a run waited for. */
import type { PhaseRecord } from '../../protocol/record.ts';
import { criticalPath, toldPhases } from '../expected/criticalPath.ts';

export interface TimedPhase {
  phase_id: string;
  /** Epoch milliseconds. */
  begin: number;
  end: number;
}

/** Ended phases with a known start, in no order. */
export function timedPhases(phases: readonly PhaseRecord[]): TimedPhase[] {
  return phases.flatMap(({ phase_id, started_at, ended_at }): TimedPhase[] => {
    if (started_at === null || ended_at === null) return [];
    const [begin, end] = [Date.parse(started_at), Date.parse(ended_at)];
    return Number.isFinite(begin) && Number.isFinite(end) && end >= begin
      ? [{ phase_id, begin, end }]
      : [];
  });
}

/** The critical path of a run that has ended, first phase first. What ran beside it did not make the run longer. */
export function decisiveChain(phases: readonly PhaseRecord[]): TimedPhase[] {
  const timed = new Map(timedPhases(phases).map((phase) => [phase.phase_id, phase]));
  // Those without a known end took no part, but what depends on them may depend on others through them.
  const told = toldPhases(phases).map((one) =>
    timed.has(one.phase_id) ? one : { ...one, start: null },
  );
  const path = criticalPath(told, { begin: Infinity, now: -Infinity });
  return (path?.steps ?? []).flatMap(({ phase_id }) => timed.get(phase_id) ?? []);
}
