/** Where a series changes its level and stays there. */
import { bestSplit } from './energy.ts';
import { medianOf, withoutSpikes } from './outliers.ts';
import { chanceOf } from './significance.ts';

/** A level is at least so many values long: fewer are spikes. */
export const LEAST_VALUES = 4;
/** A point that chance alone would make more often than this is none. */
const MOST_CHANCE = 0.05;
/** Candidates may be this much likelier to be chance: their neighbours decide in the end. */
const WEAK = 10;
/** The series is also searched in pieces of this length, half of it apart: short levels hide in long series. */
const WINDOW = 50;
/** Of longer series the newest values are looked at: time and memory grow with the square. */
const MOST_VALUES = 1000;

export interface ChangePoint {
  /** Index of the first value of the new level. */
  at: number;
  /** The probability that it is chance, 0-1, over all places where it could have been. */
  chance: number;
  /** Medians of the values from the point before to here, and from here to the next. */
  before: number;
  after: number;
}

/** Whether a step between two levels is worth a word. */
export type Matters = (before: number, after: number) => boolean;

/**
 * The changes of level of a series, in order; the same series gives the same ones. E-Divisive (Matteson and James, 2014)
 * over the whole and in windows for candidates, of which the weakest is taken out until all that are left are significant
 * against their neighbours (the split and merge of Fleming et al., "Hunter", 2023) and matter. Values must be finite;
 * single spikes are left out of account. Empty for fewer than 8 values.
 */
export function changePoints(series: readonly number[], matters?: Matters): ChangePoint[] {
  const skipped = Math.max(0, series.length - MOST_VALUES);
  const values = withoutSpikes(Float64Array.from(series.slice(skipped)));
  const points = strongest(values, candidatesOf(values), matters);
  return points.map((point) => ({ ...point, at: point.at + skipped }));
}

function candidatesOf(values: Float64Array): number[] {
  const found = new Set<number>();
  divide(values, [0, values.length], found);
  for (let from = 0; from + WINDOW / 2 < values.length; from += WINDOW / 2)
    divide(values, [from, Math.min(values.length, from + WINDOW)], found);
  return [...found].sort((a, b) => a - b);
}

function divide(
  values: Float64Array,
  [from, to]: readonly [number, number],
  found: Set<number>,
): void {
  const split = bestSplit(values, [from, to], LEAST_VALUES);
  if (split === null || chanceOf(values, [from, split.at, split.end]) >= MOST_CHANCE * WEAK) return;
  found.add(split.at);
  divide(values, [from, split.at], found);
  divide(values, [split.at, to], found);
}

/** Takes the weakest out until none is too weak; two that are too close to be levels of their own are weak. */
function strongest(
  values: Float64Array,
  candidates: readonly number[],
  matters: Matters = () => true,
): ChangePoint[] {
  const left = [...candidates];
  for (;;) {
    const ends = [0, ...left, values.length];
    const points = left.map((at, i) => pointOf(values, [ends[i] ?? 0, at, ends[i + 2] ?? 0]));
    const weakness = points.map(({ chance, before, after }) =>
      chance >= MOST_CHANCE ? chance : matters(before, after) ? -1 : 0,
    );
    const most = Math.max(...weakness);
    if (most < 0) return points;
    left.splice(weakness.indexOf(most), 1);
  }
}

function pointOf(values: Float64Array, ends: readonly [number, number, number]): ChangePoint {
  const [from, at, to] = ends;
  return {
    at,
    chance: chanceOf(values, ends),
    before: medianOf(values.slice(from, at)),
    after: medianOf(values.slice(at, to)),
  };
}
