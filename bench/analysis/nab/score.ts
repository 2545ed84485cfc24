/**
 * The score of the Numenta Anomaly Benchmark 1.1 (Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms",
 * ICMLA 2015; its rules as `nab/sweeper.py` of numenta/NAB applies them), written anew. A window counts once, the more the
 * earlier in it the first good alert comes; an alert outside costs, least just after a window.
 */

/** What a caught window, a false alert and a missed window weigh. */
export interface Profile {
  tp: number;
  fp: number;
  fn: number;
}

export const PROFILES = {
  standard: { tp: 1, fp: 0.11, fn: 1 },
  reward_low_FP_rate: { tp: 1, fp: 0.22, fn: 1 },
  reward_low_FN_rate: { tp: 1, fp: 0.11, fn: 2 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

/** First and last row of a labelled window. */
export type Window = readonly [first: number, last: number];

/** A file as it is scored: `alerts` says of each row whether the detector spoke. */
export interface Scored {
  windows: readonly Window[];
  alerts: readonly boolean[];
}

const PROBATION = 0.15;
const PROBATION_ROWS = 5000;

/** Rows at the start that nobody is judged by: 15 %, at most 750. */
export function probationOf(rows: number): number {
  return Math.min(Math.floor(PROBATION * rows), PROBATION * PROBATION_ROWS);
}

/** The raw score of a file: `-fn` a window for silence, `tp` a window for the perfect detector. */
export function rawScore({ windows, alerts }: Scored, profile: Profile): number {
  const probation = probationOf(alerts.length);
  const weights = rowWeights(windows, alerts.length, profile);
  const best = windows.map(() => -profile.fn);
  let wrong = 0;
  alerts.forEach((alert, row) => {
    if (!alert || row < probation) return;
    const weight = weights[row] ?? 0;
    const window = windows.findIndex(([first, last]) => row >= first && row <= last);
    if (window < 0) wrong += weight;
    else best[window] = Math.max(best[window] ?? 0, weight);
  });
  // A window that lies wholly in the probation can neither be caught nor missed.
  const judged = best.filter((_, i) => (windows[i]?.[1] ?? 0) >= probation);
  return wrong + judged.reduce((sum, one) => sum + one, 0);
}

/** What an alert on each row would earn or cost. */
export function rowWeights(windows: readonly Window[], rows: number, profile: Profile): number[] {
  const weights = new Array<number>(rows).fill(-profile.fp);
  windows.forEach(([first, last], i) => {
    const width = last - first + 1;
    for (let row = first; row <= last; row++) {
      weights[row] = (sigmoid(-(last - row + 1) / width) / sigmoid(-1)) * profile.tp;
    }
    const next = windows[i + 1]?.[0] ?? rows;
    for (let row = last + 1; row < next; row++) {
      weights[row] = sigmoid((row - last) / (width - 1)) * profile.fp;
    }
  });
  return weights;
}

/** All files in one number: 0 for the detector that says nothing, 100 for the perfect one. */
export function corpusScore(files: readonly Scored[], profile: Profile): number {
  const windows = files.reduce((sum, file) => sum + file.windows.length, 0);
  const raw = files.reduce((sum, file) => sum + rawScore(file, profile), 0);
  return normalised(raw, windows, profile);
}

/** A sum of raw scores as a share of the way from the silent detector to the perfect one, in percent. */
export function normalised(raw: number, windows: number, profile: Profile): number {
  const silent = -profile.fn * windows;
  return (100 * (raw - silent)) / (profile.tp * windows - silent);
}

function sigmoid(x: number): number {
  return x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1;
}
