/** What a person asks for. A command becomes events; its effect comes back as records, like everything else. */
import { randomUUID } from 'node:crypto';
import type { Monitor } from './monitor.ts';
import { isSettled } from './core/fold.ts';
import { alertRecord } from './core/alertView.ts';
import type { AlertState } from './core/model.ts';
import { ProductError, assertNever } from './protocol/errors.ts';
import type { Command } from './protocol/frame.ts';
import { type Event, OWN_ID } from './protocol/event.ts';

/** Commands that concern the service, not one connection. */
export type ServiceCommand = Exclude<Command, { command: 'topics.set' }>;

export interface CommandContext {
  monitor: Monitor;
  /** Epoch milliseconds. */
  now: number;
  /** Ends the service after the answer was sent. */
  stop: () => void;
}

/** Runs a command; the number says how many records it concerned. Throws ALERT_UNKNOWN, JOB_UNKNOWN... */
export async function runCommand(
  command: ServiceCommand,
  context: CommandContext,
): Promise<number> {
  switch (command.command) {
    case 'alert.acknowledge':
      return acknowledge([knownAlert(context, command.alert_id)], command, context);
    case 'alert.acknowledge_all':
      return acknowledge(alertsOf(context, command.job_id), command, context);
    case 'alert.clear_acknowledged':
      return clearAcknowledged(context);
    case 'alert.resolve':
      return resolve(command.alert_id, command.note, context);
    case 'alert.test':
      return append(context, [testAlert(context.now)]);
    case 'job.remove':
      return removeJob(command.job_id, context);
    case 'service.stop':
      context.stop();
      return 0;
    case 'alert.unacknowledge':
    case 'rule.set':
    case 'rule.reset':
    case 'rule.preview':
    case 'channel.set':
    case 'channel.reset':
    case 'channel.secrets':
    case 'channel.test':
    case 'silence.set':
    case 'silence.end':
    case 'notification.send_again':
      throw new ProductError('COMMAND_UNKNOWN');
    default:
      return assertNever(command);
  }
}

async function append({ monitor, now }: CommandContext, events: Event[]): Promise<number> {
  return (await monitor.append(events, now)).accepted;
}

function knownAlert({ monitor }: CommandContext, alert_id: string): AlertState {
  const alert = monitor.model.alerts.get(alert_id);
  if (alert && alertRecord(alert)) return alert;
  throw new ProductError('ALERT_UNKNOWN', {
    detail: 'There is no such alert. It may have been cleared.',
  });
}

function alertsOf({ monitor }: CommandContext, job_id: string | undefined): AlertState[] {
  const alerts = [...monitor.model.alerts.values()];
  return alerts.filter(
    (alert) =>
      alert.raised && !alert.cleared && (job_id === undefined || alert.raised.job_id === job_id),
  );
}

/** Acknowledging twice changes nothing: the first one stands. */
function acknowledge(
  alerts: AlertState[],
  { by, note }: { by?: string; note?: string },
  context: CommandContext,
): Promise<number> {
  const open = alerts.filter((alert) => alert.acknowledged === null && alert.resolved === null);
  const who = { ...(by !== undefined && { by }), ...(note !== undefined && { note }) };
  return append(
    context,
    open.map(({ alert_id }) => ({
      type: 'alert.acknowledged',
      id: newId('ack'),
      time: context.now,
      alert_id,
      ...who,
    })),
  );
}

function clearAcknowledged(context: CommandContext): Promise<number> {
  const alerts = alertsOf(context, undefined).filter((alert) => alert.acknowledged !== null);
  return append(
    context,
    alerts.map(({ alert_id }) => ({
      type: 'alert.cleared',
      id: newId('clear'),
      time: context.now,
      alert_id,
    })),
  );
}

function resolve(
  alert_id: string,
  note: string | undefined,
  context: CommandContext,
): Promise<number> {
  if (knownAlert(context, alert_id).resolved !== null) return Promise.resolve(0);
  const reason = note ?? 'Resolved by hand.';
  return append(context, [
    { type: 'alert.resolved', id: newId('resolve'), time: context.now, alert_id, reason },
  ]);
}

function removeJob(job_id: string, context: CommandContext): Promise<number> {
  const { model } = context.monitor;
  const job = model.jobs.get(job_id);
  if (job && !isSettled(job)) throw new ProductError('JOB_STILL_RUNNING');
  if (!job && !model.finished.has(job_id)) throw new ProductError('JOB_UNKNOWN');
  return append(context, [{ type: 'job.removed', id: newId('remove'), time: context.now, job_id }]);
}

function testAlert(now: number): Event {
  return {
    type: 'alert.raised',
    id: newId('test'),
    time: now,
    title: 'Test alert',
    description:
      'Somebody asked for this alert, to see that alerts arrive. Acknowledge it to be done with it.',
    severity: 'INFO',
    component: 'service',
  };
}

function newId(kind: string): string {
  return `${OWN_ID}${kind}:${randomUUID()}`;
}
