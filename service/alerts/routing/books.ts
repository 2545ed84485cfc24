/** What is gathered and who was told, as the world has it and as one pass over it goes on. Pure. */
import { routeOf } from '../../core/fold/alert.ts';
import {
  type Gathered,
  type Gathering,
  gather,
  newGathering,
} from '../../core/domain/notification.ts';
import type { AlertState } from '../../core/model.ts';
import { Recent } from './recent.ts';
import type { Told, World } from './world.ts';

export const RATE_MS = 60_000;
/** More alerts are not told in one group. */
const MAX_GROUP = 100;

export class Books {
  readonly recent: Recent;
  readonly #world: World;
  readonly #gatherings: Map<string, Gathering>;
  /** Told in this pass: by subject or alert, and channel. */
  readonly #told = new Map<string, Told>();

  constructor(world: World) {
    this.#world = world;
    this.recent = new Recent(world.notifications, world.now - RATE_MS);
    this.#gatherings = new Map([...world.gatherings].map(([id, row]) => [id, copyOf(row)]));
  }

  get size(): number {
    return this.#gatherings.size;
  }

  /** What waits to be made and can take the alert. */
  open(told: Told | undefined, alert_id: string): Gathering | undefined {
    const row = this.#gatherings.get(told?.notification_id ?? '');
    if (!row || row.kind === 'digest') return row;
    return row.alert_ids.length < MAX_GROUP || row.alert_ids.includes(alert_id) ? row : undefined;
  }

  digestOf(channel_id: string): Gathering | undefined {
    return this.#of(channel_id, 'digest')[0];
  }

  /** Those of the job; any of the channel where `job_id` is null. */
  groupOf(channel_id: string, job_id: string | null): Gathering | undefined {
    return this.#of(channel_id, 'group').find(({ alert_ids }) => {
      const first = this.#world.alerts.get(alert_ids[0] ?? '')?.raised?.job_id;
      return alert_ids.length < MAX_GROUP && (job_id === null || first === job_id);
    });
  }

  groups(channel_id: string): number {
    return this.#of(channel_id, 'group').length;
  }

  /** Takes out those whose time has come and that may be made. */
  takeDue(now: number, mayBeMade: (row: Gathering) => boolean): Gathering[] {
    const due = [...this.#gatherings.values()].filter((row) => row.due_at <= now && mayBeMade(row));
    for (const { notification_id } of due) this.#gatherings.delete(notification_id);
    return due;
  }

  /** When that channel was told of this alert last. */
  toldOf(alert: AlertState, channel_id: string): Told | undefined {
    const held = routeOf(alert.told, channel_id);
    return (
      this.#told.get(keyOf(alert.alert_id, channel_id)) ??
      (held && { at: held.due_at ?? held.time, notification_id: held.notification_id ?? null })
    );
  }

  /** When that channel was told of the subject last, by whichever alert. */
  lastTold(alert: AlertState, subject: string, channel_id: string): Told | undefined {
    const own = this.toldOf(alert, channel_id);
    if (subject === alert.alert_id) return own;
    const held = this.#told.get(keyOf(subject, channel_id));
    const last = held ?? this.#world.told(subject, channel_id);
    return last && last.at >= (own?.at ?? 0) ? last : own;
  }

  /** Takes note of what is told. `told` is when, and by which notification. */
  note(subject: string, told: Told, gathered: Gathered): void {
    const { alert_id, channel_id } = gathered;
    this.#told.set(keyOf(alert_id, channel_id), told);
    this.#told.set(keyOf(subject, channel_id), told);
    const id = told.notification_id;
    if (id === null) return;
    let row = this.#gatherings.get(id);
    if (!row) this.#gatherings.set(id, (row = newGathering(id)));
    gather(row, gathered);
  }

  #of(channel_id: string, kind: Gathering['kind']): Gathering[] {
    return [...this.#gatherings.values()].filter(
      (row) => row.channel_id === channel_id && row.kind === kind,
    );
  }
}

function copyOf(row: Gathering): Gathering {
  return {
    ...row,
    alert_ids: [...row.alert_ids],
    counts: row.counts.map(([rule, count]) => [rule, count]),
  };
}

function keyOf(subject: string, channel_id: string): string {
  return `${channel_id}\n${subject}`;
}
