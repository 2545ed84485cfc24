import { t } from '@vscode/l10n';
import { PHASE_MEASURES } from '../../../service/protocol/compareMeasures.ts';
import type { ComparisonPage } from '../../../service/protocol/compare.ts';
import type { Cell, Column, Table } from '../../charts/table.ts';
import { otherName, reasonText, runName } from './words.ts';

/** Every phase of every comparison, a line each, with all measures as bare numbers. */
export function comparisonTable(answers: readonly ComparisonPage[]): Omit<Table, 'say'> {
  const text = (label: string): Column => ({ label, unit: '', kind: 'text' });
  const rows = answers.flatMap((answer) => answer.phases.map((phase) => ({ answer, phase })));
  return {
    columns: [
      ...[text(t('Run')), text(t('Against')), text(t('Phase')), text(t('Name'))],
      ...[text(t('Status')), text(t('Status before')), text(t('Differs in'))],
      ...PHASE_MEASURES.flatMap((measure) =>
        ['', ' other', ' delta'].map((what): Column => ({
          ...text(`${measure}${what}`),
          kind: 'number',
        })),
      ),
    ],
    count: rows.length,
    row: (index): Cell[] => {
      const row = rows[index];
      if (row === undefined) return [];
      const { answer, phase } = row;
      return [
        ...[runName(answer.job), otherName(answer), phase.phase_id, phase.name],
        ...[phase.job?.status ?? null, phase.other?.status ?? null, reasonText(phase.differs)],
        ...PHASE_MEASURES.flatMap((measure) => {
          const { job, other, delta } = phase[measure];
          return [job, other, delta];
        }),
      ];
    },
  };
}
