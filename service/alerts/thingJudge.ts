/** Workers, queues, series, targets and schedules before the judge. */
import { type QueueState, queueRecord, waitingSince } from '../core/domain/queue.ts';
import { workerState } from '../core/domain/worker.ts';
import type { Model } from '../core/fold.ts';
import { readAllTexts, readNumber, readText } from '../core/registers.ts';
import type { Touched } from '../core/touched.ts';
import type { Rule, RuleOf } from '../protocol/rule.ts';
import type { TargetRecord } from '../protocol/targets.ts';
import { type Thing, thingAbout } from './about.ts';
import { Due } from './due.ts';
import { thingKey } from './openAlerts.ts';
import { type RuleIndex, fitsLabels } from './ruleIndex.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart, OnSeries, QueueSubject, SeriesSubject, Verdict } from './rules/kind.ts';
import type { Schedules } from './schedules.ts';
import type { Out, Verdicts } from './verdicts.ts';
import { type Window, WindowSubject } from './window.ts';
import type { Windows } from './windows.ts';

export interface ThingJudgeParts {
  model: Model;
  verdicts: Verdicts;
  windows: Windows;
  schedules: Schedules;
  index: () => RuleIndex;
  /** Epoch milliseconds since when somebody who is silent for so long would have been heard. */
  listeningSince: (after_ms: number) => number;
  /** Where to say what is pending. */
  pending: () => Touched;
}

/** Points of a metric that stopped say nothing any more after so long, or after their range where that is longer. */
const QUIET_MS = 300_000;

export class ThingJudge {
  readonly #parts: ThingJudgeParts;
  readonly #model: Model;
  readonly #verdicts: Verdicts;
  readonly #windows: Windows;
  #pendingWindows = new Set<Window>();
  /** Queues whose tasks will have waited for too long. */
  readonly #dueQueues = new Due();

