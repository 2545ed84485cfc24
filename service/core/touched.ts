/** Which records the folding of entries changed: what the judge looks at and the hub sends. */
import type { Definition } from '../protocol/event.ts';

export interface Touched {
  jobs: Set<string>;
  /** job id -> ids of its changed phases. */
  phases: Map<string, Set<string>>;
  alerts: Set<string>;
  workers: Set<string>;
  tasks: Set<string>;
  queues: Set<string>;
  /** Proposals that were made, decided, answered or measured. */
  optimizations: Set<string>;
  /** Kinds of what changed about alerting: `rule`, `channel`, `silence`, `notification`. */
  definitions: Set<Definition | 'notification'>;
  /** Jobs that were removed, with everything they held. */
  removedJobs: Set<string>;
  removedAlerts: Set<string>;
  removedWorkers: Set<string>;
  removedTasks: Set<string>;
}

export function newTouched(): Touched {
  return {
    jobs: new Set(),
    phases: new Map(),
    alerts: new Set(),
    workers: new Set(),
    tasks: new Set(),
    queues: new Set(),
    optimizations: new Set(),
    definitions: new Set(),
    removedJobs: new Set(),
    removedAlerts: new Set(),
    removedWorkers: new Set(),
    removedTasks: new Set(),
  };
}

export function touchPhase(touched: Touched, job_id: string, phase_id: string): void {
  const phases = touched.phases.get(job_id);
  if (phases) phases.add(phase_id);
  else touched.phases.set(job_id, new Set([phase_id]));
}

/** Adds the jobs, phases, workers and queues of `from`: what a judge has still to look at. */
export function addSubjects(touched: Touched, from: Touched): void {
  for (const job_id of from.jobs) touched.jobs.add(job_id);
  for (const id of from.workers) touched.workers.add(id);
  for (const id of from.removedWorkers) touched.removedWorkers.add(id);
  for (const name of from.queues) touched.queues.add(name);
  for (const [job_id, phases] of from.phases)
    for (const phase_id of phases) touchPhase(touched, job_id, phase_id);
}

export function isUntouched(touched: Touched): boolean {
  const { jobs, alerts, workers, tasks, queues, optimizations, definitions, ...removed } = touched;
  const { removedJobs, removedAlerts, removedWorkers, removedTasks } = removed;
  const records = [jobs, alerts, workers, tasks, queues, optimizations, definitions];
  const gone = [removedJobs, removedAlerts, removedWorkers, removedTasks];
  return [...records, ...gone].every(({ size }) => size === 0);
}
