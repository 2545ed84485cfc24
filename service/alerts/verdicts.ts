/**
 * What becomes of what a rule finds: pending while it has not lasted long enough, an alert, the same alert again when the
 * cause comes back soon, its end. What it says are events, whose ids name rule, subject and occasion.
 */
import { createHash } from 'node:crypto';
import type { AlertState } from '../core/model.ts';
import { type Event, OWN_ID } from '../protocol/event.ts';
import type { Rule } from '../protocol/rule.ts';
import { toWellFormed } from '../protocol/wellFormed.ts';
import { OpenAlerts } from './openAlerts.ts';
import type { Finding, Verdict } from './rules/kind.ts';
import type { Passed } from './subject.ts';
import { type MessageField, fillMessage } from './template.ts';
import { duration } from '../protocol/describe.ts';
import { amount } from './rules/words.ts';

/** What an alert is about. */
export interface About {
  /** See `runKey` and `thingKey`. */
  key: string;
  component: string;
  component_id: string;
  /** Of a phase or job. */
  run?: { job_id: string; phase_id: string | null };
  /** Where the cause can come and go: it comes back as the same alert. */
  returns: boolean;
  tags: Readonly<Record<string, string>>;
  unit: string | null;
  /** For the message that a person wrote. */
  fields: Partial<Record<MessageField, string>>;
  labels: Readonly<Record<string, string>>;
}

export interface VerdictOptions {
  alerts: ReadonlyMap<string, AlertState>;
  passed: Passed;
  /** Milliseconds in which a cause that comes back opens its alert again. */
  reopen_ms: () => number;
}

interface Pending {
  rule_id: string;
  /** Epoch milliseconds since when it holds. */
  since: number;
}

/** Beyond, a subject waits until others are done. */
const MAX_PENDING = 20_000;

export class Verdicts {
  readonly open: OpenAlerts;
  readonly #options: VerdictOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #pendingOf = new Map<string, number>();
  /** Said, but not yet back through the journal: the id of the event, and that of its alert. */
  readonly #said = new Map<string, string>();

  constructor(options: VerdictOptions) {
    this.#options = options;
    this.open = new OpenAlerts(options.alerts);
  }

  get pending(): number {
    return this.#pending.size;
  }

  pendingOf(rule_id: string): number {
    return this.#pendingOf.get(rule_id) ?? 0;
  }

  isFull(): boolean {
    return this.#pending.size >= MAX_PENDING;
  }

  /** Takes note of an alert that came back through the journal, or was there at the start. */
  note(alert_id: string): void {
    for (const [id, of] of this.#said) if (of === alert_id) this.#said.delete(id);
    this.open.note(alert_id);
  }

  forget(alert_id: string): void {
    this.#said.delete(alert_id);
    this.open.forget(alert_id);
  }

  unsaid(events: readonly Event[]): void {
    for (const { id } of events) this.#said.delete(id);
  }

  /** Nothing of these rules is pending any more. */
  drop(rules: ReadonlySet<string>): void {
    for (const [key, { rule_id }] of this.#pending) if (rules.has(rule_id)) this.#unpend(key);
  }

  /** The events that follow from what was found, at `now`. True while it is pending. */
  take(rule: Rule, about: About, verdict: Verdict, out: { now: number; events: Event[] }): boolean {
    const { key, run } = about;
    const pendingKey = run ? `${key}\n${run.job_id}` : key;
    if (verdict.is !== 'bad') {
      if (this.#pending.size > 0) this.#unpend(pendingKey);
      if (verdict.is === 'good') this.open.wasGood(key, run?.job_id);
      return false;
    }
    if (this.#isKnown(rule, about, verdict.occasion)) {
      this.#unpend(pendingKey);
      return false;
    }
    if (rule.for_ms > 0 && !this.#hasLasted(pendingKey, rule, out.now)) return true;
    this.#unpend(pendingKey);
    this.#begin({ rule, about, verdict }, out);
    return false;
  }

  /** Ends an active alert. */
  resolve(alert_id: string, reason: string, out: { now: number; events: Event[] }): void {
    const alert = this.#options.alerts.get(alert_id);
    if (alert?.resolved || this.#saidOf(alert_id, 'alert.resolved')) return;
    // The first end has a name of its own; after it came back, the time tells them apart.
    const again = this.#options.alerts.get(alert_id)?.ends ? `:${out.now}` : '';
    this.#say(alert_id, out, {
      type: 'alert.resolved',
      id: `${alert_id}:resolved${again}`,
      time: out.now,
      alert_id,
      reason,
    });
  }

  #isKnown(rule: Rule, about: About, occasion: string): boolean {
    const { key, run, returns } = about;
    if (returns) {
      if (this.open.isOpen(key, run?.job_id)) return true;
      // What a person ended stays ended until it was good in between.
      return this.open.ended(key, run?.job_id)?.by_hand === true;
    }
    const id = alertId(rule, about, occasion);
    return this.#options.alerts.has(id) || this.#said.has(id);
  }

  #hasLasted(key: string, { rule_id, for_ms }: Rule, now: number): boolean {
    const held = this.#pending.get(key);
    if (held) return this.#options.passed(held.since, now) >= for_ms;
    if (this.#pending.size >= MAX_PENDING) return false;
    this.#pending.set(key, { rule_id, since: now });
    this.#pendingOf.set(rule_id, this.pendingOf(rule_id) + 1);
    return false;
  }

  #unpend(key: string): void {
    const held = this.#pending.get(key);
    if (held === undefined) return;
    this.#pending.delete(key);
    const left = this.pendingOf(held.rule_id) - 1;
    if (left > 0) this.#pendingOf.set(held.rule_id, left);
    else this.#pendingOf.delete(held.rule_id);
  }

  #begin(found: Found, out: { now: number; events: Event[] }): void {
    const { rule, about, verdict } = found;
    const id = alertId(rule, about, verdict.occasion);
    const ended = about.returns ? this.open.ended(about.key, about.run?.job_id) : undefined;
    if (ended && out.now - ended.time <= this.#options.reopen_ms())
      return this.#reopen(ended.alert_id, found, out);
    const isUsed = this.#options.alerts.has(id);
    if (isUsed && !about.returns) return;
    const alert_id = isUsed ? alertId(rule, about, `${verdict.occasion}/${out.now}`) : id;
    if (this.#said.has(alert_id)) return;
    this.#say(alert_id, out, {
      type: 'alert.raised',
      id: alert_id,
      time: out.now,
      ...spoken(found),
      severity: rule.severity,
      component: about.component,
      component_id: about.component_id,
      ...(about.run && { job_id: about.run.job_id }),
      ...(about.run?.phase_id != null && { phase_id: about.run.phase_id }),
      tags: { ...about.tags },
    });
  }