  constructor(parts: ThingJudgeParts) {
    this.#parts = parts;
    ({ model: this.#model, verdicts: this.#verdicts, windows: this.#windows } = parts);
  }

  judgeWorker(worker_id: string, out: Out): void {
    const rules = this.#parts.index().matching('worker', { worker: worker_id });
    const worker = this.#model.domain.workers.get(worker_id);
    if (rules.length === 0 || worker === undefined) return;
    const { last_seen } = worker;
    const silent_ms = Math.max(0, out.now - last_seen);
    const subject = { worker_id, state: workerState(worker), last_seen, silent_ms };
    for (const rule of rules) {
      if (!fitsLabels(rule.scope, (name) => readText(worker.labels, name) ?? undefined)) continue;
      const part = KINDS.worker_offline as KindPart<'worker_offline'> & { watches: 'worker' };
      const labels = readAllTexts(worker.labels);
      const thing = { component: 'worker', id: worker_id, labels };
      if (this.#takeThing(rule, thing, part.judge(subject, rule as never), out))
        this.#parts.pending().workers.add(worker_id);
    }
  }

  judgeQueue(name: string, out: Out): void {
    const rules = this.#parts.index().matching('queue', { subject: name });
    const queue = this.#model.domain.queues.get(name);
    if (queue === undefined) {
      const reason = 'The queue is not known any more.';
      return this.end({ component: 'queue', id: name, reason }, out);
    }
    if (rules.length === 0) return;
    const subject = this.#queueSubject(queue, out.now);
    let due = Infinity;
    for (const rule of rules) {
      const part = KINDS[rule.kind] as unknown as KindPart<'queue_size'> & { watches: 'queue' };
      const thing = { component: 'queue', id: name, labels: {} };
      if (this.#takeThing(rule, thing, part.judge(subject, rule as never), out))
        this.#parts.pending().queues.add(name);
      due = Math.min(due, part.dueIn?.(subject, rule as never) ?? Infinity);
    }
    if (due < Infinity) this.#dueQueues.set(name, out.now + due);
    else this.#dueQueues.delete(name);
  }

  #queueSubject(queue: QueueState, now: number): QueueSubject {
    const { waiting } = this.#model.domain;
    const since = waitingSince(queue, waiting);
    const { pending, tasks_pending, oldest_wait_ms } = queueRecord(queue, waiting, now);
    return {
      queue: queue.queue,
      pending: pending ?? tasks_pending,
      // Where its tasks are known, none that waits is an answer too.
      oldest_wait_ms: oldest_wait_ms ?? (queue.tasks > 0 ? 0 : null),
      grows: since !== null,
      unsureFor: (after) => {
        const listening = this.#parts.listeningSince(after);
        return since === null || since >= listening ? 0 : Math.max(0, listening + after - now);
      },
    };
  }

  /** Looks at all queues with the next tick: what waited before the start waits on without an event. */
  lookAtQueues(now: number): void {
    for (const name of this.#model.domain.queues.rows.keys()) this.#dueQueues.set(name, now);
  }

  /** Adds the queues that time alone may have made bad. */
  addDue(touched: Touched, now: number): void {
    for (const name of this.#dueQueues.take(now)) touched.queues.add(name);
  }

  judgeWindows(out: Out): void {
    const windows = new Set([...this.#windows.takeDirty(), ...this.#windows.takeAged(out.now)]);
    for (const window of this.#pendingWindows) windows.add(window);
    this.#pendingWindows = new Set();
    for (const window of windows) this.judgeWindow(window, out);
  }

  /** The mean absolute error that a model was given as its baseline. */
  readonly #baseline = (model: string): number | null => {
    const known = this.#model.domain.models.get(model);
    return known ? readNumber(known.fields, 'baseline_mae') : null;
  };

  judgeWindow(window: Window, out: Out): void {
    const { watched } = window;
    const { spec } = watched;
    const subject = new WindowSubject(window, {
      now: out.now,
      listeningSince: this.#parts.listeningSince(spec.range_ms),
      baseline: this.#baseline,
    });
    window.calm.begin(this.#windows.epoch, subject.covered);
    let index = 0;
    for (const lane of watched.lanes) {
      const value = lane.value(subject);
      const rules = window.calm.changed(index, lane, value);
      for (const rule of rules) this.#judgeSeries(rule, { window, subject }, out);
      window.calm.settle(index++, lane, value);
    }
    this.#windows.settled(window, out.now, subject.coveredFrom);
    // What its kind needs beside points may come later: a baseline.
    if (window.calm.again || watched.rules[0]?.kind === 'model_accuracy')
      this.#pendingWindows.add(window);
  }

  #judgeSeries(
    rule: Rule,
    { window, subject }: { window: Window; subject: SeriesSubject },
    out: Out,
  ): void {
    const { labels, component_id: id, watched, calm } = window;
    const part = KINDS[rule.kind] as unknown as OnSeries<'threshold'>;
    const verdict = part.judge(subject, rule as never);
    const { component } = watched.spec;
    const thing = { component, id, labels, name: subject.name, unit: subject.unit };
    calm.wait(rule, this.#takeThing(rule, thing, verdict, out));
  }

  judgeTargets(targets: readonly TargetRecord[], out: Out): void {
    for (const rule of this.#parts.index().of('target') as readonly RuleOf<'target_breached'>[]) {
      const part = KINDS.target_breached as KindPart<'target_breached'> & { watches: 'target' };
      for (const target of targets) {
        const { target_id: id, title: name, unit } = target;
        const thing = { component: 'target', id, name, unit, labels: {} };
        this.#takeThing(rule, thing, part.judge(target, rule), out);
      }
    }
  }

  judgeSchedules(out: Out): void {
    for (const { rule, pipeline, verdict } of this.#parts.schedules.look(out.now)) {
      const thing = { component: 'pipeline', id: pipeline, labels: { pipeline } };
      if (this.#takeThing(rule, thing, verdict, out)) this.#parts.schedules.lookAgain(rule);
    }
  }

  /** True while it is pending. */
  #takeThing(rule: Rule, thing: Thing, verdict: Verdict, out: Out): boolean {
    if (verdict.is === 'bad')
      return this.#verdicts.take({ rule, about: thingAbout(rule, thing), verdict }, out);
    if (this.#verdicts.isIdle) return false;
    const key = thingKey(rule.rule_id, thing.component, thing.id);
    this.#verdicts.rest(key, undefined, verdict.is);
    if (verdict.is === 'good')
      for (const id of this.#verdicts.open.ids(key)) this.#verdicts.resolve(id, verdict.why, out);
    return false;
  }

  end(
    { component, id, reason }: { component: string; id: string; reason: string },
    out: Out,
  ): void {
    if (this.#verdicts.open.size === 0) return;
    for (const { alert } of this.#verdicts.open.all()) {
      const { raised } = alert;
      if (raised?.component === component && raised.component_id === id)
        this.#verdicts.resolve(alert.alert_id, reason, out);
    }
  }

  /** Alerts on series that nothing comes from any more have ended: nobody could say otherwise. */
  sweep(out: Out): void {
    if (this.#parts.index().of('series').length === 0 || this.#verdicts.open.size === 0) return;
    const heard = new Map<string, number>();
    for (const window of this.#windows.all()) {
      const at = window.isEmpty(out.now) ? window.heard : out.now;
      const { component } = window.watched.spec;
      for (const { rule_id } of window.watched.rules)
        heard.set(thingKey(rule_id, component, window.component_id), at);
    }
    for (const { alert, rule_id, key } of this.#verdicts.open.all()) {
      const rule = this.#parts.index().rule(rule_id);
      if (rule === undefined || KINDS[rule.kind].watches !== 'series') continue;
      const spec = (
        KINDS[rule.kind] as unknown as { series: (rule: Rule) => { range_ms: number } }
      ).series(rule);
      const quiet = Math.max(QUIET_MS, spec.range_ms);
      const since = Math.max(heard.get(key) ?? 0, this.#parts.listeningSince(quiet));
      if (out.now - since < quiet || isAbsence(rule)) continue;
      this.#verdicts.resolve(alert.alert_id, 'No values of it have come for a while.', out);
    }
  }
}

/** Rules for which no points are an answer. */
function isAbsence({ kind, params }: Rule): boolean {
  return kind === 'threshold' && 'aggregation' in params && 'direction' in params
    ? params.direction === 'below' && ['sum', 'count', 'rate'].includes(params.aggregation)
    : false;
}
