import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import {
  bytes,
  duration,
  exactTime,
  relativeTime,
  memory,
  percent,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import { transferRate } from '../../../service/protocol/describeWorkers.ts';
import type { WorkerRecord } from '../../../service/protocol/domain.ts';
import { number } from '../../format.ts';
import type { Content } from '../shared/region.ts';

/** All that is known of a worker and has no column; what it does not tell is left out. */
export function workerDetail(worker: WorkerRecord, now: number): TemplateResult {
  const facts = factsOf(worker, now).filter(([, value]) => value !== UNKNOWN);
  return html`${reason(worker)}
    <dl class="facts">
      ${facts.map(
        ([name, value, exactly]) =>
          html`<div title=${exactly ?? value}>
            <dt class="caption">${name}</dt>
            <dd class="number"><bdi>${value}</bdi></dd>
          </div>`,
      )}
    </dl>`;
}

function reason({ health_reason: why }: WorkerRecord): Content {
  return why === null ? nothing : html`<p class="badtext">${why}</p>`;
}

function factsOf(worker: WorkerRecord, now: number): [string, string, string?][] {
  const time = (at: string | null): string => (at === null ? UNKNOWN : relativeTime(at, now));
  const labels = Object.entries(worker.labels).map(([name, value]) => `${name}=${value}`);
  return [
    [t('Average task'), duration(worker.average_task_ms)],
    [t('Time spent on tasks'), duration(worker.total_processing_ms)],
    [t('Errors'), number(worker.error_count)],
    [t('Timeouts'), number(worker.timeout_count)],
    [t('GPU memory'), memory(worker.gpu_memory_mb)],
    [t('Disk'), percent(worker.disk_percent)],
    [t('Disk read'), transferRate(worker.disk_read_mb_s)],
    [t('Disk written'), transferRate(worker.disk_write_mb_s)],
    [t('Network in'), transferRate(worker.net_in_mb_s)],
    [t('Network out'), transferRate(worker.net_out_mb_s)],
    [t('IPC latency'), duration(worker.ipc_latency_ms)],
    [t('Transferred'), bytes(worker.bytes_transferred)],
    [t('Registered'), time(worker.registered_at), exact(worker.registered_at)],
    [t('Last sign of life'), time(worker.last_heartbeat), exact(worker.last_heartbeat)],
    [t('Labels'), labels.length === 0 ? UNKNOWN : labels.join(', ')],
  ];
}

function exact(at: string | null): string {
  return at === null ? '' : exactTime(at);
}
