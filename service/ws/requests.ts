/** What programs with the topic `events` may ask, and the answers. */
import { signalTotals } from '../core/domain/queries.ts';
import { phaseRecords } from '../core/queries.ts';
import { jobRecord } from '../core/view.ts';
import type { Monitor } from '../monitor.ts';
import type { ErrorMessage, MessageRequest, NamedMessage } from '../protocol/message.ts';
import type { ProductError } from '../protocol/errors.ts';
import { jobStatus, sisasMetrics } from './messages.ts';

/** Throws JOB_UNKNOWN. */
export async function answerRequest(
  request: MessageRequest,
  monitor: Monitor,
): Promise<NamedMessage> {
  const { job_id, ref } = request;
  const job = job_id === undefined ? null : await monitor.job(job_id);
  const common = { seq: monitor.seq, ...(ref !== undefined && { ref }) };
  if (request.type === 'request_sisas_update' || job === null) {
    const data = sisasMetrics(job, signalTotals(monitor.model.domain));
    return { type: 'sisas_metrics_update', ...common, data };
  }
  const record = jobRecord(job, monitor.model.activeAlerts(job.job_id));
  return { type: 'pipeline_progress', ...common, data: jobStatus(record, phaseRecords(job)) };
}

export function errorMessage({ code, message }: ProductError, ref?: number): ErrorMessage {
  return { type: 'error', ...(ref !== undefined && { ref }), code, message };
}
