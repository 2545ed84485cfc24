/** Workers, queues and tasks as files, with all that is known of each. */
import { t } from '@vscode/l10n';
import { errorLine } from '../../../service/protocol/describe.ts';
import { oldestWait, queuePending } from '../../../service/protocol/describeWorkers.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../../../service/protocol/domain.ts';
import { amount, moment, type Sheet, sheetOf, words } from '../../sheet.ts';
import { stateOf } from './list.ts';

export function workersSheet(workers: readonly WorkerRecord[]): Sheet {
  return sheetOf(workers, [
    words(t('Worker'), (one) => one.worker_id),
    words(t('State'), stateOf),
    words(t('Reason'), (one) => one.health_reason),
    words(t('Kind'), (one) => one.kind),
    words(t('Host'), (one) => one.host),
    amount(t('CPU'), '%', (one) => one.cpu_percent),
    amount(t('Memory'), 'MB', (one) => one.memory_mb),
    amount(t('GPU'), '%', (one) => one.gpu_percent),
    amount(t('GPU memory'), 'MB', (one) => one.gpu_memory_mb),
    amount(t('Disk'), '%', (one) => one.disk_percent),
    amount(t('Disk read'), 'MB/s', (one) => one.disk_read_mb_s),
    amount(t('Disk written'), 'MB/s', (one) => one.disk_write_mb_s),
    amount(t('Network in'), 'MB/s', (one) => one.net_in_mb_s),
    amount(t('Network out'), 'MB/s', (one) => one.net_out_mb_s),
    amount(t('Active'), '', (one) => one.active_tasks),
    amount(t('Done'), '', (one) => one.completed_tasks),
    amount(t('Failed'), '', (one) => one.failed_tasks),
    amount(t('In a row'), '', (one) => one.consecutive_failures),
    amount(t('Average task'), 'ms', (one) => one.average_task_ms),
    amount(t('Latency'), 'ms', (one) => one.latency_ms),
    amount(t('IPC latency'), 'ms', (one) => one.ipc_latency_ms),
    amount(t('Transferred'), 'B', (one) => one.bytes_transferred),
    moment(t('Registered'), (one) => one.registered_at),
    moment(t('Last sign of life'), (one) => one.last_heartbeat),
    words(t('Labels'), (one) => labelled(one.labels)),
  ]);
}

export function queuesSheet(queues: readonly QueueRecord[], now: number): Sheet {
  return sheetOf(queues, [
    words(t('Queue'), (one) => one.queue),
    words(t('Kind'), (one) => one.kind),
    amount(t('Waiting'), '', queuePending),
    amount(t('Running'), '', (one) => one.tasks_processing),
    amount(t('Oldest waits'), 'ms', (one) => oldestWait(one, now)),
    moment(t('Measured'), (one) => one.sampled_at),
  ]);
}

export function tasksSheet(tasks: readonly TaskRecord[]): Sheet {
  return sheetOf(tasks, [
    words(t('Task'), (one) => one.task_id),
    words(t('State'), (one) => one.status),
    words(t('Worker'), (one) => one.worker_id),
    words(t('Queue'), (one) => one.queue),
    words(t('Job'), (one) => one.job_id),
    words(t('Phase'), (one) => one.phase_id),
    words(t('Content'), (one) => one.content_type),
    moment(t('Submitted'), (one) => one.submitted_at),
    moment(t('Started'), (one) => one.started_at),
    moment(t('Ended'), (one) => one.completed_at),
    amount(t('Waited'), 'ms', (one) => one.wait_ms),
    amount(t('Took'), 'ms', (one) => one.processing_ms),
    amount(t('Retries'), '', (one) => one.retry_count),
    words(t('Error'), ({ error }) => (error === null ? null : errorLine(error))),
    words(t('Labels'), (one) => labelled(one.labels)),
  ]);
}

function labelled(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
