/** How often runs and phases succeed, as a file. */
import { t } from '@vscode/l10n';
import type { PipelinePerformance } from '../../../service/protocol/pipelinePerformance.ts';
import { amount, type Sheet, sheetOf, words } from '../../sheet.ts';
import { successRows } from './success.ts';

export function successSheet(answer: PipelinePerformance): Sheet {
  return sheetOf(successRows(answer), [
    words(t('Phase'), ({ phaseId }) => phaseId),
    words(t('Name'), ({ name }) => name),
    amount(t('Success'), '%', ({ rate }) => rate),
    amount(t('Completed'), '', ({ completed }) => completed),
    amount(t('Failed'), '', ({ failed }) => failed),
    amount(t('Other'), '', ({ others }) => others),
  ]);
}
