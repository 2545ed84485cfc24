import type { RegionName } from '../../regionNames.ts';

/** The first one that fits; the rest is about how quickly the work goes. */
const REGIONS: readonly [RegExp, RegionName][] = [
  [/^(queue|task|tasks|worker)_/, 'Workers'],
  [/^(request_|error_rate_percent$)/, 'API'],
  [/^prediction_/, 'Models'],
  [/^cache_/, 'Cache'],
  [/^open_findings$/, 'Bottlenecks'],
  [/^(cpu|memory|gpu|disk|net|ipc)_|_memory_/, 'Resources'],
];

/** The region that shows more of a metric. */
export function regionOf(metric: string): RegionName {
  return REGIONS.find(([pattern]) => pattern.test(metric))?.[1] ?? 'Performance';
}
