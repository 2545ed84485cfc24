/** Which records the folding of entries changed: what the judge looks at and the hub sends. */

export interface Touched {
  jobs: Set<string>;
  /** job id -> ids of its changed phases. */
  phases: Map<string, Set<string>>;
  alerts: Set<string>;
  /** Jobs that were removed, with everything they held. */
  removedJobs: Set<string>;
  removedAlerts: Set<string>;
}

export function newTouched(): Touched {
  return {
    jobs: new Set(),
    phases: new Map(),
    alerts: new Set(),
    removedJobs: new Set(),
    removedAlerts: new Set(),
  };
}

export function touchPhase(touched: Touched, job_id: string, phase_id: string): void {
  const phases = touched.phases.get(job_id);
  if (phases) phases.add(phase_id);
  else touched.phases.set(job_id, new Set([phase_id]));
}

export function isUntouched(touched: Touched): boolean {
  return (
    touched.jobs.size +
      touched.alerts.size +
      touched.removedJobs.size +
      touched.removedAlerts.size ===
    0
  );
}
