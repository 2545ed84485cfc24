/** Jobs and phases before the judge: what is wrong with them now, and what time alone may make wrong. */
import { type Derived, deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import { readText } from '../core/registers.ts';
import { type Touched, touchPhase } from '../core/touched.ts';
import { pipelineOf } from '../core/view.ts';
import type { Rule, RuleOf } from '../protocol/rule.ts';
import { runAbout } from './about.ts';
import { Due } from './due.ts';
import { runKey } from './openAlerts.ts';
import { type RuleIndex, fitsLabels } from './ruleIndex.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart, RunSubject, Verdict } from './rules/kind.ts';
import { type Instant, type Passed, jobSubject, phaseSubject } from './subject.ts';
import type { Out, Verdicts } from './verdicts.ts';

export interface RunJudgeParts {
  model: Model;
  verdicts: Verdicts;
  index: () => RuleIndex;
  /** Milliseconds from one time to another, without those that the clock only jumped over. */
  ran: Passed;
  /** Where to say what is pending. */
  pending: () => Touched;
}

/** A job that is known for longer raises nothing of what ended longer ago: that was judged, and may be forgotten since. */
const PAST_MS = 86_400_000;

export class RunJudge {
  readonly #parts: RunJudgeParts;
  readonly #model: Model;
  readonly #verdicts: Verdicts;
  /** Phases and jobs that time alone may make slow, by job and phase. */
  readonly #due = new Due();

  constructor(parts: RunJudgeParts) {
    this.#parts = parts;
    ({ model: this.#model, verdicts: this.#verdicts } = parts);
  }

  /** Adds those that are due. */
  addDue(touched: Touched, now: number): void {
    for (const key of this.#due.take(now)) {
      const [job_id, phase_id] = JSON.parse(key) as [string, string | null];
      if (phase_id === null) touched.jobs.add(job_id);
      else touchPhase(touched, job_id, phase_id);
    }
  }

  #instant(out: Out): Instant {
    return { now: out.now, passed: this.#parts.ran, domain: this.#model.domain };
  }

  judgeJob(job_id: string, out: Out): void {
    const job = this.#model.jobs.get(job_id);
    if (!job || job.imported) return;
    const pipeline = pipelineOf(job);
    const rules = this.#parts.index().matching('run', { pipeline, phase: null });
    if (rules.length === 0 && this.#verdicts.open.size === 0) return;
    this.#judgeRun(job, jobSubject(job, this.#instant(out)), rules, out);
  }

  judgePhases(job_id: string, phases: Iterable<string>, out: Out): void {
    const job = this.#model.jobs.get(job_id);
    if (!job || job.imported) return;
    const pipeline = pipelineOf(job);
    const instant: Instant & { of: Derived } = { ...this.#instant(out), of: deriveJob(job) };
    for (const phase_id of phases) {
      const phase = job.phases.get(phase_id);
      if (!phase) continue;
      const rules = this.#parts.index().matching('run', { pipeline, phase: phase_id });
      this.#judgeRun(job, phaseSubject(job, phase, instant), rules, out);
    }
  }

  #judgeRun(job: JobState, subject: RunSubject, rules: readonly Rule[], out: Out): void {
    let due = Infinity;
    const ended = subject.end === '' ? Infinity : Number(subject.end);
    // What is heard only now is an alert, however old: a spool that waited for the service, a recorded run.
    const isPast = Math.max(ended, job.first_seen) < out.now - PAST_MS;
    for (const rule of rules) {
      if (!fitsLabels(rule.scope, (name) => readText(job.labels, name) ?? undefined)) continue;
      const part = KINDS[rule.kind] as unknown as KindPart<'high_cpu'> & { watches: 'run' };
      const verdict = part.judge(subject, rule as RuleOf<'high_cpu'>);
      const speaks = subject.speaks || part.always === true;
      if ((speaks && !isPast) || verdict.is === 'good')
        this.#takeRun(rule, { job, subject, verdict }, out);
      if (verdict.is !== 'bad' && speaks)
        due = Math.min(due, part.dueIn?.(subject, rule as RuleOf<'high_cpu'>) ?? Infinity);
    }
    const key = JSON.stringify([subject.job_id, subject.phase_id]);
    if (due < Infinity) this.#due.set(key, out.now + due);
    else this.#due.delete(key);
  }

  #takeRun(
    rule: Rule,
    { job, subject, verdict }: { job: JobState; subject: RunSubject; verdict: Verdict },
    out: Out,
  ): void {
    const pipeline = pipelineOf(job);
    const { job_id, phase_id } = subject;
    if (verdict.is === 'bad') {
      const about = runAbout(rule, { job, subject, pipeline });
      if (!this.#verdicts.take({ rule, about, verdict }, out)) return;
      if (phase_id === null) this.#parts.pending().jobs.add(job_id);
      else touchPhase(this.#parts.pending(), job_id, phase_id);
      return;
    }
    if (this.#verdicts.isIdle) return;
    this.#verdicts.rest(runKey(rule.rule_id, pipeline, phase_id), job_id, verdict.is);
    if (verdict.is !== 'good' || this.#verdicts.open.size === 0) return;
    // Raised before the start had come that names the pipeline.
    for (const name of new Set([pipeline, job_id]))
      for (const id of this.#verdicts.open.ids(runKey(rule.rule_id, name, phase_id)))
        if (this.#mayEnd(id, job)) this.#verdicts.resolve(id, verdict.why, out);
  }

  /** A job ends its own alerts, and those of earlier runs that are over: one that runs beside it speaks for itself. */
  #mayEnd(alert_id: string, by: JobState): boolean {
    const job_id = this.#model.alerts.get(alert_id)?.raised?.job_id;
    if (job_id === undefined || job_id === by.job_id) return true;
    const job = this.#model.jobs.get(job_id);
    if (job && deriveJob(job).status === 'RUNNING') return false;
    const row = this.#model.finished.get(job_id);
    const before = job ? deriveJob(job).started_at : row?.started_at && Date.parse(row.started_at);
    return (deriveJob(by).started_at ?? Infinity) >= (before || 0);
  }
}
