/**
 * What the service itself has to say of its records: alerts that begin or end, jobs that went silent. All of it are
 * events, and go the way of all events.
 */
import type { Logger } from 'pino';
import type { FoundThings } from './alerts/findingJudge.ts';
import { Judge } from './alerts/judge.ts';
import type { RuleBook } from './alerts/ruleBook.ts';
import type { RuleStates } from './alerts/ruleRecords.ts';
import type { Model } from './core/fold.ts';
import { silentJobs, silentWorkers } from './core/silence.ts';
import { type Touched, addSubjects, newTouched, touchPhase } from './core/touched.ts';
import { messageOf } from './protocol/errors.ts';
import type { Event } from './protocol/event.ts';
import type { TargetRecord } from './protocol/targets.ts';
import type { SeriesStore } from './series/store.ts';
import { Standstills } from './standstills.ts';
import type { SteadyTime } from './steadyTime.ts';

export interface WatchSettings {
  alerting: { reopen_ms: number };
  stale_after_ms: number;
  worker_offline_ms: number;
}

export interface WatchOptions {
  model: Model;
  series: SeriesStore;
  rules: RuleBook;
  /** What the analysis finds. */
  findings: FoundThings;
  /** As they are now: they can be changed while the service runs. */
  settings: () => WatchSettings;
  time: SteadyTime;
  logger: Logger;
  /** Stores events; rejects where the storage refuses them. */
  append: (events: readonly Event[]) => Promise<unknown>;
  /** The targets with their values at `now`. */
  targets: (now: number) => Promise<readonly TargetRecord[]>;
}

/** Between two looks at the targets, which ask the series. */
const TARGETS_MS = 5000;

export class Watch {
  readonly #options: WatchOptions;
  readonly #judge: Judge;
  readonly #standstills: Standstills;
  #targetsAt = 0;
  #isAsking = false;
  /** What was judged in vain, because the storage refused what there was to say. */
  #unsaid = newTouched();

  constructor(options: WatchOptions) {
    const { model, series, rules, findings, settings, time } = options;
    this.#options = options;
    this.#standstills = new Standstills(time);
    this.#judge = new Judge({
      ...{ model, series, rules, findings },
      now: () => time.now(),
      reopen_ms: () => settings().alerting.reopen_ms,
      passed: (from, to) => this.#standstills.passed(from, to),
      ran: (from, to) => time.passed(from, to),
      listeningSince: (after) => this.#standstills.listeningSince(after),
      warn: (sentence) => options.logger.warn(sentence),
    });
  }

  /** What the judge knows of the rules. */
  get ruleStates(): RuleStates {
    return this.#judge.states;
  }

  /** True where points came that no record tells of. */
  get hasNews(): boolean {
    return this.#judge.hasNews;
  }

  /** Takes note of the alerts that are there at the start. */
  begin(): void {
    this.#judge.note(this.#options.model.alerts.keys());
    this.#judgeAll(newTouched());
  }

  /** Resolves when it reads nothing any more. */
  close(): Promise<void> {
    return this.#judge.close();
  }

  /** Looks at what changed. */
  changed(touched: Touched): void {
    this.#judge.note(touched.alerts);
    this.#judge.forget(touched.removedAlerts);
    const subjects = newTouched();
    addSubjects(subjects, touched);
    // The cause may have ended before its alert was noted.
    for (const id of touched.alerts) this.#addSubjectOf(id, subjects);
    this.#judgeAll(subjects);
  }

  /** Looks at what changes without any event; to be called every second. */
  tick(): void {
    const { model, settings, time } = this.#options;
    const { stale_after_ms: after, worker_offline_ms } = settings();
    const now = time.now();
    this.#standstills.tick(now);
    const since = (ms: number) => this.#standstills.listeningSince(ms);
    const silent = [
      ...silentJobs(model, { now, startedAt: since(after), after }),
      ...silentWorkers(model, {
        ...{ now, startedAt: since(worker_offline_ms) },
        after: worker_offline_ms,
      }),
    ];
    this.#say(silent, () => undefined);
    const again = this.#unsaid;
    this.#unsaid = newTouched();
    this.#judgeAll(again);
    this.#sayAll(this.#judge.tick(now));
    if (this.#judge.wantsTargets && now - this.#targetsAt >= TARGETS_MS) this.#askTargets(now);
  }

  /** One question at a time: they may take longer than a tick. */
  #askTargets(now: number): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#targetsAt = now;
    const { targets, logger } = this.#options;
    targets(now)
      .then((records) => this.#judge.tellTargets(records))
      .catch((error: unknown) => {
        logger.warn(`The targets could not be judged, trying again: ${messageOf(error)}`);
      })
      .finally(() => (this.#isAsking = false));
  }

  #addSubjectOf(alert_id: string, touched: Touched): void {
    const { raised } = this.#options.model.alerts.get(alert_id) ?? {};
    const { job_id, phase_id, component, component_id } = raised ?? {};
    if (component === 'worker' && component_id !== undefined) touched.workers.add(component_id);
    if (component === 'queue' && component_id !== undefined) touched.queues.add(component_id);
    if (job_id === undefined) return;
    if (phase_id === undefined) touched.jobs.add(job_id);
    else touchPhase(touched, job_id, phase_id);
  }

  #judgeAll(touched: Touched): void {
    const events = this.#judge.judge(touched, this.#options.time.now());
    this.#sayAll(events, touched);
  }

  /** `about`: what is to be judged again where the storage refuses. */
  #sayAll(events: readonly Event[], about: Touched = newTouched()): void {
    this.#say(events, () => {
      this.#judge.unsaid(events);
      addSubjects(this.#unsaid, about);
    });
  }

  #say(events: readonly Event[], refused: () => void): void {
    if (events.length === 0) return;
    const { append, logger } = this.#options;
    append(events).catch((error: unknown) => {
      refused();
      logger.warn(
        `Could not store ${events.length} events of the service, trying again: ${messageOf(error)}`,
      );
    });
  }
}