  #reopen(alert_id: string, found: Found, out: { now: number; events: Event[] }): void {
    if (this.#saidOf(alert_id, 'alert.reopened')) return;
    const { description, value } = spoken(found);
    this.#say(alert_id, out, {
      type: 'alert.reopened',
      id: `${alert_id}:reopened:${out.now}`,
      time: out.now,
      alert_id,
      description,
      severity: found.rule.severity,
      ...(value !== undefined && { value }),
    });
  }

  #saidOf(alert_id: string, type: Event['type']): boolean {
    const mark = type === 'alert.resolved' ? ':resolved' : ':reopened';
    for (const [id, of] of this.#said) if (of === alert_id && id.startsWith(alert_id + mark)) return true;
    return false;
  }

  #say(alert_id: string, out: { events: Event[] }, event: Event): void {
    if (this.#said.has(event.id)) return;
    this.#said.set(event.id, alert_id);
    out.events.push(event);
  }
}

interface Found {
  rule: Rule;
  about: About;
  verdict: { finding: Finding; occasion: string };
}

/** The kind's own words, or those that a person wrote. */
function spoken({ rule, about, verdict: { finding } }: Found): Finding {
  if (rule.message === null) return finding;
  const { value, threshold, title } = finding;
  const text = (number: number | undefined) =>
    number === undefined ? '' : amount(number, about.unit);
  const fields = {
    ...{ rule: rule.name, severity: rule.severity, title, for: duration(rule.for_ms) },
    ...{ value: text(value), threshold: text(threshold), unit: about.unit ?? '' },
    ...about.fields,
  };
  return { ...finding, description: fillMessage(rule.message, { fields, labels: about.labels }) };
}

/** Ids of alerts stand in addresses: at most so many letters. */
const LONGEST_ID = 128;
/** Ids of events are short, those of jobs and phases need not be: long places go by their digest. */
const LONGEST_PLACE = 96;

function alertId({ rule_id }: Rule, { component, component_id, run }: About, occasion: string): string {
  const begin = `${OWN_ID}${rule_id}:`;
  const parts = run ? [run.job_id, run.phase_id ?? '', occasion] : [component, component_id, occasion];
  const place = parts.map((part) => encodeURIComponent(toWellFormed(part))).join('/');
  const longest = Math.min(LONGEST_PLACE, LONGEST_ID - begin.length);
  if (place.length <= longest) return begin + place;
  return begin + createHash('sha256').update(place).digest('base64url');
}
