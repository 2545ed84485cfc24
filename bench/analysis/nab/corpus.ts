/** Reads the files of the Numenta Anomaly Benchmark that lie beside the checkout, and what others reached on them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { ProfileName, Window } from './score.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/corpora/nab', import.meta.url));

/** One series. Times are epoch milliseconds, in the order of the file. */
export interface NabFile {
  name: string;
  times: number[];
  values: number[];
  windows: Window[];
}

/** A row of the published results of a file. */
export interface Published {
  detector: string;
  profile: ProfileName;
  file: string;
  score: number;
}

export function hasNab(): boolean {
  return existsSync(join(FOLDER, 'labels', 'combined_windows.json'));
}

/** All series with labels, in the order of their names. */
export function readNab(): NabFile[] {
  const labels = JSON.parse(read('labels', 'combined_windows.json')) as Record<string, Span[]>;
  return Object.keys(labels)
    .sort()
    .map((name) => readFile(name, labels[name] ?? []));
}

type Span = readonly [from: string, to: string];

function readFile(name: string, spans: readonly Span[]): NabFile {
  const rows = linesOf(read('data', name));
  const times = rows.map(([time]) => timeOf(time ?? ''));
  const windows = spans.map(([from, to]): Window => [
    times.indexOf(timeOf(from)),
    times.indexOf(timeOf(to)),
  ]);
  return { name, times, values: rows.map(([, value]) => Number(value)), windows };
}

/** Per file and profile what each detector reached at the threshold that was best for it on the whole benchmark. */
export function readPublished(): Published[] {
  return linesOf(read('reference', 'published-scores-per-file.csv')).map((row) => ({
    detector: row[0] ?? '',
    profile: row[1] as ProfileName,
    file: row[2] ?? '',
    score: Number(row[4]),
  }));
}

/** A row of what the windowed Gaussian said: its score, and what an alert there would earn or cost. */
export interface OracleRow {
  score: number;
  weights: Record<ProfileName, number>;
}

export function readOracle(name: string): OracleRow[] {
  const bytes = readFileSync(join(FOLDER, 'reference', 'windowedGaussian', `${name}.gz`));
  return linesOf(gunzipSync(bytes).toString('utf8')).map((row) => ({
    score: Number(row[2]),
    weights: {
      reward_low_FP_rate: Number(row[4]),
      reward_low_FN_rate: Number(row[5]),
      standard: Number(row[6]),
    },
  }));
}

function read(...path: string[]): string {
  return readFileSync(join(FOLDER, ...path), 'utf8');
}

function linesOf(text: string): string[][] {
  const lines = text.trim().split(/\r?\n/).slice(1);
  return lines.map((line) => line.split(','));
}

/** Times of the benchmark name no zone. */
function timeOf(text: string): number {
  return Date.parse(`${text.trim().replace(' ', 'T').slice(0, 19)}Z`);
}
