/** The endpoints as a file. */
import { t } from '@vscode/l10n';
import type { EndpointFigures } from '../../../service/protocol/requests.ts';
import { amount, type Sheet, sheetOf, words } from '../../sheet.ts';

export function endpointsSheet(rows: readonly EndpointFigures[]): Sheet {
  return sheetOf(rows, [
    words(t('Endpoint'), (row) => row.endpoint),
    amount(t('Requests'), '', (row) => row.requests),
    amount(t('Requests'), '1/min', (row) => row.requests_per_minute),
    amount(t('Average'), 'ms', (row) => row.avg_response_time_ms),
    amount('p50', 'ms', (row) => row.p50_response_time_ms),
    amount('p95', 'ms', (row) => row.p95_response_time_ms),
    amount('p99', 'ms', (row) => row.p99_response_time_ms),
    amount(t('Slowest'), 'ms', (row) => row.max_response_time_ms),
    amount(t('Errors'), '', (row) => row.errors),
    amount(t('Error rate'), '%', (row) => row.error_rate_percent),
  ]);
}
