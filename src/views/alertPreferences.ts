import { Emitter } from '../emitter.ts';
import type { Store } from '../store.ts';
import { ALERT_GROUPINGS, type AlertGrouping } from './arrangeAlerts.ts';

const KEY = 'alerts.grouping';

/** How a person arranged the alerts of this workspace. */
export class AlertPreferences {
  private readonly changed = new Emitter<undefined>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly store: Store) {}

  get grouping(): AlertGrouping {
    const kept = this.store.get(KEY);
    return ALERT_GROUPINGS.find((one) => one === kept) ?? 'severity';
  }

  group(by: AlertGrouping): void {
    void this.store.update(KEY, by);
    this.changed.fire(undefined);
  }
}
