/** What a phase waited for before it began: for what it depends on, and then for its own start. */
import type { PhaseRecord } from '../service/protocol/record.ts';
import { timesOfPhase } from './phaseTimes.ts';
import type { Span } from './timeScale.ts';

/** Times are epoch milliseconds. */
export interface Waits {
  /** While only `by` kept it from starting: the last of several dependencies, or what it still waits for. */
  blocked: { span: Span; by: readonly string[] } | null;
  /** Ready, and not started. `after` ended last before it; null: ready since the job began. */
  ready: { span: Span; after: string | null } | null;
}

export interface WaitContext {
  phases: ReadonlyMap<string, PhaseRecord>;
  /** When the job began, and when the first of its phases ended, epoch milliseconds; Infinity while none has. */
  begin: number;
  firstEnd: number;
  now: number;
  /** When a job still runs, its waiting phases wait until now. */
  running: boolean;
  /** Some phase of the job declares what it depends on: one that declares nothing then could begin with the job. */
  declares: boolean;
}

const NONE: Waits = { blocked: null, ready: null };

export function waitsOf(phase: PhaseRecord, context: WaitContext): Waits {
  const { start } = timesOfPhase(phase);
  if (start === null && !(context.running && phase.status === 'PENDING')) return NONE;
  const until = start ?? context.now;
  const ends = endsOf(phase, context.phases);
  if (ends.length === 0) return context.declares ? sinceBegin(until, context) : NONE;
  const open = ends.filter(({ end }) => end === null).map(({ id }) => id);
  if (open.length > 0) return start === null ? waitingFor(open, ends, context) : NONE;
  return afterAll(ends as readonly Ended[], until, context);
}

interface Dependency {
  id: string;
  /** Null while it has not ended. */
  end: number | null;
}
type Ended = Dependency & { end: number };

/** A dependency that nobody knows, or that was left out without a time, keeps nobody waiting. */
function endsOf(phase: PhaseRecord, phases: WaitContext['phases']): Dependency[] {
  return phase.depends_on.flatMap((id): Dependency[] => {
    const record = phases.get(id);
    if (record === undefined) return [];
    const { end } = timesOfPhase(record);
    const left = end === null && (record.status === 'SKIPPED' || record.status === 'CANCELLED');
    return left ? [] : [{ id, end }];
  });
}

/** Only for those that were first: later ones waited for something that nobody declared. */
function sinceBegin(until: number, { begin, firstEnd }: WaitContext): Waits {
  if (firstEnd <= until) return NONE;
  return { blocked: null, ready: spanOrNull(begin, until, null) };
}

function waitingFor(
  open: readonly string[],
  ends: readonly Dependency[],
  { begin, now }: WaitContext,
): Waits {
  const from = ends.reduce((latest, { end }) => Math.max(latest, end ?? begin), begin);
  return { blocked: { span: { from, to: Math.max(from, now) }, by: open }, ready: null };
}

function afterAll(ends: readonly Ended[], until: number, { begin }: WaitContext): Waits {
  const [last, before] = [...ends].sort((a, b) => b.end - a.end) as [Ended, Ended?];
  const alone = before && spanOf(Math.max(begin, before.end), Math.min(last.end, until));
  return {
    blocked: alone ? { span: alone, by: [last.id] } : null,
    ready: spanOrNull(last.end, until, last.id),
  };
}

function spanOrNull(from: number, to: number, after: string | null): Waits['ready'] {
  const span = spanOf(from, to);
  return span && { span, after };
}

function spanOf(from: number, to: number): Span | null {
  return to > from ? { from, to } : null;
}
