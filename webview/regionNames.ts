/** Every region a dashboard can have; the names are what screen readers say and tests look for. */
export const REGION_NAMES = [
  'Overview',
  'Pipeline flow',
  'Timeline',
  'Phases',
  'Resources',
  'Performance',
  'Alerts',
  'Workers',
  'API',
  'Models',
  'Cache',
  'Bottlenecks',
  'History',
  'Compare',
] as const;
export type RegionName = (typeof REGION_NAMES)[number];
