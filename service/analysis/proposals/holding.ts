/** Whether a condition of a strategy of the configuration holds, by the values of one series. */
import type { Aggregation } from '../../protocol/aggregation.ts';
import type { CustomStrategy } from '../../protocol/optimizer.ts';

export type When = CustomStrategy['when'][number];
export type Points = readonly (readonly [time: number, value: number])[];

/** Without `for_ms` the mean of so long counts. */
const USUAL_LOOK_MS = 10_000;
/** A series that tells less often than this need not be looked for further back. */
const RAREST_MS = 30_000;
/** A stretch is looked at in so many steps at most. */
const STEPS = 60;

/** What is to be asked of the series: `from` is where the look begins, `step_ms` how fine it is. */
export function lookOf({ for_ms }: When, now: number): { from: number; step_ms: number } {
  if (for_ms === undefined) return { from: now - USUAL_LOOK_MS, step_ms: USUAL_LOOK_MS };
  const seconds = Math.max(1, Math.ceil(for_ms / STEPS / 1000));
  return { from: now - for_ms - Math.max(for_ms, RAREST_MS), step_ms: seconds * 1000 };
}

/** What is asked of the steps of each series, and which part of the condition it answers: both parts must hold. */
export function questionsOf(when: When): { aggregation: Aggregation; part: When }[] {
  const { aggregation, above, below, for_ms } = when;
  if (for_ms === undefined || aggregation !== undefined)
    return [{ aggregation: aggregation ?? 'avg', part: when }];
  // All values are above where the least one is.
  const least = { aggregation: 'min' as const, part: { ...when, below: Infinity } };
  const most = { aggregation: 'max' as const, part: { ...when, above: -Infinity } };
  return [...(above === undefined ? [] : [least]), ...(below === undefined ? [] : [most])];
}

/**
 * True where every value of the last `for_ms` is within the bounds, and the one that was there when they began; without
 * `for_ms` where the newest is. What is not known that long, and what nothing was heard of since, does not hold. `points`
 * are steps by their begin.
 */
export function hasHeld(points: Points, when: When, now: number): boolean {
  const { for_ms } = when;
  if (for_ms === undefined) return isWithin(points.at(-1)?.[1] ?? Number.NaN, when);
  const begin = now - for_ms;
  const at = points.findLastIndex(([time]) => time <= begin);
  const newest = points.at(-1)?.[0] ?? -Infinity;
  if (at < 0 || newest < now - Math.max(for_ms, USUAL_LOOK_MS)) return false;
  return points.slice(at).every(([, value]) => isWithin(value, when));
}

/** A condition without a bound says nothing. */
function isWithin(value: number, { above, below }: When): boolean {
  if (above === undefined && below === undefined) return false;
  return value > (above ?? -Infinity) && value < (below ?? Infinity);
}
