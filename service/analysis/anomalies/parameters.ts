/**
 * The one set of parameters of the detector, for all series. Chosen by a random search over the 35 files of the Numenta
 * Anomaly Benchmark that lie beside the checkout: docs/analysis.md says what half of the files says of the other half.
 * Lengths are in points unless a name says otherwise.
 */
export const PARAMETERS = {
  spike: { memory: 12 },
  level: { short: 10, long: 60 },
  slow: { short: 16, long: 2500 },
  variance: { short: 12, long: 2500 },
  day: { minutes: 15, memory: 16, drift: 48 },
  pattern: { length: 6, every: 4, most: 60 },
  course: { length: 32, every: 7, most: 60 },
  surprise: { blocks: 640, least: 3, floor: 1, spread: 0.6, caution: 4, clip: 8 },
  /** Of spike, level, slow level, variance, time of day, its drift, pattern, course. */
  weights: [0.5, 0.7, 1, 0.5, 1.3, 1, 1, 0.7],
  /** Of the sum of surprises: nearer to 2 the strongest counts more, nearer to 1 all of them. */
  power: 1.5,
  threshold: 2,
  /** Points after an anomaly that are not another one. */
  rest: 30,
  /** Points without which nothing is found. */
  learning: 120,
  /** Points over which what was remembered after a start is trusted ever more. */
  recall: 60,
  /** Each anomaly makes the next one harder by `weight`, which fades over `memory` points. */
  debt: { weight: 0.2, memory: 8000, most: 10, silenced: 5 },
} as const;
