/**
 * The alerts of rules as the judge needs them: by what could end them, and those that ended a while ago, which may come
 * back. Follows the journal, so a restart knows the same.
 */
import { OWN_ID } from '../protocol/event.ts';
import type { AlertState } from '../core/model.ts';
import { FINDING_KINDS } from '../protocol/finding.ts';

/** Names what an alert is about: the same cause has the same name in every run. */
export function runKey(rule_id: string, pipeline: string, phase_id: string | null): string {
  return JSON.stringify([rule_id, pipeline, phase_id]);
}

export function thingKey(rule_id: string, component: string, component_id: string): string {
  return JSON.stringify([rule_id, component, component_id, '']);
}

/** The id of the rule that raised it; null for alerts that no rule raised: people resolve those. */
export function ruleOf({ raised }: AlertState): string | null {
  // What the service says of itself, such as a test alert, is of no rule.
  if (!raised?.id.startsWith(OWN_ID) || raised.component === 'service') return null;
  return raised.id.split(':')[1] ?? null;
}

function keyOf(alert: AlertState): string | null {
  const rule_id = ruleOf(alert);
  const { raised } = alert;
  if (rule_id === null || raised === null) return null;
  const { job_id, phase_id, tags, component, component_id } = raised;
  const isFound = (FINDING_KINDS as readonly string[]).includes(component);
  if (job_id !== undefined && !isFound)
    return runKey(rule_id, tags?.['pipeline'] ?? '', phase_id ?? null);
  return thingKey(rule_id, component, component_id ?? '');
}

/** One that ended, and by whom. */
export interface Ended {
  alert_id: string;
  /** Epoch milliseconds. */
  time: number;
  by_hand: boolean;
}

/** So many that ended are remembered, the oldest go first: they would become new alerts. */
const MAX_ENDED = 10_000;

export class OpenAlerts {
  readonly #alerts: ReadonlyMap<string, AlertState>;
  readonly #open = new Map<string, Set<string>>();
  /** By key and job. */
  readonly #ended = new Map<string, Ended>();
  readonly #keys = new Map<string, string>();
  #count = 0;

  constructor(alerts: ReadonlyMap<string, AlertState>) {
    this.#alerts = alerts;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Active alerts of all keys. */
  get count(): number {
    return this.#count;
  }

  /** True when no alert is active, and none ended that could come back. */
  get isEmpty(): boolean {
    return this.#open.size === 0 && this.#ended.size === 0;
  }

  /** Takes note of an alert as the journal has it. */
  note(alert_id: string): void {
    const alert = this.#alerts.get(alert_id);
    const key = alert ? keyOf(alert) : null;
    if (alert === undefined || key === null) return;
    this.#keys.set(alert_id, key);
    const ended = `${key}\n${alert.raised?.job_id ?? ''}`;
    if (!alert.resolved && !alert.cleared) {
      this.#ended.delete(ended);
      if (add(this.#open, key, alert_id)) this.#count++;
      return;
    }
    if (remove(this.#open, key, alert_id)) this.#count--;
    const { time = 0, by } = alert.resolved ?? {};
    if ((this.#ended.get(ended)?.time ?? 0) > time) return;
    this.#ended.delete(ended);
    this.#ended.set(ended, { alert_id, time, by_hand: isByHand(alert, by) });
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }

  forget(alert_id: string): void {
    const key = this.#keys.get(alert_id);
    if (key === undefined) return;
    this.#keys.delete(alert_id);
    if (remove(this.#open, key, alert_id)) this.#count--;
  }

  ids(key: string): ReadonlySet<string> {
    return this.#open.get(key) ?? NONE;
  }

  /** True when an alert of that key is active, of this job where one is named. */
  isOpen(key: string, job_id?: string): boolean {
    for (const id of this.ids(key))
      if (job_id === undefined || this.#alerts.get(id)?.raised?.job_id === job_id) return true;
    return false;
  }

  /** The newest one that ended. */
  ended(key: string, job_id = ''): Ended | undefined {
    return this.#ended.get(`${key}\n${job_id}`);
  }

  /** What a person ended may begin again once it was good in between. */
  wasGood(key: string, job_id = ''): void {
    const ended = this.#ended.get(`${key}\n${job_id}`);
    if (ended) ended.by_hand = false;
  }

  /** All that are active, with the rule of each. */
  *all(): Generator<{ alert: AlertState; rule_id: string; key: string }> {
    for (const [key, ids] of this.#open) {
      for (const id of [...ids]) {
        const alert = this.#alerts.get(id);
        const rule_id = alert ? ruleOf(alert) : null;
        if (alert && rule_id !== null) yield { alert, rule_id, key };
      }
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Cleared while it was active, or resolved by somebody: the service names nobody. */
function isByHand(alert: AlertState, by: string | undefined): boolean {
  if (alert.resolved === null) return true;
  return by !== undefined || !alert.resolved.id.startsWith(`${alert.alert_id}:resolved`);
}

/** False when it is there already. */
function add(sets: Map<string, Set<string>>, key: string, id: string): boolean {
  const set = sets.get(key);
  if (set?.has(id)) return false;
  if (set) set.add(id);
  else sets.set(key, new Set([id]));
  return true;
}

/** False when it was not there. */
function remove(sets: Map<string, Set<string>>, key: string, id: string): boolean {
  const set = sets.get(key);
  if (!set?.delete(id)) return false;
  if (set.size === 0) sets.delete(key);
  return true;
}
