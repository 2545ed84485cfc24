/**
 * The service's own path from an event to its alerts, with a clock that is set by hand and nothing on disk: model, series,
 * rules, watch and judge are the real ones, and what the watch says is folded like any event.
 */
import assert from 'node:assert/strict';
import { pino } from 'pino';
import { RuleBook, parseRule } from '../../service/alerts/ruleBook.ts';
import { Findings } from '../../service/analysis/findings.ts';
import { targetsNow } from '../../service/analysis/currentHealth.ts';
import { type Config, type ConfigInput, loadConfig } from '../../service/config.ts';
import { alertRecord } from '../../service/core/alertView.ts';
import { recordTouched } from '../../service/core/history.ts';
import { Model } from '../../service/core/fold.ts';
import { newTouched } from '../../service/core/touched.ts';
import { Measures } from '../../service/measures.ts';
import type { Event } from '../../service/protocol/event.ts';
import { parseEvents } from '../../service/protocol/parse.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import { SeriesStore } from '../../service/series/store.ts';
import { SteadyTime } from '../../service/steadyTime.ts';
import { Watch } from '../../service/watch.ts';

export const T0 = Date.parse('2026-03-01T10:00:00Z');
const MAX_STEPS = 2000;

/** Of an alert, all that a person reads. */
export type Said = Pick<
  AlertRecord,
  'title' | 'description' | 'component' | 'component_id' | 'metric' | 'value' | 'threshold' | 'tags'
>;

export class Court {
  readonly model = new Model();
  readonly series: SeriesStore;
  readonly rules: RuleBook;
  /** What the analysis would find; it is not part of the court. */
  findings = new Findings();
  readonly config: Config;
  readonly time: SteadyTime;
  readonly #measures: Measures;
  #watch: Watch;
  #wall: number;
  #elapsed = 0;
  #seq = 0;
  #revisions = 0;
  #touched = newTouched();

  constructor(config: ConfigInput = {}, start = T0) {
    this.#wall = start;
    this.config = loadConfig({ flags: { data_dir: '.', ...config }, env: {} });
    this.time = new SteadyTime({ now: () => this.#wall, elapsed: () => this.#elapsed });
    const limits = { max_series: 5000, max_per_metric: 1000, system_hours: 24, series_days: 30 };
    this.series = new SeriesStore({ ...limits, clock: () => this.now });
    this.#measures = new Measures(this.model, this.series, 0);
    const { definitions } = this.model.domain;
    this.rules = new RuleBook({ definitions, config: () => this.config });
    this.#watch = this.#newWatch();
    this.#watch.begin();
  }

  get now(): number {
    return Math.floor(this.#wall);
  }

  #newWatch(): Watch {
    const { model, series, rules, findings, time } = this;
    return new Watch({
      ...{ model, series, rules, findings, time, logger: pino({ level: 'silent' }) },
      settings: () => this.config,
      append: (events) => {
        for (const event of events) this.#fold(event);
        return Promise.resolve();
      },
      targets: (now) =>
        targetsNow({ series, model, settings: { config: { targets: this.config.targets } } }, now),
    });
  }

  /** Events as they come at the door; each must be a right one. */
  hear(...values: object[]): void {
    let ids = 0;
    const { events, rejected } = parseEvents(values, {
      now: this.now,
      newId: () => `e${this.#seq}-${ids++}`,
      fault: () => null,
    });
    assert.deepEqual(rejected, []);
    for (const event of events) this.#fold(event);
    this.#look();
  }

  #fold(event: Event): void {
    const entry = { seq: ++this.#seq, received_at: this.now, event };
    this.model.apply(entry, this.#touched);
    this.#measures.take(entry);
  }

  /** What was found, or ended, is judged with the next changes; here at once. */
  look(): void {
    this.#look();
  }

  #look(): void {
    do {
      const touched = this.#touched;
      this.#touched = newTouched();
      recordTouched(this.model, touched, this.config.retention.phase_history);
      this.#watch.changed(touched);
    } while (this.#touched.alerts.size > 0);
  }

  /** Lets the time pass, with a look every second, or 2,000 of them where it is long. */
  async pass(ms: number, step = Math.max(1000, Math.ceil(ms / MAX_STEPS))): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      const passes = Math.min(step, left);
      this.#wall += passes;
      this.#elapsed += passes;
      await this.tick();
    }
  }

  async tick(): Promise<void> {
    this.#watch.tick();
    this.#look();
    // The targets are asked for, not looked up.
    await new Promise((resolve) => setImmediate(resolve));
    this.#look();
  }

  /** The clock is set, or the machine slept: nothing ran meanwhile. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** A new service on the same records. */
  restart(): void {
    this.findings = new Findings();
    this.#watch = this.#newWatch();
    this.#watch.begin();
    this.#look();
  }

  /** No service runs for so long; then a new one does, on the same records. */
  away(ms: number): void {
    this.#wall += ms;
    this.#elapsed += ms;
    this.restart();
  }

  /** As retention does. */
  forget(alert_id: string): void {
    this.model.forgetAlert(alert_id, this.#touched);
    this.#look();
  }

  /** A rule as a person makes or changes it. */
  define(rule: { rule_id: string; [field: string]: unknown }): void {
    const { rule_id: key } = rule;
    const held = this.rules.rule(key);
    const value = parseRule(held ? rule : { name: key, ...rule }, held);
    const revision = ++this.#revisions;
    const id = `rule-${revision}`;
    this.#fold({
      type: 'definition.changed',
      id,
      time: this.now,
      of: 'rule',
      key,
      revision,
      value,
    });
    this.rules.refresh();
    this.#look();
  }

  /** Only these rules are on. */
  only(...kept: string[]): void {
    for (const { rule_id, enabled } of this.rules.rules)
      if (enabled && !kept.includes(rule_id)) this.define({ rule_id, enabled: false });
  }

  /** All alerts of a rule, of any when none is named. */
  alerts(rule_id?: string): AlertRecord[] {
    return [...this.model.alerts.values()]
      .flatMap((alert) => alertRecord(alert) ?? [])
      .filter(({ rule }) => rule_id === undefined || rule === rule_id);
  }

  /** What each alert of the rule is about, and whether it is active. */
  states(rule_id: string): [string | null, boolean][] {
    return this.alerts(rule_id).map(({ component_id, active }) => [component_id, active]);
  }

  said(rule_id: string): Said | undefined {
    const [alert] = this.alerts(rule_id);
    if (alert === undefined) return undefined;
    const { title, description, component, component_id, metric, value, threshold, tags } = alert;
    return { title, description, component, component_id, metric, value, threshold, tags };
  }
}
