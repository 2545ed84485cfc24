/**
 * The judge: looks at what changed, says which alerts begin and which have ended. What it says are events: they go
 * through the journal like any other, so a restart never alerts twice. The id of an alert names rule, subject and run.
 */
import { createHash } from 'node:crypto';
import { type Event, OWN_ID } from '../protocol/event.ts';
import { deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import type { Touched } from '../core/touched.ts';
import { toWellFormed } from '../protocol/wellFormed.ts';
import { RULES } from './rules/legacy.ts';
import type { Finding, Rule, RuleThresholds, Subject } from './rules/rule.ts';
import { type Passed, jobSubject, phaseSubject, pipelineOf } from './subject.ts';

export class Judge {
  readonly #model: Model;
  readonly #thresholds: () => RuleThresholds;
  readonly #passed: Passed;
  /** Active alerts by what could end them: rule, pipeline and phase. */
  readonly #open = new Map<string, Set<string>>();
  /** Said, but not yet back through the journal. */
  readonly #said = new Set<string>();

  constructor(model: Model, thresholds: () => RuleThresholds, passed?: Passed) {
    this.#model = model;
    this.#thresholds = thresholds;
    this.#passed = passed ?? ((from, to) => Math.max(0, to - from));
  }

  /** Takes note of alerts that came back through the journal, or were there at the start. */
  note(alertIds: Iterable<string>): void {
    for (const id of alertIds) {
      const alert = this.#model.alerts.get(id);
      this.#said.delete(id);
      const key = openKey(alert?.raised);
      if (key === null) continue;
      if (!alert?.resolved) add(this.#open, key, id);
      else {
        this.#said.delete(`${id}:resolved`);
        remove(this.#open, key, id);
      }
    }
  }

  forget(alertIds: Iterable<string>): void {
    const gone = new Set(alertIds);
    for (const id of gone) this.#said.delete(id);
    for (const [key, ids] of this.#open) {
      for (const id of ids) if (gone.has(id)) remove(this.#open, key, id);
    }
  }

  /** The events that the changes lead to. */
  judge(touched: Touched, now: number): Event[] {
    const events: Event[] = [];
    for (const job_id of touched.jobs) {
      const job = this.#model.jobs.get(job_id);
      if (!job || job.imported) continue;
      const subject = jobSubject(job, { now, passed: this.#passed });
      if (subject.speaks || this.#open.size > 0) this.#judgeSubject(job, subject, { now, events });
    }
    for (const [job_id, phases] of touched.phases) {
      const job = this.#model.jobs.get(job_id);
      if (!job || job.imported) continue;
      const instant = { now, passed: this.#passed, of: deriveJob(job) };
      for (const phase_id of phases) {
        const phase = job.phases.get(phase_id);
        if (!phase) continue;
        const subject = phaseSubject(job, phase, instant);
        this.#judgeSubject(job, subject, { now, events });
      }
    }
    return events;
  }

  #judgeSubject(job: JobState, subject: Subject, out: { now: number; events: Event[] }): void {
    const pipeline = pipelineOf(job);
    for (const rule of RULES) {
      const finding = subject.speaks ? rule.find(subject, this.#thresholds()) : null;
      if (finding) this.#raise({ rule, subject, finding, pipeline }, out);
      else if (this.#open.size > 0 && rule.ended(subject, this.#thresholds())) {
        this.#resolve(openName(rule.id, pipeline, subject.phase_id), job, out);
        // Raised before the start had come that names the pipeline.
        if (pipeline !== job.job_id)
          this.#resolve(openName(rule.id, job.job_id, subject.phase_id), job, out);
      }
    }
  }

  #raise(found: Found, out: { now: number; events: Event[] }): void {
    const { rule, subject, finding, pipeline } = found;
    const run = rule.run?.(subject) ?? subject.run;
    const id = `${OWN_ID}${rule.id}:${placeName([subject.job_id, subject.phase_id ?? '', run])}`;
    if (this.#model.alerts.has(id) || this.#said.has(id)) return;
    this.#said.add(id);
    const phase = subject.phase_id === null ? {} : { phase_id: subject.phase_id };
    out.events.push({
      type: 'alert.raised',
      id,
      time: out.now,
      ...finding,
      component: subject.component,
      component_id: subject.phase_id ?? subject.job_id,
      job_id: subject.job_id,
      ...phase,
      tags: { pipeline },
    });
  }

  #resolve(key: string, by: JobState, out: { now: number; events: Event[] }): void {
    for (const alert_id of this.#open.get(key) ?? []) {
      const id = `${alert_id}:resolved`;
      if (this.#said.has(id) || !this.#mayEnd(alert_id, by)) continue;
      this.#said.add(id);
      out.events.push({
        type: 'alert.resolved',
        id,
        time: out.now,
        alert_id,
        reason: 'The cause ended.',
      });
    }
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

  /** Events that could not be stored will be said again at the next occasion. */
  unsaid(events: readonly Event[]): void {
    for (const { id } of events) this.#said.delete(id);
  }
}

interface Found {
  rule: Rule;
  subject: Subject;
  finding: Finding;
  pipeline: string;
}

/** Ids of events are short, those of jobs and phases need not be: long places go by their digest. */
const LONGEST_PLACE = 96;

function placeName(parts: readonly string[]): string {
  const place = parts.map((part) => encodeURIComponent(toWellFormed(part))).join('/');
  if (place.length <= LONGEST_PLACE) return place;
  return createHash('sha256').update(place).digest('base64url');
}

function openName(rule: string, pipeline: string, phase_id: string | null): string {
  return JSON.stringify([rule, pipeline, phase_id]);
}

/** Null for alerts that no rule raised: those a pipeline raises are resolved by people. */
function openKey(
  raised: { id: string; phase_id?: string; tags?: Record<string, string> } | null | undefined,
) {
  if (!raised?.id.startsWith(OWN_ID)) return null;
  return openName(
    raised.id.split(':')[1] ?? '',
    raised.tags?.['pipeline'] ?? '',
    raised.phase_id ?? null,
  );
}

function add(sets: Map<string, Set<string>>, key: string, id: string): void {
  const set = sets.get(key);
  if (set) set.add(id);
  else sets.set(key, new Set([id]));
}

function remove(sets: Map<string, Set<string>>, key: string, id: string): void {
  const set = sets.get(key);
  if (set?.delete(id) && set.size === 0) sets.delete(key);
}
