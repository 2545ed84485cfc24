import { t } from '@vscode/l10n';
import type { ServiceState } from '../service/state.ts';

/** Without a line to the service, and no hope of one, a list gives way to the next step. */
export const NO_LIST: ReadonlySet<ServiceState['kind']> = new Set([
  'off',
  'failed',
  'refused',
  'looking',
]);

/** The line above a list: that it may be old, or else which filter is on. */
export function lineAbove(service: ServiceState, filter: string): string {
  if (service.kind === 'reconnecting' || service.kind === 'starting')
    return t('Not connected to the service at the moment. What is shown may be old.');
  return service.kind === 'connected' && filter !== '' ? t('Filter: {0}', filter) : '';
}
