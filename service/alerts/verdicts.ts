/**
 * What becomes of what a rule finds: pending while it has not lasted long enough, an alert, the same alert again when the
 * cause comes back soon, its end. What it says are events, whose ids name rule, subject and occasion.
 */
import { createHash } from 'node:crypto';
import type { AlertState } from '../core/model.ts';
import { type Event, OWN_ID } from '../protocol/event.ts';
import type { Rule } from '../protocol/rule.ts';
import { toWellFormed } from '../protocol/wellFormed.ts';
import type { About } from './about.ts';
import { OpenAlerts } from './openAlerts.ts';
import type { Finding, Verdict } from './rules/kind.ts';
import type { Passed } from './subject.ts';
import { fillMessage } from './template.ts';
import { duration } from '../protocol/describe.ts';
import { amount, beyond } from './rules/words.ts';

export interface Out {
  /** Epoch milliseconds. */
  now: number;
  events: Event[];
}

export interface VerdictOptions {
  alerts: ReadonlyMap<string, AlertState>;
  passed: Passed;
  /** Milliseconds in which a cause that comes back opens its alert again. */
  reopen_ms: () => number;
  /** So many alerts may be active: beyond, none begins. */
  most: number;
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
  /** Said, but not yet back through the journal: the kind of change, and the alert. */
  readonly #said = new Set<string>();
  /** Rules that would have raised more than there may be. */
  readonly #crowdedOut = new Set<string>();
  /** Alerts among them that begin or come back, and what they are about. */
  readonly #beginning = new Map<string, string>();
  readonly #aboutBeginning = new Set<string>();

  constructor(options: VerdictOptions) {
    this.#options = options;
    this.open = new OpenAlerts(options.alerts);
  }

  /** True while there is nothing that could end. */
  get isIdle(): boolean {
    return this.#pending.size === 0 && this.open.isEmpty;
  }

  pendingOf(rule_id: string): number {
    return this.#pendingOf.get(rule_id) ?? 0;
  }

  /** True while an alert of the rule was not raised because too many are active. */
  isCrowdedOut(rule_id: string): boolean {
    return this.#isCrowded() && this.#crowdedOut.has(rule_id);
  }

  isFull(): boolean {
    return this.#pending.size >= MAX_PENDING;
  }

  /** Takes note of an alert that came back through the journal, or was there at the start. */
  note(alert_id: string): void {
    const alert = this.#options.alerts.get(alert_id);
    if (alert?.raised) this.#begun(alert_id);
    this.#said.delete(`${alert?.resolved ? 'alert.resolved' : 'alert.reopened'} ${alert_id}`);
    this.open.note(alert_id);
  }

  forget(alert_id: string): void {
    this.#begun(alert_id);
    for (const type of ['alert.resolved', 'alert.reopened'])
      this.#said.delete(`${type} ${alert_id}`);
    this.open.forget(alert_id);
  }

  /** Events that could not be stored will be said again at the next occasion. */
  unsaid(events: readonly Event[]): void {
    for (const event of events) {
      const alert_id = 'alert_id' in event ? event.alert_id : event.id;
      this.#said.delete(`${event.type} ${alert_id}`);
      this.#begun(alert_id);
    }
  }

