/** When a phase began and ended as numbers: read from a record once, however often it is drawn. */
import type { PhaseRecord } from '../service/protocol/record.ts';
import { isEnded } from '../service/protocol/states.ts';

/** Epoch milliseconds; `end` is null while it runs, and is never before `start`: clocks jump. */
export interface PhaseTimes {
  start: number | null;
  end: number | null;
}

const cache = new WeakMap<PhaseRecord, PhaseTimes>();

export function timesOfPhase(phase: PhaseRecord): PhaseTimes {
  const known = cache.get(phase);
  if (known !== undefined) return known;
  const times = read(phase);
  cache.set(phase, times);
  return times;
}

function read(phase: PhaseRecord): PhaseTimes {
  const start = parse(phase.started_at);
  const told = parse(phase.ended_at);
  const end = told ?? (isEnded(phase.status) ? afterStart(phase, start) : null);
  return { start, end: start === null || end === null ? end : Math.max(start, end) };
}

/** An end that no event told follows from the time it took. */
function afterStart(phase: PhaseRecord, start: number | null): number | null {
  return start === null ? null : start + (phase.execution_time_ms ?? 0);
}

function parse(time: string | null): number | null {
  if (time === null) return null;
  const ms = Date.parse(time);
  return Number.isFinite(ms) ? ms : null;
}
