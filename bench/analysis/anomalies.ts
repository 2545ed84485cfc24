/** How well the detector finds the labelled anomalies of the Numenta Anomaly Benchmark. */
import { Detector } from '../../service/analysis/anomalies/detector.ts';
import { type NabFile, hasNab, readNab, readOracle, readPublished } from './nab/corpus.ts';
import {
  PROFILES,
  type ProfileName,
  type Scored,
  corpusScore,
  normalised,
  probationOf,
  rawScore,
} from './nab/score.ts';
import { type TopicResult, printWhenStarted } from './topic.ts';

const NAMES = Object.keys(PROFILES) as ProfileName[];
/** Beside ours, as they were published. */
const OTHERS: Record<string, string> = {
  ARTime: 'ARTime',
  contextOSE: 'CAD OSE',
  numenta: 'Numenta HTM',
  relativeEntropy: 'relative entropy',
  windowedGaussian: 'windowed Gaussian',
};

/** What a detector of ours says of each file, point by point. */
export function detect(files: readonly NabFile[]): Scored[] {
  return files.map(({ times, values, windows }) => {
    const detector = new Detector();
    const alerts = values.map((value, i) => {
      return detector.add(times[i] ?? 0, value)?.isAnomaly ?? false;
    });
    return { windows, alerts };
  });
}

export function run(): Promise<TopicResult> {
  return Promise.resolve(result());
}

function result(): TopicResult {
  const title =
    'Anomalies of the Numenta Anomaly Benchmark (NAB), 35 files. 0 is the detector that says nothing, 100 the perfect one.';
  const columns = ['detector', 'standard', 'low FP', 'low FN', 'windows found', 'false alerts'];
  if (!hasNab()) {
    return { title, columns, rows: [], notes: ['The recordings are not beside the checkout.'] };
  }
  const files = readNab();
  const scored = detect(files);
  const { found, windows, wrong } = hitsOf(scored);
  const own = NAMES.map((name) => corpusScore(scored, PROFILES[name]).toFixed(1));
  const rows = [['**Pipescope**', ...own, `${found} of ${windows}`, String(wrong)]];
  return { title, columns, rows: [...rows, ...publishedRows(windows)], notes: notesOf(files) };
}

function publishedRows(windows: number): string[][] {
  const published = readPublished();
  return Object.entries(OTHERS).map(([detector, title]) => {
    const scores = NAMES.map((name) => {
      const own = published.filter((row) => row.detector === detector && row.profile === name);
      const raw = own.reduce((sum, { score }) => sum + score, 0);
      return normalised(raw, windows, PROFILES[name]).toFixed(1);
    });
    return [title, ...scores, '', ''];
  });
}

function hitsOf(scored: readonly Scored[]) {
  const sums = { found: 0, windows: 0, wrong: 0 };
  for (const { windows, alerts } of scored) {
    const from = probationOf(alerts.length);
    const rows = alerts.flatMap((alert, row) => (alert && row >= from ? [row] : []));
    const isIn = (row: number, [first, last]: readonly [number, number]) =>
      row >= first && row <= last;
    sums.windows += windows.length;
    sums.found += windows.filter((window) => rows.some((row) => isIn(row, window))).length;
    sums.wrong += rows.filter((row) => !windows.some((window) => isIn(row, window))).length;
  }
  return sums;
}

/** How far our scorer is from the published scores of the windowed Gaussian, over all files and profiles. */
export function scorerError(files: readonly NabFile[]): number {
  const published = readPublished().filter(({ detector }) => detector === 'windowedGaussian');
  const errors = files.flatMap(({ name, windows }) => {
    const alerts = readOracle(name).map(({ score }) => score >= 1);
    return published
      .filter(({ file }) => file === name)
      .map(({ profile, score }) =>
        Math.abs(rawScore({ windows, alerts }, PROFILES[profile]) - score),
      );
  });
  return Math.max(...errors);
}

function notesOf(files: readonly NabFile[]): string[] {
  return [
    'The parameters were chosen on these files. Two searches of the same kind, for an earlier form of the detector and each over every other file only, reached 61.3 and 62.2 on the files that they did not see: that is nearer to what other data would give.',
    'The threshold is fixed in the code (a score of 0.9), each point is judged by those before it only, and labels are read by the scorer alone.',
    `The scorer is our own. Given what the windowed Gaussian said, it gives the published score of each file and profile, to ${scorerError(files).toExponential(0)}.`,
    'The other rows are the published results of these detectors on the same 35 files, each at the threshold that was best for it on the whole benchmark of 58 files. There, their standard scores are 74.9, 69.9, 70.1, 54.6 and 39.6.',
  ];
}

await printWhenStarted(import.meta.url, run);
