import { t } from '@vscode/l10n';

/** Every region a dashboard can have; the names are what screen readers say and tests look for, in every language. */
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

/** Functions, because the language is not set yet when this is read. */
const TITLES: Record<RegionName, () => string> = {
  Overview: () => t('Overview'),
  'Pipeline flow': () => t('Pipeline flow'),
  Timeline: () => t('Timeline'),
  Phases: () => t('Phases'),
  Resources: () => t('Resources'),
  Performance: () => t('Performance'),
  Alerts: () => t('Alerts'),
  Workers: () => t('Workers'),
  API: () => t('API'),
  Models: () => t('Models'),
  Cache: () => t('Cache'),
  Bottlenecks: () => t('Bottlenecks'),
  History: () => t('History'),
  Compare: () => t('Compare'),
};

/** What stands above a region, and in lists of regions. */
export function regionTitle(name: RegionName): string {
  return TITLES[name]();
}
