/**
 * The numbers of the forecasts: one set for all pipelines, set on the recordings of bench/analysis/eta.ts. Spreads are
 * standard deviations of the natural logarithm of durations (0.3 is about 35 % up or 26 % down).
 */
export const PARAMETERS = {
  /** Newest executions that count, and after how many one counts half. */
  mostRuns: 20,
  halfLife: 10,
  /** The spread that is expected before any run is known, and as how many runs that counts. */
  priorSpread: 0.3,
  priorRuns: 1.5,
  /** How much of the differences between runs is shared by all phases of one: the whole run is slow, or quick. */
  shared: 0.4,
  /** As how much evidence it counts that a run is as quick as others. */
  paceInertia: 1,
  /** Spread of a duration that progress alone tells of, when it has just begun. */
  progressSpread: 0.9,
  /** Weight of the speed since the middle of a run against that since its begin, 0 to 1. */
  recentSpeed: 0.5,
  /** Spread of phases of which nothing is known but the others. */
  unknownSpread: 0.9,
  /** Waits change with what else goes on: so many of the newest count. */
  newestWaits: 4,
  /** What waits longer than was ever seen goes on waiting for this share of it. */
  overdueWait: 0.3,
  /** Runs to come of how many runs have been measured against their range before that counts as much as the default. */
  calibrationInertia: 5,
  /** The default: by what factor ranges were too narrow on the recordings. */
  width: 1.3,
};
