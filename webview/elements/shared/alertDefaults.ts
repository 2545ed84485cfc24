import type { AlertDefaults } from '../../../service/protocol/alertDefaults.ts';
import { ALERT_DEFAULTS } from '../../../service/protocol/usualLimits.ts';
import type { Load } from '../../load.ts';

/** What of `GET /api/v1/config` says from where on something is bad. */
export interface Limits {
  settings: { alert_defaults: AlertDefaults };
}

export const LIMITS_PATH = '/api/v1/config';

/** The limits as they are set; until they are known, those that are usual. */
export function limitsOf(load: Load<Limits>): AlertDefaults {
  return load.value?.settings.alert_defaults ?? ALERT_DEFAULTS;
}
