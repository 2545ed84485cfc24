/** The phases of a run that took most of it, and those that waited longest. */
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import { phaseMs } from '../../format.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import { endOfRun, originOf } from '../../runSpan.ts';
import type { Span } from '../../timeScale.ts';
import { type WaitContext, waitsOf } from '../../phaseWaits.ts';

/** More would be the table of phases. */
const MOST = 5;

export interface SlowPhase {
  phase: PhaseRecord;
  /** Milliseconds. */
  ms: number;
  /** Of the run's time, 0 to 1; null where the run has none. Phases side by side are more than 1 together. */
  share: number | null;
}

export interface WaitingPhase {
  phase: PhaseRecord;
  /** Milliseconds before it began: for what it depends on, and then for its own start. */
  blocked: number;
  ready: number;
  /** What it waited for last; empty where it was ready from the begin. */
  by: readonly string[];
}

export interface Slowest {
  byShare: readonly SlowPhase[];
  byWait: readonly WaitingPhase[];
}

export interface RunOfPhases {
  job: JobRecord;
  phases: readonly PhaseRecord[];
  byId: ReadonlyMap<string, PhaseRecord>;
  /** Epoch milliseconds. */
  now: number;
}

export function slowestOf(run: RunOfPhases): Slowest {
  const { job, phases, now } = run;
  const begin = originOf(job, phases);
  const end = endOfRun(job, phases, now);
  if (begin === null || end === null) return { byShare: [], byWait: [] };
  const total = end - begin;
  const slow = phases.flatMap((phase): SlowPhase[] => {
    const ms = phaseMs(phase, end);
    if (ms === null || ms <= 0) return [];
    return [{ phase, ms, share: total > 0 ? Math.min(1, ms / total) : null }];
  });
  const context = contextOf(run, begin);
  const waiting = phases.map((phase) => waitingOf(phase, context));
  return {
    byShare: greatest(slow, ({ ms }) => ms),
    byWait: greatest(
      waiting.filter(({ blocked, ready }) => blocked + ready > 0),
      ({ blocked, ready }) => blocked + ready,
    ),
  };
}

function contextOf({ job, phases, byId, now }: RunOfPhases, begin: number): WaitContext {
  const end = (phase: PhaseRecord): number => timesOfPhase(phase).end ?? Infinity;
  return {
    ...{ phases: byId, begin, now, running: job.status === 'RUNNING' },
    firstEnd: phases.reduce((least, phase) => Math.min(least, end(phase)), Infinity),
    declares: phases.some(({ depends_on }) => depends_on.length > 0),
  };
}

function waitingOf(phase: PhaseRecord, context: WaitContext): WaitingPhase {
  const { blocked, ready } = waitsOf(phase, context);
  const length = (span: Span | undefined): number => (span === undefined ? 0 : span.to - span.from);
  const after = ready?.after ?? null;
  return {
    ...{ phase, blocked: length(blocked?.span), ready: length(ready?.span) },
    by: blocked?.by ?? (after === null ? [] : [after]),
  };
}

/** A copy: the first ones, the greatest first. */
function greatest<T extends { phase: PhaseRecord }>(
  all: readonly T[],
  of: (one: T) => number,
): T[] {
  return [...all].sort((a, b) => of(b) - of(a) || a.phase.index - b.phase.index).slice(0, MOST);
}

/** Growing times are looked at this often. */
const EVERY_MS = 1_000;

/** Of thousands of phases it is found anew when a record changed, and each second while the run grows. */
export class SlowestCache {
  #key: readonly unknown[] = [];
  #slowest: Slowest = { byShare: [], byWait: [] };

  of(run: RunOfPhases): Slowest {
    const grows = run.job.status === 'RUNNING';
    const key = [run.phases, run.job, grows ? Math.floor(run.now / EVERY_MS) : 0];
    if (key.some((part, at) => part !== this.#key[at])) {
      this.#key = key;
      this.#slowest = slowestOf(run);
    }
    return this.#slowest;
  }
}
