import type { AlertRecord } from '../service/protocol/record.ts';
import { severityRank } from '../service/protocol/states.ts';
import { Emitter } from './emitter.ts';
import type { Store } from './store.ts';

const KEY = 'alerts.noticed';
const MOST_NOTICED = 2000;
/** The channel that stands for notifications in VS Code. */
const CHANNEL = 'vscode';

/**
 * Which alerts are news. The service says so when it has decided what the channel `vscode` is to be told; until then an
 * alert waits. One that was raised before this window connected for the first time is none, and none is news twice, a
 * reload of the window included. One that comes back is news again where the service says so again.
 */
export class AlertNews {
  private readonly noticed: Set<string>;
  private readonly told = new Emitter<readonly AlertRecord[]>();
  readonly onNews = this.told.event;

  /** `since`: when this window connected for the first time, epoch milliseconds. */
  constructor(
    private readonly store: Store,
    private readonly since: () => number | undefined,
  ) {
    this.noticed = new Set(store.get(KEY) as string[] | undefined);
  }

  /** Takes in alerts as they are now. `reset`: these are all there are. */
  observe(alerts: Iterable<AlertRecord>, reset: boolean): void {
    const unknown = [...alerts].filter((alert) => !this.noticed.has(keyOf(alert)));
    const past = reset ? unknown.filter((alert) => this.isPast(alert)) : [];
    const news = unknown.filter((alert) => !past.includes(alert) && isToBeTold(alert));
    // Who acknowledged it knows of it: it is no news when that ends.
    const seen = unknown.filter((alert) => alert.acknowledged);
    const settled = [...past, ...news, ...seen];
    if (settled.length === 0) return;
    for (const alert of settled) this.noticed.add(keyOf(alert));
    this.keep();
    if (news.length > 0) this.told.fire(news);
  }

  private isPast(alert: AlertRecord): boolean {
    return Date.parse(raisedAt(alert)) < (this.since() ?? Infinity);
  }

  private keep(): void {
    for (const key of this.noticed) {
      if (this.noticed.size <= MOST_NOTICED) break;
      this.noticed.delete(key);
    }
    void this.store.update(KEY, [...this.noticed]);
  }
}

/** Active, not acknowledged, and meant for notifications. */
export function isToBeTold(alert: AlertRecord): boolean {
  return alert.active && !alert.acknowledged && outcomeOf(alert) === 'queued';
}

/** Held back by the service for now, so that there is no storm. */
export function isHeldBack(alert: AlertRecord): boolean {
  return alert.active && !alert.acknowledged && outcomeOf(alert) === 'digest';
}

/** What becomes of it in VS Code; undefined until that is decided. */
function outcomeOf(alert: AlertRecord): string | undefined {
  const { routed } = alert as Partial<AlertRecord>;
  // A service from before there were channels: whoever asks for warnings is told of them.
  if (routed === undefined)
    return severityRank(alert.severity) >= severityRank('WARNING') ? 'queued' : 'filtered';
  return routed?.find(({ channel_id }) => channel_id === CHANNEL)?.outcome;
}

function keyOf(alert: AlertRecord): string {
  return `${alert.alert_id}@${raisedAt(alert)}`;
}

/** Raised, or reopened last; an older service says the first only. */
function raisedAt(alert: AlertRecord): string {
  const { last_raised_at: last } = alert as Partial<AlertRecord>;
  return last ?? alert.raised_at;
}
