/**
 * How well ends are foretold: recorded runs, each stopped after 25, 50 and 75 % of its time, with what was known by then of
 * it and of the runs of the same pipeline that had ended before.
 *   node --import tsx bench/analysis/eta.ts
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scoreOf, widthOf, MOST_SCORES } from '../../service/analysis/expected/calibration.ts';
import { type Rest, restOf, widened } from '../../service/analysis/expected/forecast.ts';
import { bazelTraces, gitHubTraces, snakemakeTraces } from './eta/others.ts';
import { nextflowTraces } from './eta/nextflow.ts';
import { pastAt, runAt } from './eta/replay.ts';
import type { Trace } from './eta/trace.ts';
import { wfcommonsTraces } from './eta/wfcommons.ts';
import { type TopicResult, printWhenStarted } from './topic.ts';

const CORPORA = fileURLToPath(new URL('../../../shared/corpora', import.meta.url));
const SHARES = [0.25, 0.5, 0.75];

export interface Forecast {
  trace: Trace;
  share: number;
  /** Null where it says nothing. */
  rest: Rest | null;
  /** |predicted total - true total| / true total. */
  error: number;
  /** The same of what was left. */
  restError: number;
  inside: boolean;
}

export function readTraces(corpora = CORPORA): Trace[] {
  if (!existsSync(corpora)) return [];
  const all = [nextflowTraces, gitHubTraces, bazelTraces, wfcommonsTraces, snakemakeTraces];
  return all.flatMap((read) => read(corpora)).filter(({ begin, end }) => end - begin > 0);
}

/** In the order of the moments, so that no range is calibrated on what was not known yet. */
export function forecasts(traces: readonly Trace[]): Forecast[] {
  const made: Forecast[] = [];
  const byPipeline = new Map<string, Trace[]>();
  for (const trace of traces) {
    const held = byPipeline.get(trace.pipeline);
    if (held) held.push(trace);
    else byPipeline.set(trace.pipeline, [trace]);
  }
  for (const all of byPipeline.values()) made.push(...ofPipeline(all));
  return made;
}

function ofPipeline(traces: readonly Trace[]): Forecast[] {
  const moments = traces.flatMap((trace) =>
    SHARES.map((share) => ({ trace, share, now: trace.begin + share * (trace.end - trace.begin) })),
  );
  moments.sort((a, b) => a.now - b.now);
  const scores: { known: number; score: number }[] = [];
  return moments.map(({ trace, share, now }) => {
    const known = scores.filter((one) => one.known <= now).map(({ score }) => score);
    const [run, past] = [runAt(trace, now), pastAt(traces, trace, now)];
    const left = trace.end - now;
    const plain = restOf(run, past);
    if (plain !== null) scores.push({ known: trace.end, score: scoreOf(plain, left) });
    const width = widthOf(known.slice(-MOST_SCORES));
    return judged(trace, share, plain && widened(plain, width));
  });
}

function judged(trace: Trace, share: number, rest: Rest | null): Forecast {
  const total = trace.end - trace.begin;
  const left = total * (1 - share);
  if (rest === null)
    return { trace, share, rest, error: Number.NaN, restError: Number.NaN, inside: false };
  const off = Math.abs(rest.ms - left);
  const inside = rest.low <= left && left <= rest.high;
  return { trace, share, rest, error: off / total, restError: off / left, inside };
}

export async function run(): Promise<TopicResult> {
  const traces = readTraces();
  if (traces.length === 0)
    return Promise.resolve({ title: TITLE, columns: COLUMNS, rows: [], notes: [ABSENT] });
  const all = forecasts(traces);
  const sets = [...new Set(traces.map(({ set }) => set))];
  const rows = sets.map((set) =>
    row(
      set,
      all.filter(({ trace }) => trace.set === set),
    ),
  );
  const history = all.filter(({ rest }) => rest !== null && rest.basis !== 'progress');
  const progress = all.filter(({ rest }) => rest?.basis === 'progress');
  const sums = [row('with history', history), row('progress alone', progress), row('all', all)];
  return { title: TITLE, columns: COLUMNS, rows: [...rows, ...sums], notes: NOTES };
}

const TITLE =
  'Recorded runs, each stopped after 25, 50 and 75 % of its time and asked when it will end. Median errors.';
const COLUMNS = [
  ...['runs', 'asked', 'with ETA', 'error at 25 %', 'at 50 %', 'at 75 %'],
  ...['of the rest at 50 %', 'inside p10-p90'],
];
const ABSENT = 'Skipped: ../shared/corpora is absent.';
const NOTES = [
  'The error is |foretold total - true total| / true total, in the median of the runs; "of the rest" holds the same difference against what really was left, which is the harder measure.',
  'History is what other runs of the same pipeline had done by the moment of the question, never later; the first run of a pipeline has none. Ranges are calibrated on forecasts of which the end was known by then. Where neither history nor progress tells anything, there is no ETA ("with ETA").',
  'Aim: at most 20 % at 50 % of the time, and 75-85 % of ends inside the range. Reached over all, and not in each set: "all" is carried by the single tasks of WfCommons, of which there are most (15 of each kind are asked). Sets with fewer than five runs say little.',
  'Nextflow (real times): "methods" are one method on one data set of openproblems on AWS Batch; their times are mostly waits in a queue, which had grown short by the end of the recording. "Samples" of one run go side by side, so there is hardly any history of them.',
  'WfCommons has run times and dependencies but no times of day: whole runs were laid out again on as many places as bring them nearest to the recorded makespan, samples and tasks one after the other. These starts are derived, not recorded.',
  'GitHub Actions: the one workflow of which two runs are recorded. Bazel: the tests of one build, the only recording with times of its parts (three files hold the same tests). Snakemake: "done n of m" alone.',
];

function row(name: string, all: readonly Forecast[]): (string | number)[] {
  const known = all.filter(({ rest }) => rest !== null);
  const at = (share: number) => known.filter((one) => one.share === share);
  const error = (share: number) => percent(median(at(share).map((one) => one.error)));
  const inside = known.filter((one) => one.inside).length / known.length;
  return [
    ...[name, all.length, percent(known.length / all.length)],
    ...SHARES.map(error),
    ...[percent(median(at(0.5).map(({ restError }) => restError))), percent(inside)],
  ];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (
    ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
  );
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '-';
}

await printWhenStarted(import.meta.url, run);
