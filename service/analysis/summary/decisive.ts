/** The phases that a run waited for. */
import type { PhaseRecord } from '../../protocol/record.ts';

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

/**
 * The chain that decided when the run ended, first phase first: the phase that ended last, before it the one that ended last
 * before that began, and so on (the critical path of what happened; Kelley and Walker, 1959). What ran beside it did not
 * make the run longer.
 */
export function decisiveChain(phases: readonly TimedPhase[]): TimedPhase[] {
  const left = [...phases].sort((a, b) => a.end - b.end || a.begin - b.begin);
  const chain: TimedPhase[] = [];
  let until = Infinity;
  for (const phase of left.reverse()) {
    if (phase.end > until) continue;
    chain.push(phase);
    until = phase.begin;
  }
  return chain.reverse();
}
