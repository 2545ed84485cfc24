/** Bottlenecks and the slowest phases as files. */
import { t } from '@vscode/l10n';
import type { Bottleneck } from '../../../service/protocol/bottleneck.ts';
import { amount, moment, type Sheet, sheetOf, words } from '../../sheet.ts';
import type { SlowPhase, WaitingPhase } from './slowest.ts';
import { whatOf, whereOf } from './words.ts';

export function bottlenecksSheet(all: readonly Bottleneck[]): Sheet {
  return sheetOf(all, [
    words(t('Bottleneck'), whatOf),
    words(t('Where'), (one) => whereOf(one).text),
    words(t('Metric'), ({ metric }) => metric),
    words(t('Unit'), ({ evidence }) => evidence.unit),
    amount(t('Average'), '', ({ evidence }) => evidence.average),
    amount(t('Highest'), '', ({ evidence }) => evidence.max),
    amount(t('Threshold'), '', ({ evidence }) => evidence.threshold),
    amount(t('Impact'), '0-1', ({ impact }) => impact),
    words(t('Impact is a share of'), ({ impact_basis: basis }) => basis),
    amount(t('Confidence'), '0-1', ({ confidence }) => confidence),
    moment(t('Since'), ({ since }) => since),
  ]);
}

export function sharesSheet(rows: readonly SlowPhase[]): Sheet {
  return sheetOf(rows, [
    words(t('Phase'), ({ phase }) => phase.phase_id),
    words(t('Name'), ({ phase }) => phase.name),
    words(t('Status'), ({ phase }) => phase.status),
    amount(t('Took'), 'ms', ({ ms }) => ms),
    amount(t('Of the run'), '0-1', ({ share }) => share),
  ]);
}

export function waitsSheet(rows: readonly WaitingPhase[]): Sheet {
  return sheetOf(rows, [
    words(t('Phase'), ({ phase }) => phase.phase_id),
    words(t('Name'), ({ phase }) => phase.name),
    words(t('Status'), ({ phase }) => phase.status),
    amount(t('Waited for others'), 'ms', ({ blocked }) => blocked),
    amount(t('Ready, not started'), 'ms', ({ ready }) => ready),
    words(t('For'), ({ by }) => by.join(' ')),
  ]);
}
