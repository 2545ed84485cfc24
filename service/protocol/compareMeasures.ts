/** By what runs are held against each other. Without schemas, so that a page can hold it. */

/** So many runs stand beside each other: more columns nobody reads. */
export const MOST_COMPARED = 6;

/** Of a phase: milliseconds, average percent of the machine, highest MB, items per second, and counts. */
export const PHASE_MEASURES = [
  ...(['time_ms', 'cpu_percent', 'memory_mb', 'throughput', 'items_done'] as const),
  ...(['error_count', 'warning_count', 'artifact_count'] as const),
] as const;
export type PhaseMeasure = (typeof PHASE_MEASURES)[number];

/** Of a run as a whole. */
export const RUN_MEASURES = [
  ...(['time_ms', 'cpu_percent', 'memory_mb', 'phases_total', 'phases_done'] as const),
  ...(['phases_failed', 'error_count', 'warning_count', 'artifact_count'] as const),
] as const;
export type RunMeasure = (typeof RUN_MEASURES)[number];

/** In what a phase differs: it is in one run only, it ended otherwise, it waits for others, it took longer... */
export const DIFFERS_IN = [
  ...(['added', 'removed', 'status', 'depends_on', 'time', 'memory', 'errors'] as const),
] as const;
export type DiffersIn = (typeof DIFFERS_IN)[number];
