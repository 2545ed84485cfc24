/** A run as a forecast sees it: what it did by now, and what others did. Times are epoch milliseconds. */
import type { PastTime } from './usualTime.ts';

export interface PhaseNow {
  phase_id: string;
  /** `open`: it has not begun. `gone`: it will not run. */
  state: 'open' | 'running' | 'ended' | 'gone';
  started_at: number | null;
  ended_at: number | null;
  /** 0 to 1, of what runs; null where it is not known. */
  progress: number | null;
  /** Items or bytes it has to do; null where it is not told. */
  size: number | null;
  depends_on: readonly string[];
}

export interface RunNow {
  now: number;
  started_at: number;
  /** As the pipeline told it itself, 0 to 1; null where it told none. */
  progress: number | null;
  /** What it had told about half as long ago as it runs; null where that is not known. */
  earlier: { time: number; progress: number } | null;
  size: number | null;
  /** True where the run said at its begin which phases it has. */
  planned: boolean;
  phases: readonly PhaseNow[];
}

/** Runs of the same pipeline before it. */
export interface PastRuns {
  /** How long whole runs took that were completed, oldest first. */
  totals: readonly PastTime[];
  phases: ReadonlyMap<string, PastPhase>;
  /** Which phase waited for which, where the pipeline does not declare it. */
  edges: readonly { from: string; to: string }[];
  /** Most phases that were seen to run at once; null where no run is known. */
  parallel: number | null;
  /** Milliseconds from the end of the last phase to that of the run, oldest first. */
  tails: readonly number[];
}

export interface PastPhase {
  /** Oldest first. */
  times: readonly PastTime[];
  /** Milliseconds between when it could have begun and when it did, oldest first. */
  waits: readonly number[];
  /** Share of the newest runs in which it was seen, 0 to 1. */
  seen: number;
}

export const NO_PAST: PastRuns = {
  totals: [],
  phases: new Map(),
  edges: [],
  parallel: null,
  tails: [],
};
