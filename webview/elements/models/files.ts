/** The models as a file. */
import { t } from '@vscode/l10n';
import { amount, moment, type Sheet, sheetOf, words } from '../../sheet.ts';
import type { ModelRow } from './rows.ts';

export function modelsSheet(rows: readonly ModelRow[]): Sheet {
  return sheetOf(rows, [
    words(t('Model'), ({ model }) => model.model),
    amount(t('MAE'), '', ({ model }) => model.avg_mae),
    amount(t('Baseline'), '', ({ model }) => model.baseline_mae),
    amount(t('Worse than its baseline'), '%', ({ model }) => model.degradation_percent),
    amount(t('R2'), '', ({ model }) => model.r2),
    amount(t('Confidence'), '0-1', ({ model }) => model.avg_confidence),
    amount(t('Predictions'), '', ({ model }) => model.predictions_count),
    moment(t('Updated'), ({ model }) => model.last_updated),
  ]);
}
