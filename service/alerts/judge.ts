/**
 * The judge: looks at what changed, says which alerts begin and which have ended. What it says are events: they go
 * through the journal like any other, so a restart never alerts twice. It works on what changed only: which rules a
 * subject concerns is looked up (ruleIndex.ts), points are summed as they come (windows.ts), and time alone makes it
 * look only where something is pending or due.
 */
import { maxOpen } from '../core/alertRoom.ts';
import { deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import { readText } from '../core/registers.ts';
import { type Touched, newTouched, touchPhase } from '../core/touched.ts';
import type { Event, EventOf } from '../protocol/event.ts';
import type { Rule, RuleOf } from '../protocol/rule.ts';
import { isEnded } from '../protocol/states.ts';
import type { TargetRecord } from '../protocol/targets.ts';
import type { SeriesStore } from '../series/store.ts';
import { FindingJudge, type FoundThings } from './findingJudge.ts';
import type { RuleBook } from './ruleBook.ts';
import { RuleIndex, fitsLabels } from './ruleIndex.ts';
import type { RuleStates } from './ruleRecords.ts';
import { KINDS } from './rules/index.ts';
import { RunJudge } from './runJudge.ts';
import { Schedules } from './schedules.ts';
import type { Passed } from './subject.ts';
import { ThingJudge } from './thingJudge.ts';
import { type Out, Verdicts } from './verdicts.ts';
import { MAX_WINDOWS, Windows } from './windows.ts';

export interface JudgeParts {
  model: Model;
  rules: Pick<RuleBook, 'rules' | 'version' | 'definition'>;
  series: SeriesStore;
  findings: FoundThings;
  /** Epoch milliseconds now. */
  now: () => number;
  /** Milliseconds in which a cause that comes back opens its alert again. */
  reopen_ms: () => number;
  /** Milliseconds from one time to another in which the service ran and heard others. */
  passed: Passed;
  /** As `passed`, but with the time in which only this service stood still: others went on. */
  ran: Passed;
  /** Epoch milliseconds since when somebody who is silent for so long would have been heard. */
  listeningSince: (after_ms: number) => number;
  /** Gets one sentence where something cannot be read. */
  warn: (sentence: string) => void;
}

/** Between two looks for subjects that nothing comes from any more. */
const SWEEP_MS = 10_000;
export class Judge {
  readonly #parts: JudgeParts;
  readonly #model: Model;
  readonly #verdicts: Verdicts;
  readonly #windows: Windows;
  readonly #schedules: Schedules;
  #index = new RuleIndex([]);
  #version = -1;
  readonly #runs: RunJudge;
  readonly #things: ThingJudge;
  readonly #findings: FindingJudge;
  /** What was pending when it was last looked at. */
  #pending = newTouched();
  #targets: readonly TargetRecord[] = [];
  #sweptAt = 0;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
    this.#model = parts.model;
    const { passed, reopen_ms, now, series: store } = parts;
    const { alerts, alertLimit } = parts.model;
    const most = maxOpen(alertLimit);
    this.#verdicts = new Verdicts({ alerts, passed, reopen_ms, most });
    this.#windows = new Windows({ store, now, warn: parts.warn });
    this.#schedules = new Schedules(parts);
    const { model, listeningSince, ran } = parts;
    const shared = {
      ...{ model, verdicts: this.#verdicts },
      index: () => this.#index,
      pending: () => this.#pending,
    };
    this.#runs = new RunJudge({ ...shared, ran });
    const [windows, schedules] = [this.#windows, this.#schedules];
    this.#things = new ThingJudge({ ...shared, windows, schedules, listeningSince });
    this.#findings = new FindingJudge({ ...shared, findings: parts.findings, listeningSince });
    store.follow((series, time, value) => this.#windows.onPoint(series, time, value));
  }

  /** What records say of the rules. */
  get states(): RuleStates {
    return {
      pending: (rule_id) => this.#verdicts.pendingOf(rule_id),
      problem: (rule_id) => this.#problem(rule_id),
    };
  }

  /** True where points came, or something was found, that no record tells of. */
  get hasNews(): boolean {
    return this.#windows.isDirty || this.#parts.findings.hasNews;
  }

  /** True where targets are to be told at times. */
  get wantsTargets(): boolean {
    return this.#index.of('target').length > 0;
  }

  /** Takes note of alerts that came back through the journal, or were there at the start. */
  note(alertIds: Iterable<string>): void {
    for (const id of alertIds) {
      this.#verdicts.note(id);
      const { component_id } = this.#model.alerts.get(id)?.raised ?? {};
      if (component_id !== undefined) this.#windows.reconsider(component_id);
    }
  }

  /** Resolves when nothing is read any more. */
  close(): Promise<void> {
    return this.#windows.close();
  }

  forget(alertIds: Iterable<string>): void {
    for (const id of alertIds) {
      this.#verdicts.forget(id);
      this.#windows.epoch++;
    }
  }

  /** Events that could not be stored will be said again at the next occasion. */
  unsaid(events: readonly Event[]): void {
    this.#verdicts.unsaid(events);
    this.#windows.reconsiderAll();
    this.#findings.lookAtAll();
  }

  /** The events that the changes lead to. */
  judge(touched: Touched, now: number): Event[] {
    const out: Out = { now, events: [] };
    this.#refresh(out);
    this.#judgeTouched(touched, out);
    for (const window of this.#windows.takeDirty()) this.#things.judgeWindow(window, out);
    this.#findings.judgeChanged(out);
    this.#schedules.note(touched.jobs);
    return out.events;
  }

  /** What time alone leads to; to be called every second. */
  tick(now: number): Event[] {
    const out: Out = { now, events: [] };
    this.#refresh(out);
    const again = this.#pending;
    this.#pending = newTouched();
    this.#runs.addDue(again, now);
    this.#things.addDue(again, now);
    this.#judgeTouched(again, out);
    this.#things.judgeWindows(out);
    if (this.#targets.length > 0) this.#things.judgeTargets(this.#targets, out);
    this.#things.judgeSchedules(out);
    this.#findings.judgePending(out);
    this.#findings.judgeChanged(out);
    if (now - this.#sweptAt >= SWEEP_MS) {
      this.#sweptAt = now;
      this.#things.sweep(out);
      this.#findings.sweep(out);
    }
    return out.events;
  }

  /** The targets as they are now; judged with the next tick. */
  tellTargets(targets: readonly TargetRecord[]): void {
    this.#targets = targets;
  }

  #judgeTouched(touched: Touched, out: Out): void {
    for (const job_id of touched.jobs) this.#runs.judgeJob(job_id, out);
    for (const [job_id, phases] of touched.phases) this.#runs.judgePhases(job_id, phases, out);
    for (const id of touched.workers) this.#things.judgeWorker(id, out);
    const reason = 'The worker is not known any more.';
    for (const id of touched.removedWorkers)
      this.#things.end({ component: 'worker', id, reason }, out);
    for (const name of touched.queues) this.#things.judgeQueue(name, out);
  }

  /** Takes over the rules where they have changed. */
  #refresh(out: Out): void {
    const { version, rules } = this.#parts.rules;
    if (version === this.#version) return;
    const isFirst = this.#version < 0;
    this.#version = version;
    const before = this.#index;
    this.#index = new RuleIndex(rules);
    const changed = new Set<string>();
    for (const rule of rules) {
      const held = before.rule(rule.rule_id);
      if (held !== rule && JSON.stringify(held) !== JSON.stringify(rule)) changed.add(rule.rule_id);
    }
    this.#windows.configure(this.#index.of('series'));
    this.#schedules.configure(
      this.#index.of('schedule') as readonly RuleOf<'missed_schedule'>[],
      out.now,
    );
    this.#endGone(changed, isFirst, out);
    if (isFirst) {
      this.#runs.lookAtRunning(out.now);
      return this.#things.lookAtQueues(out.now);
    }
    this.#verdicts.drop(changed);
    this.#lookAtAll(out);
  }

  /** Alerts of rules that are gone, switched off, or no longer about their subject, have ended. */
  #endGone(changed: ReadonlySet<string>, isFirst: boolean, out: Out): void {
    for (const { alert, rule_id } of this.#verdicts.open.all()) {
      const rule = this.#index.rule(rule_id);
      const { raised, alert_id } = alert;
      if (rule === undefined) this.#verdicts.resolve(alert_id, 'The rule was removed.', out);
      else if (!rule.enabled) this.#verdicts.resolve(alert_id, 'The rule was switched off.', out);
      else if (!isFirst && changed.has(rule_id) && raised && !this.#isAbout(rule, raised))
        this.#verdicts.resolve(
          alert_id,
          'The rule was changed: it is not about this any more.',
          out,
        );
    }
  }

  #isAbout(rule: Rule, raised: EventOf<'alert.raised'>): boolean {
    const { component_id: id = '', component, job_id, phase_id } = raised;
    const { watches } = KINDS[rule.kind];
    if (watches === 'series')
      return [...this.#windows.all()].some(
        ({ watched, component_id }) =>
          component_id === id &&
          watched.spec.component === component &&
          watched.rules.includes(rule),
      );
    const names = {
      run: { pipeline: raised.tags?.['pipeline'] ?? '', phase: phase_id ?? null },
      worker: { worker: id },
      queue: { subject: id },
      schedule: { pipeline: id },
      finding: this.#findings.namesOf(id),
      target: {},
    }[watches];
    if (!this.#index.matching(watches, names).includes(rule)) return false;
    const job = job_id === undefined ? undefined : this.#model.jobs.get(job_id);
    return !job || fitsLabels(rule.scope, (name) => readText(job.labels, name) ?? undefined);
  }

  /** A changed rule speaks of what is now: what runs, and what has a level. Never of what ended before. */
  #lookAtAll(out: Out): void {
    const touched = newTouched();
    const { jobs, domain } = this.#model;
    for (const job of jobs.values()) {
      if (isEnded(deriveJob(job).status)) continue;
      touched.jobs.add(job.job_id);
      for (const { phase_id, marks } of job.phases.values())
        if (marks.at(-1)?.kind === 'START') touchPhase(touched, job.job_id, phase_id);
    }
    for (const id of domain.workers.rows.keys()) touched.workers.add(id);
    for (const id of domain.queues.rows.keys()) touched.queues.add(id);
    this.#judgeTouched(touched, out);
    this.#findings.lookAtAll();
  }

  #problem(rule_id: string): string | null {
    const left = this.#windows.left(rule_id);
    if (left > 0)
      return `${MAX_WINDOWS} subjects are watched already: ${left} more of this rule are left out. Narrow its scope or its labels.`;
    if (this.#verdicts.isCrowdedOut(rule_id))
      return `${maxOpen(this.#model.alertLimit)} alerts of rules are active: no more are raised. Resolve some, and narrow the scope of rules that raise many.`;
    if (this.#verdicts.isFull() && this.#verdicts.pendingOf(rule_id) > 0)
      return 'Too many subjects are pending: more have to wait. Narrow the scope of the rule.';
    const rule = this.#index.rule(rule_id);
    if (rule?.kind !== 'target_breached' || !rule.enabled || rule.params.target_id === null)
      return null;
    const { target_id } = rule.params;
    const known = this.#targets.some((target) => target.target_id === target_id);
    return known || this.#targets.length === 0
      ? null
      : `There is no target "${target_id}". Choose one of GET /api/v1/targets.`;
  }
}
