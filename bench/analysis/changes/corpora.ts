/** The recorded series with change points, as they lie beside the checkout; null where a recording is absent. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { corpus } from '../../../test/support/corpus.ts';
import type { Annotations } from './scores.ts';

export interface AnnotatedSeries {
  name: string;
  values: number[];
  /** Where each value stands in the whole series: values that were not measured are left out. */
  places: number[];
  length: number;
  annotations: Annotations;
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

interface TcpdFile {
  n_obs: number;
  n_dim: number;
  series: { raw: (number | null)[] }[];
}

/** The series of the Turing Change Point Dataset with one dimension, by name. */
export function tcpd(): AnnotatedSeries[] | null {
  const folder = corpus('changepoint', 'tcpd');
  if (!existsSync(folder)) return null;
  const annotations = json(join(folder, 'annotations.json')) as Record<string, Annotations>;
  const datasets = join(folder, 'datasets');
  return readdirSync(datasets)
    .sort()
    .flatMap((name): AnnotatedSeries[] => {
      const { n_obs, n_dim, series } = json(join(datasets, name, `${name}.json`)) as TcpdFile;
      if (n_dim !== 1) return [];
      const known = (series[0]?.raw ?? []).flatMap((value, place) =>
        value === null ? [] : [{ value, place }],
      );
      return [
        {
          ...{ name, length: n_obs, annotations: annotations[name] ?? {} },
          values: known.map(({ value }) => value),
          places: known.map(({ place }) => place),
        },
      ];
    });
}

export interface CountedSeries {
  name: string;
  values: number[];
  /** How many change points MongoDB's own tests ask for; null where they ask for no number. */
  expected: number | null;
}

/** Series of MongoDB's performance tests, with the counts that MongoDB's own tests assert of E-Divisive. */
export function mongodb(): CountedSeries[] | null {
  const folder = corpus('changepoint', 'mongodb-spa', 'tests', 'data');
  if (!existsSync(folder)) return null;
  const profiled = ['short', 'small', 'large'].map((name) => {
    const { series, expected } = json(join(folder, 'profiling', `${name}.json`)) as {
      series: number[];
      expected: number;
    };
    return { name: `${name}.json`, values: series, expected };
  });
  const plain = (name: string, expected: number | null) => ({
    ...{ name, expected },
    values: json(join(folder, name)) as number[],
  });
  return [plain('real_series.json', null), plain('long_series.json', 4), ...profiled];
}

/** One metric of a CSV file of Apache Otava with the change that its manual shows. */
export function otavaSample(): { name: string; values: number[]; expected: number[] }[] | null {
  const file = corpus('changepoint', 'otava', 'tests', 'resources', 'sample.csv');
  if (!existsSync(file)) return null;
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const column = (at: number) => rows.map((row) => Number(row.split(',')[at]));
  return [
    { name: 'sample.csv, metric1', values: column(2), expected: [] },
    { name: 'sample.csv, metric2', values: column(3), expected: [6] },
  ];
}

export interface TigerBeetle {
  values: number[];
  /** The lists that Otava's tests assert, each with the p-value it was asked for. */
  asserted: { p: number; points: number[] }[];
}

const TIGERBEETLE = 'tigerbeetle_test.py';

/**
 * Otava's TigerBeetle series out of its test file: beside the other files of Otava, or where PIPESCOPE_TIGERBEETLE says.
 * The lists are those asked for without a least size.
 */
export function tigerBeetle(): TigerBeetle | null {
  const file =
    process.env['PIPESCOPE_TIGERBEETLE'] ?? corpus('changepoint', 'otava', 'tests', TIGERBEETLE);
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  const numbers = (list: string) => list.split(',').map(Number);
  const tests = /max_pvalue=([\d.]+), min_magnitude=0\.0\)[\s\S]*?indexes == \[([\d, ]+)\]/g;
  return {
    values: numbers(/return \[([\d., ]+)\]/.exec(text)?.[1] ?? ''),
    asserted: [...text.matchAll(tests)].map(([, p, list]) => ({
      ...{ p: Number(p), points: numbers(list ?? '') },
    })),
  };
}
