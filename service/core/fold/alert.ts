import type { AlertEvent, Entry, EventOf } from '../../protocol/event.ts';
import type { AlertState } from '../model.ts';

type AlertFold = AlertEvent | EventOf<'alert.imported'>;

export function alertIdOf(event: AlertFold): string {
  return event.type === 'alert.raised' ? event.id : event.alert_id;
}

export function newAlert(alert_id: string): AlertState {
  return { alert_id, raised: null, acknowledged: null, resolved: null, cleared: false, seq: 0 };
}

export function foldAlert(alert: AlertState, event: AlertFold, entry: Entry): void {
  alert.seq = entry.seq;
  switch (event.type) {
    case 'alert.raised':
      alert.raised = event;
      break;
    case 'alert.acknowledged':
      // The first acknowledgement stands: "acknowledged since" must not move.
      if (alert.acknowledged === null || event.time < alert.acknowledged.time)
        alert.acknowledged = event;
      break;
    case 'alert.resolved':
      if (alert.resolved === null || event.time < alert.resolved.time) alert.resolved = event;
      break;
    case 'alert.cleared':
      alert.cleared = true;
      break;
    case 'alert.unacknowledged':
    case 'alert.reopened':
    case 'alert.routed':
      break;
    case 'alert.imported':
      for (const inner of event.events) foldAlert(alert, inner, entry);
      break;
  }
}
