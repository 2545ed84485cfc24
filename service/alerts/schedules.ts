/** Pipelines that should have begun by now: the newest start of each, and when to look next. */
import type { Cron } from 'croner';
import { deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import { pipelineOf } from '../core/view.ts';
import type { RuleOf } from '../protocol/rule.ts';
import type { RuleBook } from './ruleBook.ts';
import { missedAt, nextRun, scheduleOf } from './rules/missedSchedule.ts';
import type { Verdict } from './rules/kind.ts';
import { fitsPattern, isPattern } from './rules/pattern.ts';

type ScheduleRule = RuleOf<'missed_schedule'>;

export interface ScheduleParts {
  model: Model;
  rules: Pick<RuleBook, 'definition'>;
  /** Epoch milliseconds now. */
  now: () => number;
  /** Epoch milliseconds since when somebody who is silent for so long would have been heard. */
  listeningSince: (after_ms: number) => number;
}

interface Watched {
  rule: ScheduleRule;
  cron: Cron;
  /** Epoch milliseconds: before, it was not there. */
  since: number;
  lookAt: number;
}

export interface ScheduleFinding {
  rule: ScheduleRule;
  pipeline: string;
  verdict: Verdict;
}

/** So many pipelines are remembered with their newest start. */
const MAX_PIPELINES = 10_000;
/** After the service was not listening, those who report get so long to tell what happened meanwhile. */
const CATCH_UP_MS = 60_000;

export class Schedules {
  readonly #parts: ScheduleParts;
  #watched: Watched[] = [];
  /** Pipeline -> epoch milliseconds of its newest start. */
  readonly #started = new Map<string, number>();
  /** Pipelines that began since the last look. */
  #began = new Set<string>();
  #isRead = false;
  readonly #madeAt: number;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    this.#madeAt = parts.now();
  }

  configure(rules: readonly ScheduleRule[], now: number): void {
    this.#watched = rules.map((rule) => ({
      rule,
      cron: scheduleOf(rule.params),
      since: this.#parts.rules.definition(rule.rule_id)?.time ?? this.#madeAt,
      lookAt: now,
    }));
    if (rules.length > 0) this.#readAll(this.#parts.model);
  }

  /** Takes note of jobs that changed: one of them may have begun. */
  note(jobs: Iterable<string>): void {
    if (this.#watched.length === 0) return;
    for (const job_id of jobs) {
      const job = this.#parts.model.jobs.get(job_id);
      if (job) this.#start(pipelineOf(job), deriveJob(job).started_at ?? job.first_seen);
    }
  }

  /** What is to be said of pipelines: those that are due, and those that began. */
  look(now: number): ScheduleFinding[] {
    const found: ScheduleFinding[] = [];
    for (const watched of this.#watched) {
      const due = now >= watched.lookAt;
      const names = due ? this.#pipelines(watched.rule) : this.#fitting(watched.rule, this.#began);
      for (const pipeline of names) {
        const verdict = this.#verdict(watched, pipeline, now);
        if (verdict) found.push({ rule: watched.rule, pipeline, verdict });
      }
      if (due) watched.lookAt = this.#nextLook(watched, now);
    }
    this.#began = new Set();
    return found;
  }

  /** Looks at a rule with the next call, whenever it is due. */
  lookAgain(rule: ScheduleRule): void {
    for (const watched of this.#watched) if (watched.rule === rule) watched.lookAt = 0;
  }

  #verdict({ rule, cron, since }: Watched, pipeline: string, now: number): Verdict | null {
    const started = this.#started.get(pipeline) ?? null;
    const due = missedAt(cron, rule, { now, since, started });
    if (due === null) {
      if (started === null || started < since) return null;
      return { is: 'good', why: `A run began at ${new Date(started).toISOString()}.` };
    }
    if (now < this.#lookFrom(rule, due)) return null;
    const time = new Date(due).toISOString();
    const last =
      started === null
        ? 'No run is known.'
        : `The last one began at ${new Date(started).toISOString()}.`;
    const finding = {
      title: `${pipeline} has not run`,
      description: `A run of ${pipeline} was due at ${time} and has not begun. ${last}`,
    };
    return { is: 'bad', finding, occasion: String(due) };
  }

  /** Whoever could not be heard for a while gets the grace anew. */
  #lookFrom({ params: { grace_ms } }: ScheduleRule, due: number): number {
    const wait = Math.max(grace_ms, CATCH_UP_MS);
    const listening = this.#parts.listeningSince(wait);
    return listening > due ? Math.max(due + grace_ms, listening + wait) : due + grace_ms;
  }

  #nextLook({ rule, cron }: Watched, now: number): number {
    const { grace_ms } = rule.params;
    const next = nextRun(cron, now - grace_ms);
    const wait = Math.max(grace_ms, CATCH_UP_MS);
    const listening = this.#parts.listeningSince(wait) + wait;
    const regular = next === null ? Infinity : next + grace_ms;
    return listening > now ? Math.min(regular, listening) : regular;
  }

  #pipelines(rule: ScheduleRule): string[] {
    const { pipeline = '' } = rule.scope;
    return isPattern(pipeline) ? this.#fitting(rule, this.#started.keys()) : [pipeline];
  }

  #fitting({ scope: { pipeline = '' } }: ScheduleRule, names: Iterable<string>): string[] {
    return [...names].filter((name) => fitsPattern(pipeline, name));
  }

  #readAll({ jobs, finished }: Model): void {
    this.note(jobs.keys());
    if (this.#isRead) return;
    this.#isRead = true;
    for (const row of finished.values())
      this.#start(row.pipeline, Date.parse(row.started_at ?? row.last_seen_at));
  }

  #start(pipeline: string, time: number): void {
    const held = this.#started.get(pipeline);
    if (held === undefined && this.#started.size >= MAX_PIPELINES) return;
    if (held !== undefined && held >= time) return;
    this.#started.set(pipeline, time);
    this.#began.add(pipeline);
  }
}
