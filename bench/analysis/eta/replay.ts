/** What was known of a recorded run at a moment, and of those before it. Nothing later than the moment is looked at. */
import { type PastRun, pastRuns } from '../../../service/analysis/expected/pastRuns.ts';
import type { PastRuns, PhaseNow, RunNow } from '../../../service/analysis/expected/run.ts';
import type { Trace, TracePhase } from './trace.ts';

export function runAt(trace: Trace, now: number): RunNow {
  const { begin, planned, size, progress } = trace;
  const phases = trace.phases.filter(({ start }) => planned || start <= now);
  const told = progress.findLast(({ time }) => time <= now);
  const half = progress.findLast(({ time }) => time <= (begin + now) / 2);
  const earlier = half ? { time: half.time, progress: half.share } : null;
  return {
    ...{ now, started_at: begin, planned, size, progress: told?.share ?? null, earlier },
    phases: phases.map((phase) => phaseAt(phase, now)),
  };
}

function phaseAt({ id, start, end, after, size, tasks }: TracePhase, now: number): PhaseNow {
  const common = { phase_id: id, size, depends_on: after };
  if (start > now)
    return { ...common, state: 'open', started_at: null, ended_at: null, progress: null };
  if (end <= now)
    return { ...common, state: 'ended', started_at: start, ended_at: end, progress: 1 };
  const done = tasks.filter((time) => time <= now).length;
  const progress = tasks.length > 1 ? done / tasks.length : null;
  return { ...common, state: 'running', started_at: start, ended_at: null, progress };
}

/** Runs of the same pipeline that had ended by then. */
export function pastAt(traces: readonly Trace[], trace: Trace, now: number): PastRuns {
  const before = traces.filter(
    (one) => one !== trace && one.pipeline === trace.pipeline && one.end <= now,
  );
  before.sort((a, b) => a.end - b.end);
  const declared = new Map(
    trace.phases.filter(({ after }) => after.length > 0).map(({ id, after }) => [id, after]),
  );
  return pastRuns(before.map(pastRun), () => 1, declared);
}

function pastRun({ begin, end, size, phases }: Trace): PastRun {
  const spans = phases.map((phase) => {
    const { id, start, end: ended_at } = phase;
    return [id, { started_at: start, ended_at, completed: true, size: phase.size }] as const;
  });
  return {
    ...{ total_ms: end - begin, started_at: begin, ended_at: end, size },
    phases: new Map(spans),
  };
}
