/** How alerts on any series name what they are about. */
import type { Aggregation } from '../../protocol/aggregation.ts';
import { BETWEEN, type SeriesSpec, type SeriesSubject, type Verdict } from './kind.ts';

/** Things of their own that a label names: an alert on them says so. */
const COMPONENTS: Record<string, string> = {
  worker_id: 'worker',
  endpoint: 'endpoint',
  queue: 'queue',
  model: 'model',
  cache: 'cache',
};

export function componentOf(
  group_by: readonly string[],
): Pick<SeriesSpec, 'component' | 'component_label'> {
  const [only, ...more] = group_by;
  const component = only === undefined || more.length > 0 ? undefined : COMPONENTS[only];
  if (component === undefined || only === undefined)
    return { component: 'metric', component_label: null };
  return { component, component_label: only };
}

/** How an aggregation stands before "of temperature". */
const AGGREGATED: Record<Exclude<Aggregation, 'raw'>, string> = {
  avg: 'The average',
  min: 'The lowest value',
  max: 'The highest value',
  sum: 'The sum',
  count: 'The number of points',
  last: 'The latest value',
  p50: 'The median',
  p95: 'The 95th percentile',
  p99: 'The 99th percentile',
  rate: 'The rate',
};

export function aggregated(aggregation: Exclude<Aggregation, 'raw'>): string {
  return AGGREGATED[aggregation];
}

export function aggregatedUnit(unit: string, aggregation: Aggregation): string {
  if (aggregation === 'count') return 'points';
  return aggregation === 'rate' ? `${unit}/s` : unit;
}

/**
 * What follows from points that may be missing is not said: a total is too low then, so it proves nothing but that it is
 * over a bound.
 */
export function unlessPartial(
  verdict: Verdict,
  { covered }: Pick<SeriesSubject, 'covered'>,
  { aggregation, direction }: { aggregation: Aggregation; direction: 'above' | 'below' },
): Verdict {
  if (covered || !TOTALS.has(aggregation)) return verdict;
  return verdict.is === (direction === 'above' ? 'good' : 'bad') ? BETWEEN : verdict;
}

const TOTALS: ReadonlySet<Aggregation> = new Set<Aggregation>(['sum', 'count', 'rate']);

export function isTotal(aggregation: Aggregation): boolean {
  return TOTALS.has(aggregation);
}
