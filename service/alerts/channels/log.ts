import type { Severity } from '../../protocol/states.ts';
import { severityRank } from '../../protocol/states.ts';
import type { Sender } from './kind.ts';
import { titleOf } from './texts.ts';

/** An entry of the service's log. Its level is that of a warning or below: an error of a job is none of the service. */
export const sendToLog: Sender<'log'> = ({ content, notification_id }, { logger }) => {
  const { kind, severity, alerts, more_count } = content;
  const alert_ids = alerts.map(({ alert_id }) => alert_id);
  const level = kind !== 'resolved' && isWorth(severity) ? 'warn' : 'info';
  logger[level]({ notification_id, severity, alert_ids, more_count }, titleOf(content));
  return Promise.resolve('It is in the log of the service.');
};

function isWorth(severity: Severity): boolean {
  return severityRank(severity) >= severityRank('WARNING');
}
