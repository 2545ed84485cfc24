import { t } from '@vscode/l10n';
import { duration, exactTime, progress, statusWord } from '../../../service/protocol/describe.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { JobOrder } from '../../../service/protocol/states.ts';
import type { Column as TableColumn, Table } from '../../charts/table.ts';
import { clockTime, jobMs, number } from '../../format.ts';

export interface Column {
  id: string;
  title: () => string;
  /** 1 is always shown; higher ones go first when there is no room. */
  priority: 1 | 2 | 3 | 4;
  numeric: boolean;
  /** The orders that a click on the heading goes through; none for a column that the service does not sort by. */
  orders: readonly JobOrder[];
  text: (job: JobRecord, now: number) => string;
  /** Said on hover, where it is more than the text. */
  hint?: (job: JobRecord) => string;
}

/** After the first one, which names the run. */
export const COLUMNS: readonly Column[] = [
  {
    ...{ id: 'name', priority: 1, numeric: false, orders: ['name'] },
    title: () => t('Run'),
    text: (job) => job.name,
  },
  {
    ...{ id: 'status', priority: 1, numeric: false, orders: [] },
    title: () => t('Status'),
    text: statusText,
  },
  {
    ...{ id: 'started', priority: 1, numeric: false, orders: ['newest', 'oldest'] },
    title: () => t('Started'),
    text: (job, now) => clockTime(startOf(job), now),
    hint: (job) => exactTime(startOf(job)),
  },
  {
    ...{ id: 'time', priority: 1, numeric: true, orders: ['longest', 'shortest'] },
    title: () => t('Time'),
    text: (job, now) => duration(jobMs(job, now)),
  },
  {
    ...{ id: 'pipeline', priority: 3, numeric: false, orders: [] },
    title: () => t('Pipeline'),
    text: (job) => job.pipeline,
  },
  {
    ...{ id: 'kind', priority: 4, numeric: false, orders: [] },
    title: () => t('Kind'),
    text: (job) => job.kind ?? '-',
  },
  {
    ...{ id: 'phases', priority: 3, numeric: true, orders: [] },
    title: () => t('Phases'),
    text: (job) => `${number(job.phases_done)} / ${number(job.phases_total)}`,
  },
  {
    ...{ id: 'errors', priority: 2, numeric: true, orders: ['errors'] },
    title: () => t('Errors'),
    text: (job) => number(job.error_count),
  },
  {
    ...{ id: 'labels', priority: 4, numeric: false, orders: [] },
    title: () => t('Labels'),
    text: labelsText,
    hint: labelsText,
  },
];

function statusText(job: JobRecord): string {
  const word = statusWord(job.status);
  return job.status === 'RUNNING' && job.progress !== null
    ? `${word} ${progress(job.progress)}`
    : word;
}

function labelsText({ labels }: JobRecord): string {
  const all = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return all.length === 0 ? '-' : all.join(', ');
}

export function startOf(job: JobRecord): string {
  return job.started_at ?? job.last_seen_at;
}

/** The order after a click on a heading: the next of the column, or its first. */
export function nextOrder({ orders }: Column, order: JobOrder): JobOrder | undefined {
  return orders[(orders.indexOf(order) + 1) % Math.max(1, orders.length)];
}

/** All of a run, as a file has it: times in UTC, durations in milliseconds. */
export function runsTable(jobs: readonly JobRecord[]): Omit<Table, 'say'> {
  const text = (label: string): TableColumn => ({ label, unit: '', kind: 'text' });
  const time = (label: string): TableColumn => ({ label, unit: '', kind: 'time' });
  const counted = (label: string, unit = ''): TableColumn => ({ label, unit, kind: 'number' });
  const at = (value: string | null): number | null => (value === null ? null : Date.parse(value));
  return {
    columns: [
      ...[text(t('Run')), text(t('Id')), text(t('Pipeline')), text(t('Kind')), text(t('Status'))],
      ...[time(t('Started')), time(t('Ended')), counted(t('Time'), 'ms'), counted(t('Attempt'))],
      ...[counted(t('Phases done')), counted(t('Phases')), counted(t('Phases failed'))],
      ...[counted(t('Errors')), counted(t('Warnings')), counted(t('Artifacts'))],
      ...[text(t('Error')), text(t('Labels'))],
    ],
    count: jobs.length,
    row: (index) => {
      const job = jobs[index];
      if (job === undefined) return [];
      return [
        ...[job.name, job.job_id, job.pipeline, job.kind, job.status],
        ...[at(job.started_at), at(job.ended_at), job.duration_ms, job.attempt],
        ...[job.phases_done, job.phases_total, job.phases_failed],
        ...[job.error_count, job.warning_count, job.artifact_count],
        ...[job.error?.message ?? null, labelsText(job)],
      ];
    },
  };
}
