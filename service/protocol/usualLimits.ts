import type { AlertDefaults } from './alertDefaults.ts';

/** The limits until a person sets others. Apart from their schema, so that a page can hold them. */
export const ALERT_DEFAULTS: AlertDefaults = {
  error_rate_percent: 5,
  response_time_ms: 500,
  accuracy_degradation_percent: 20,
  cache_hit_rate_percent: 50,
  resource_percent: 80,
};
