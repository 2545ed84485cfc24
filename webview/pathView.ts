/** The critical path of a run, as the service told it. */
import type { CriticalPathRecord } from '../service/protocol/criticalPath.ts';

export interface PathStep {
  phaseId: string;
  /** Milliseconds of the run that it accounts for, and the same as a share of the run, 0 to 1. */
  ms: number;
  share: number;
}

export interface PathView {
  /** In the order of time; never empty. */
  steps: readonly PathStep[];
  /** The same set until another path is known. */
  ids: ReadonlySet<string>;
  /** Milliseconds of all steps together, and of the run. */
  ms: number;
  total: number;
  method: CriticalPathRecord['method'];
}

/** Null where no phase has begun. */
export function pathView(record: CriticalPathRecord): PathView | null {
  const { path, path_ms: ms, length_ms: total, method } = record;
  if (path.length === 0) return null;
  const steps = path.map(({ phase_id: phaseId, ms: own, share }) => ({ phaseId, ms: own, share }));
  return { steps, ids: new Set(steps.map(({ phaseId }) => phaseId)), ms, total, method };
}

/** The same so many milliseconds later, in which its last phase has gone on. */
export function grown(view: PathView, by: number): PathView {
  if (by <= 0) return view;
  const total = view.total + by;
  const last = view.steps.length - 1;
  const steps = view.steps.map(({ phaseId, ms }, at) => {
    const own = at === last ? ms + by : ms;
    return { phaseId, ms: own, share: own / total };
  });
  return { ...view, steps, ms: view.ms + by, total };
}