  #begins(alert_id: string, { key, run }: About): void {
    const about = pendingKey(key, run?.job_id);
    this.#beginning.set(alert_id, about);
    this.#aboutBeginning.add(about);
  }

  #begun(alert_id: string): void {
    this.#said.delete(`alert.raised ${alert_id}`);
    const key = this.#beginning.get(alert_id);
    if (key === undefined) return;
    this.#beginning.delete(alert_id);
    this.#aboutBeginning.delete(key);
  }

  /** Nothing of these rules is pending any more. */
  drop(rules: ReadonlySet<string>): void {
    for (const [key, { rule_id }] of this.#pending) if (rules.has(rule_id)) this.#unpend(key);
  }

  /** What was found is not bad: nothing is pending any more, and when it was good it may begin again. */
  rest(key: string, job_id: string | undefined, is: 'good' | 'between'): void {
    if (this.#pending.size > 0) this.#unpend(pendingKey(key, job_id));
    if (is === 'good') this.open.wasGood(key, job_id);
  }

  /** The events that follow from something bad, at `now`. True while it is pending. */
  take(found: Found, out: Out): boolean {
    const { rule, about, verdict } = found;
    const key = pendingKey(about.key, about.run?.job_id);
    if (this.#isKnown(rule, about, verdict.occasion)) {
      this.#unpend(key);
      return false;
    }
    if (rule.for_ms > 0 && !this.#hasLasted(key, rule, out.now)) return true;
    this.#unpend(key);
    if (!this.#isCrowded()) this.#begin(found, out);
    else {
      this.#crowdedOut.add(rule.rule_id);
      // What is still so when there is room again begins then; a run is told of when it happens or not at all.
      return about.run === undefined;
    }
    return false;
  }

  /** Ends an active alert. */
  resolve(alert_id: string, reason: string, out: Out): void {
    const alert = this.#options.alerts.get(alert_id);
    if (!alert || alert.resolved) return;
    // The first end has a name of its own; after it came back, the time tells them apart.
    const again = alert.reopened_count > 0 ? `:${out.now}` : '';
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
    if ((returns || !run) && this.open.isOpen(key, run?.job_id)) return true;
    if (returns) {
      if (this.#aboutBeginning.has(pendingKey(key, run?.job_id))) return true;
      // What a person ended stays ended until it was good in between.
      return this.open.ended(key, run?.job_id)?.by_hand === true;
    }
    const id = alertId(rule, about, occasion);
    return this.#options.alerts.has(id) || this.#said.has(`alert.raised ${id}`);
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

  #isCrowded(): boolean {
    return this.open.count + this.#said.size >= this.#options.most;
  }

  #begin(found: Found, out: Out): void {
    const { rule, about, verdict } = found;
    this.#crowdedOut.clear();
    const id = alertId(rule, about, verdict.occasion);
    const ended = about.returns ? this.open.ended(about.key, about.run?.job_id) : undefined;
    if (ended && out.now - ended.time <= this.#options.reopen_ms()) {
      this.#begins(ended.alert_id, about);
      return this.#reopen(ended.alert_id, found, out);
    }
    const isUsed = this.#options.alerts.has(id);
    if (isUsed && !about.returns) return;
    const alert_id = isUsed ? alertId(rule, about, `${verdict.occasion}/${out.now}`) : id;
    this.#begins(alert_id, about);
    const place = about.run ?? about.within;
    this.#say(alert_id, out, {
      type: 'alert.raised',
      id: alert_id,
      time: out.now,
      ...spoken(found),
      severity: rule.severity,
      component: about.component,
      component_id: about.component_id,
      ...(place && { job_id: place.job_id }),
      ...(place?.phase_id != null && { phase_id: place.phase_id }),
      tags: { ...about.tags },
    });
  }

  #reopen(alert_id: string, found: Found, out: Out): void {
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

  #say(alert_id: string, out: { events: Event[] }, event: Event): void {
    const what = `${event.type} ${alert_id}`;
    if (this.#said.has(what)) return;
    this.#said.add(what);
    out.events.push(event);
  }
}

function pendingKey(key: string, job_id: string | undefined): string {
  return job_id === undefined ? key : `${key}\n${job_id}`;
}

export interface Found {
  rule: Rule;
  about: About;
  verdict: Extract<Verdict, { is: 'bad' }>;
}

/** The kind's own words, or those that a person wrote. */
function spoken({ rule, about, verdict: { finding } }: Found): Finding {
  if (rule.message === null) return finding;
  const { value, threshold, title } = finding;
  const fields = {
    ...{ rule: rule.name, severity: rule.severity, title, for: duration(rule.for_ms) },
    ...amounts({ value, threshold }, about.unit),
    unit: about.unit ?? '',
    ...about.fields,
  };
  return { ...finding, description: fillMessage(rule.message, { fields, labels: about.labels }) };
}

function amounts(
  { value, threshold }: { value: number | undefined; threshold: number | undefined },
  unit: string | null,
) {
  const text = (one: number | undefined) => (one === undefined ? '' : amount(one, unit));
  if (value === undefined || threshold === undefined)
    return { value: text(value), threshold: text(threshold) };
  const [is, limit] = beyond(value, threshold, unit);
  return { value: is, threshold: limit };
}

/** Ids of alerts stand in addresses: at most so many letters. */
const LONGEST_ID = 128;
/** Ids of events are short, those of jobs and phases need not be: long places go by their digest. */
const LONGEST_PLACE = 96;

function alertId(
  { rule_id }: Rule,
  { component, component_id, run }: About,
  occasion: string,
): string {
  const begin = `${OWN_ID}${rule_id}:`;
  const parts = run
    ? [run.job_id, run.phase_id ?? '', occasion]
    : [component, component_id, occasion];
  const place = parts.map((part) => encodeURIComponent(toWellFormed(part))).join('/');
  const longest = Math.min(LONGEST_PLACE, LONGEST_ID - begin.length);
  if (place.length <= longest) return begin + place;
  return begin + createHash('sha256').update(place).digest('base64url');
}
