/** Jobs and phases before the judge: what is wrong with them now, and what time alone may make wrong. */
import { type Derived, deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import { readText } from '../core/registers.ts';
import { type Touched, touchPhase } from '../core/touched.ts';
import { pipelineOf } from '../core/view.ts';
import type { Rule, RuleOf } from '../protocol/rule.ts';
import { isEnded } from '../protocol/states.ts';
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
/** After the start, those who report get so long to tell what happened meanwhile. */
const CATCH_UP_MS = 60_000;
/** So many things are remembered with their newest good run; the oldest go first. */
const MAX_PASSED = 20_000;

export class RunJudge {
  readonly #parts: RunJudgeParts;
  readonly #model: Model;
  readonly #verdicts: Verdicts;
  /** Phases and jobs that time alone may make slow, by job and phase. */
  readonly #due = new Due();
  /** By key: epoch milliseconds at which the newest job began in which it ended well. */
  readonly #passed = new Map<string, number>();

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

  /**
   * After the start, when time alone may make bad what runs. Says nothing yet: who reports gets time to tell what happened
   * meanwhile.
   */
  lookAtRunning(now: number): void {
    const instant = this.#instant({ now });
    for (const job of this.#model.jobs.values()) {
      const of = deriveJob(job);
      if (isEnded(of.status) || job.imported) continue;
      this.#dueAgain(job, jobSubject(job, instant), now);
      for (const phase of job.phases.values())
        if (phase.marks.at(-1)?.kind === 'START')
          this.#dueAgain(job, phaseSubject(job, phase, { ...instant, of }), now);
    }
  }

  #dueAgain(job: JobState, subject: RunSubject, now: number): void {
    const { job_id, phase_id } = subject;
    const rules = this.#parts
      .index()
      .matching('run', { pipeline: pipelineOf(job), phase: phase_id });
    let due = Infinity;
    for (const rule of rules) {
      const part = KINDS[rule.kind] as unknown as KindPart<'high_cpu'> & { watches: 'run' };
      if (part.dueIn === undefined) continue;
      const isBad = part.judge(subject, rule as RuleOf<'high_cpu'>).is === 'bad';
      const left = part.dueIn(subject, rule as RuleOf<'high_cpu'>) ?? Infinity;
      due = Math.min(due, isBad ? CATCH_UP_MS : left);
    }
    if (due < Infinity) this.#due.set(JSON.stringify([job_id, phase_id]), now + due);
  }

  #instant(out: Pick<Out, 'now'>): Instant {
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
    const key = runKey(rule.rule_id, pipeline, phase_id);
    if (verdict.is === 'good' && subject.end !== '') this.#notePassed(key, job);
    if (verdict.is === 'bad') {
      const about = runAbout(rule, { job, subject, pipeline });
      if (!about.returns && subject.end !== '' && this.#endPassed(key, job, out)) return;
      if (!this.#verdicts.take({ rule, about, verdict }, out)) return;
      if (phase_id === null) this.#parts.pending().jobs.add(job_id);
      else touchPhase(this.#parts.pending(), job_id, phase_id);
      return;
    }
    if (this.#verdicts.isIdle) return;
    this.#verdicts.rest(key, job_id, verdict.is);
    if (verdict.is !== 'good' || this.#verdicts.open.size === 0) return;
    // Raised before the start had come that names the pipeline.
    for (const name of new Set([pipeline, job_id]))
      for (const id of this.#verdicts.open.ids(runKey(rule.rule_id, name, phase_id)))
        if (this.#mayEnd(id, job)) this.#verdicts.resolve(id, verdict.why, out);
  }

  #notePassed(key: string, job: JobState): void {
    const began = deriveJob(job).started_at;
    if (began === null || began <= (this.#passed.get(key) ?? -Infinity)) return;
    this.#passed.delete(key);
    this.#passed.set(key, began);
    const [oldest] = this.#passed.keys();
    if (this.#passed.size > MAX_PASSED && oldest !== undefined) this.#passed.delete(oldest);
  }

  /** What is heard only now of a run, after a later one went well, is told, and is over. True where it was told. */
  #endPassed(key: string, job: JobState, out: Out): boolean {
    const passed = this.#passed.get(key);
    if (passed === undefined || (deriveJob(job).started_at ?? Infinity) >= passed) return false;
    let told = false;
    for (const id of this.#verdicts.open.ids(key)) {
      if (this.#model.alerts.get(id)?.raised?.job_id !== job.job_id) continue;
      this.#verdicts.resolve(id, 'A later run went well already.', out);
      told = true;
    }
    return told;
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
