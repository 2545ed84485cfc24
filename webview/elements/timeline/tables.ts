/** The timeline as a table: on the screen, and as CSV. */
import { t } from '@vscode/l10n';
import { duration, UNKNOWN } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { Cell, Column, Table } from '../../charts/table.ts';
import { preciseTime } from '../../format.ts';
import { barOf, type Row } from './bars.ts';
import type { Gap } from './gaps.ts';
import { laneName } from './laneWords.ts';
import { endOf, type Lane, type PlacedTask } from './lanes.ts';
import { reasonWords } from './runWords.ts';
import type { Scene } from './scene.ts';

const text = (label: string): Column => ({ label, unit: '', kind: 'text' });
const time = (label: string): Column => ({ label, unit: '', kind: 'time' });
const ms = (label: string): Column => ({ label, unit: 'ms', kind: 'number' });

function say(cell: Cell, { kind, unit }: Column): string {
  if (cell === null) return UNKNOWN;
  if (typeof cell === 'string') return cell;
  if (kind === 'time') return preciseTime(cell);
  return unit === 'ms' ? duration(cell) : numeral(cell);
}

/** Every row as it is shown, folded ones too where `rows` holds them, and below them the gaps. */
export function phasesTable(scene: Scene): Table {
  const shares = new Map(scene.path?.steps.map(({ phaseId, ms: own }) => [phaseId, own]));
  return {
    columns: [
      ...[text(t('Kind')), text(t('Phase')), text(t('Name')), text(t('Status'))],
      ...[time(t('Start')), time(t('End')), ms(t('Time')), text(t('Waited for'))],
      ...[ms(t('Waited')), ms(t('Ready, not started')), ms(t('On the critical path'))],
      { label: t('Attempt'), unit: '', kind: 'number' },
      text(t('Worker')),
    ],
    count: scene.rows.length + scene.gaps.length,
    row: (index) => {
      const row = scene.rows[index];
      if (row !== undefined) return rowCells(row, scene, shares);
      const gap = scene.gaps[index - scene.rows.length];
      return gap === undefined ? [] : gapCells(gap);
    },
    say,
  };
}

function rowCells(row: Row, { context }: Scene, shares: ReadonlyMap<string, number>): Cell[] {
  const { span, waits, status } = barOf(row, context);
  const times = span
    ? [span.from + context.origin, span.to + context.origin, span.to - span.from]
    : [null, null, null];
  const { phase } = row;
  if (row.kind === 'sub')
    return [
      t('sub-phase'),
      phase.phase_id,
      row.sub.name,
      status,
      ...times,
      ...Array<null>(6).fill(null),
    ];
  const length = (part: { span: { from: number; to: number } } | null): number | null =>
    part && part.span.to - part.span.from;
  return [
    ...[t('phase'), phase.phase_id, phase.name, status, ...times],
    waits.blocked?.by.join(' ') ?? waits.ready?.after ?? null,
    ...[length(waits.blocked), length(waits.ready), shares.get(phase.phase_id) ?? null],
    ...[phase.attempt, phase.worker_id],
  ];
}

function gapCells(gap: Gap): Cell[] {
  const { from, to } = gap;
  const rest = Array<null>(6).fill(null);
  return [t('gap'), null, reasonWords(gap), null, from, to, to - from, ...rest];
}

/** The tasks one by one where they are known, otherwise a line a worker. */
export function lanesTable(lanes: readonly Lane[], now: number): Table {
  return lanes.some(({ bins }) => bins !== null) ? countedTable(lanes) : tasksTable(lanes, now);
}

function tasksTable(lanes: readonly Lane[], now: number): Table {
  const tasks = lanes.flatMap(({ placed }) => placed).sort((a, b) => a.start - b.start);
  return {
    columns: [
      ...[text(t('Worker')), text(t('Task')), text(t('Phase')), text(t('Status'))],
      ...[time(t('Start')), time(t('End')), ms(t('Time')), ms(t('Waited'))],
      ...[{ label: t('Retries'), unit: '', kind: 'number' as const }, text(t('Error'))],
    ],
    count: tasks.length,
    row: (index) => {
      const task = tasks[index];
      return task === undefined ? [] : taskCells(task, now);
    },
    say,
  };
}

function taskCells(task: PlacedTask, now: number): Cell[] {
  const { worker, id, phase, status, start, end, submitted, retries, error } = task;
  const waited = submitted === null ? null : Math.max(0, start - submitted);
  const took = endOf(task, now) - start;
  return [worker, id, phase, status, start, end, took, waited, retries, error];
}

function countedTable(lanes: readonly Lane[]): Table {
  const number = (label: string): Column => ({ label, unit: '', kind: 'number' });
  return {
    columns: [
      ...[text(t('Worker')), number(t('Tasks')), number(t('Failed')), number(t('Open'))],
      ...[number(t('At once, highest')), ms(t('Worked'))],
    ],
    count: lanes.length,
    row: (index) => {
      const lane = lanes[index];
      if (lane === undefined) return [];
      const busy = lane.bins?.busy ?? [];
      const worked = busy.reduce((a, b) => a + b, 0) * (lane.bins?.width ?? 0);
      const most = busy.reduce((a, b) => Math.max(a, b), 0);
      return [laneName(lane), lane.tasks, lane.failed, lane.open, most, worked];
    },
    say,
  };
}
