/** When each channel was told of each subject last, kept up with the alerts: it can always be made anew of them. */
import type { AlertState } from '../../core/model.ts';
import { subjectOf } from './subject.ts';
import type { Told } from './world.ts';

export class ToldIndex {
  /** Subject -> channel -> when. */
  readonly #told = new Map<string, Map<string, Told>>();
  /** Subject -> its alerts. */
  readonly #alerts = new Map<string, Set<string>>();
  readonly #subjects = new Map<string, string>();

  get(subject: string, channel_id: string): Told | undefined {
    return this.#told.get(subject)?.get(channel_id);
  }

  note(alert: AlertState): void {
    const subject = subjectOf(alert);
    if (subject === null) return;
    this.#subjects.set(alert.alert_id, subject);
    const alerts = this.#alerts.get(subject) ?? new Set();
    this.#alerts.set(subject, alerts.add(alert.alert_id));
    const told = this.#told.get(subject) ?? new Map<string, Told>();
    this.#told.set(subject, told);
    for (const { channel_id, time, due_at, notification_id } of alert.told) {
      const at = due_at ?? time;
      if (at >= (told.get(channel_id)?.at ?? 0))
        told.set(channel_id, { at, notification_id: notification_id ?? null });
    }
  }

  /** With the last alert of a subject goes what was told of it. */
  forget(alert_id: string): void {
    const subject = this.#subjects.get(alert_id);
    if (subject === undefined) return;
    this.#subjects.delete(alert_id);
    const alerts = this.#alerts.get(subject);
    alerts?.delete(alert_id);
    if (alerts && alerts.size > 0) return;
    this.#alerts.delete(subject);
    this.#told.delete(subject);
  }
}
