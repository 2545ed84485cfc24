/** What was known of a recorded run at a moment, and of those before it. Nothing later than the moment is looked at. */
import {
  type PastRun,
  pastRuns,
  structureOf,
} from '../../../service/analysis/expected/pastRuns.ts';
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

/** Runs of the same pipeline that had begun before, with what they had done by then. */
export function pastAt(traces: readonly Trace[], trace: Trace, now: number): PastRuns {
  const before = traces
    .filter((one) => one !== trace && one.pipeline === trace.pipeline && one.begin <= now)
    .map((one) => pastRun(one, now))
    .filter(({ over, phases }) => over || phases.size > 0);
  const end = (run: PastRun) => Math.max(...[...run.phases.values()].map((one) => one.ended_at));
  before.sort((a, b) => end(a) - end(b));
  const declared = new Map(
    trace.phases.filter(({ after }) => after.length > 0).map(({ id, after }) => [id, after]),
  );
  return pastRuns(before, structureOf(before, declared));
}

function pastRun({ name, begin, end, size, phases }: Trace, now: number): PastRun {
  const over = end <= now;
  const spans = phases.flatMap((phase) => {
    const { id, start, end: ended_at } = phase;
    const span = { started_at: start, ended_at, completed: true, size: phase.size };
    return ended_at <= now ? [[id, span] as const] : [];
  });
  return {
    ...{ job_id: name, over, total_ms: over ? end - begin : null, started_at: begin },
    ...{ ended_at: over ? end : null, size, labels: {}, phases: new Map(spans) },
  };
}
