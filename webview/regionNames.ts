/** Every region a dashboard can have; the names are what screen readers say and tests look for. */
export type RegionName =
  | 'Overview'
  | 'Pipeline flow'
  | 'Timeline'
  | 'Phases'
  | 'Resources'
  | 'Performance'
  | 'Alerts'
  | 'Workers'
  | 'API'
  | 'Models'
  | 'Cache'
  | 'Bottlenecks'
  | 'History'
  | 'Compare';
