/** The table of phases as CSV: the rows as they are filtered and sorted. Fetched with the first file that is asked for. */
import { t } from '@vscode/l10n';
import { errorLine } from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { base64Of } from '../../base64.ts';
import { csvOf } from '../../charts/csv.ts';
import type { Cell, Column, Table } from '../../charts/table.ts';
import { phaseMs } from '../../format.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import { fileName } from '../../saveExport.ts';
import type { Around } from './columns.ts';

const text = (label: string): Column => ({ label, unit: '', kind: 'text' });
const time = (label: string): Column => ({ label, unit: '', kind: 'time' });
const number = (label: string, unit = ''): Column => ({ label, unit, kind: 'number' });

export function phasesFile(
  phases: readonly PhaseRecord[],
  title: string,
  around: Around,
): { name: string; base64: string } {
  const csv = csvOf(phasesTable(phases, around));
  // With the mark of UTF-8, without which spreadsheets take it for their own old encoding.
  return { name: fileName(`${title} phases`, 'csv'), base64: base64Of(`\uFEFF${csv}`) };
}

export function phasesTable(phases: readonly PhaseRecord[], around: Around): Table {
  return {
    columns: [
      ...[text(t('Phase')), text(t('Name')), text(t('Status')), number(t('Attempt'))],
      ...[time(t('Start')), time(t('End')), number(t('Time'), 'ms'), number(t('Usual'), 'ms')],
      ...[number(t('Usual, at least'), 'ms'), number(t('Usual, at most'), 'ms')],
      ...[
        number(t('Waited'), 'ms'),
        number(t('CPU, average'), '%'),
        number(t('CPU, highest'), '%'),
      ],
      ...[number(t('Memory, average'), 'MB'), number(t('Memory, highest'), 'MB')],
      ...[number(t('Items')), number(t('Items, all')), number(t('Throughput'), t('items/s'))],
      ...[number(t('Errors')), number(t('Warnings')), number(t('Artifacts'))],
      ...[text(t('Worker')), text(t('Depends on')), text(t('Error'))],
    ],
    count: phases.length,
    row: (index) => {
      const phase = phases[index];
      return phase === undefined ? [] : cells(phase, around);
    },
    say: (cell) => String(cell ?? ''),
  };
}

function cells(phase: PhaseRecord, { now, waited }: Around): Cell[] {
  const { start, end } = timesOfPhase(phase);
  const { cpu_percent: cpu, memory_mb: memory } = phase;
  return [
    ...[phase.phase_id, phase.name, phase.status, phase.attempt],
    ...[start, end, phaseMs(phase, now), phase.expected_ms],
    ...[phase.expected_low_ms, phase.expected_high_ms, waited(phase)],
    ...[cpu?.avg ?? null, cpu?.max ?? null, memory?.avg ?? null, memory?.max ?? null],
    ...[phase.items_done, phase.items_total, phase.throughput],
    ...[phase.error_count, phase.warning_count, phase.artifact_count, phase.worker_id],
    phase.depends_on.join(' '),
    phase.error === null ? null : errorLine(phase.error),
  ];
}
