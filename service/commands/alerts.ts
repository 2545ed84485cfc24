/** What people do with alerts. Each of it is an event that says who it was. */
import { alertRecord } from '../core/alertView.ts';
import { ProductError } from '../protocol/errors.ts';
import type { Event } from '../protocol/event.ts';
import type { Acknowledgement } from '../protocol/frame.ts';
import type { AlertRecord } from '../protocol/record.ts';
import { type CommandContext, append, newId, who } from './context.ts';

export function knownAlert({ monitor }: Pick<CommandContext, 'monitor'>, id: string): AlertRecord {
  const alert = monitor.model.alerts.get(id);
  const record = alert && alertRecord(alert);
  if (record) return record;
  throw new ProductError('ALERT_UNKNOWN', {
    detail: 'There is no such alert. It may have been cleared.',
  });
}

/** All that are shown, or those of one job. */
export function alertsOf({ monitor }: CommandContext, job_id?: string): AlertRecord[] {
  const { alerts, alertsOfJob } = monitor.model;
  const ids = job_id === undefined ? alerts.keys() : (alertsOfJob.get(job_id) ?? []);
  return [...ids].flatMap((id) => {
    const alert = alerts.get(id);
    return (alert && alertRecord(alert)) ?? [];
  });
}

/** Acknowledging twice changes nothing: the first one stands until it is taken back. Resolved ones need none. */
export function acknowledge(
  alerts: readonly AlertRecord[],
  { by, note, for_ms }: Acknowledgement,
  context: CommandContext,
): Promise<number> {
  const said = {
    ...who(by),
    ...(note !== undefined && { note }),
    ...(for_ms !== undefined && { until: context.now + for_ms }),
  };
  const open = alerts.filter(({ active, acknowledged }) => active && !acknowledged);
  return append(
    context,
    open.map(({ alert_id }): Event => ({
      type: 'alert.acknowledged',
      ...{ id: newId('ack'), time: context.now, alert_id },
      ...said,
    })),
  );
}

export function unacknowledge(
  { alert_id, by }: { alert_id: string; by?: string },
  context: CommandContext,
): Promise<number> {
  const { active, acknowledged } = knownAlert(context, alert_id);
  if (!active || !acknowledged) return Promise.resolve(0);
  const id = newId('unack');
  const { now: time } = context;
  return append(context, [{ type: 'alert.unacknowledged', id, time, alert_id, ...who(by) }]);
}

export function clearAcknowledged(
  by: string | undefined,
  context: CommandContext,
): Promise<number> {
  const alerts = alertsOf(context).filter(({ acknowledged }) => acknowledged);
  return append(
    context,
    alerts.map(({ alert_id }): Event => ({
      type: 'alert.cleared',
      ...{ id: newId('clear'), time: context.now, alert_id },
      ...who(by),
    })),
  );
}

export function resolve(
  { alert_id, by, note }: { alert_id: string; by?: string; note?: string },
  context: CommandContext,
): Promise<number> {
  if (!knownAlert(context, alert_id).active) return Promise.resolve(0);
  const reason = note ?? 'Resolved by hand.';
  const id = newId('resolve');
  const { now: time } = context;
  return append(context, [{ type: 'alert.resolved', id, time, alert_id, reason, ...who(by) }]);
}

/** An alert like any other, to see that alerts arrive. */
export function raiseTest(context: CommandContext): Promise<number> {
  const alert: Event = {
    type: 'alert.raised',
    id: newId('test'),
    time: context.now,
    title: 'Test alert',
    description:
      'Somebody asked for this alert, to see that alerts arrive. Acknowledge it to be done with it.',
    severity: 'INFO',
    component: 'service',
  };
  return append(context, [alert]);
}
