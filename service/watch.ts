/**
 * What the service itself has to say of its records: alerts that begin or end, jobs that went silent. All of it are
 * events, and go the way of all events.
 */
import type { Logger } from 'pino';
import { Judge } from './alerts/judge.ts';
import type { RuleThresholds } from './alerts/rules/rule.ts';
import type { Model } from './core/fold.ts';
import { silentJobs, silentWorkers } from './core/silence.ts';
import { type Touched, addSubjects, newTouched, touchPhase } from './core/touched.ts';
import { messageOf } from './protocol/errors.ts';
import type { Event } from './protocol/event.ts';
import type { SteadyTime } from './steadyTime.ts';

export interface WatchSettings {
  thresholds: RuleThresholds;
  stale_after_ms: number;
  worker_offline_ms: number;
}

export interface WatchOptions {
  model: Model;
  /** As they are now: they can be changed while the service runs. */
  settings: () => WatchSettings;
  time: SteadyTime;
  logger: Logger;
  /** Stores events; rejects where the storage refuses them. */
  append: (events: readonly Event[]) => Promise<unknown>;
}

const TICK_MS = 1000;
/** A standstill of this share of the time that makes somebody silent, or of so many milliseconds, may be the reason. */
const LONG_SHARE = 1 / 4;
const LONG_MS = 500;

export class Watch {
  readonly #options: WatchOptions;
  readonly #judge: Judge;
  readonly #startedAt: number;
  /** The last tick on the machine's own monotonic clock, which goes on while this process is stopped. */
  #tickedAt = performance.now();
  /** The latest standstills, the longest in front: their end, in epoch milliseconds. */
  #standstills: { ms: number; end: number }[] = [];
  /** What was judged in vain, because the storage refused what there was to say. */
  #unsaid = newTouched();

  constructor(options: WatchOptions) {
    const { model, settings, time } = options;
    this.#options = options;
    this.#startedAt = time.now();
    const thresholds = () => settings().thresholds;
    this.#judge = new Judge(model, thresholds, (from, to) => time.passed(from, to));
  }

  /** Takes note of the alerts that are there at the start. */
  begin(): void {
    this.#judge.note(this.#options.model.alerts.keys());
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
    this.#noteStandstill(now);
    const silent = [
      ...silentJobs(model, { now, startedAt: this.#listeningSince(after), after }),
      ...silentWorkers(model, {
        ...{ now, startedAt: this.#listeningSince(worker_offline_ms) },
        after: worker_offline_ms,
      }),
    ];
    this.#say(silent, () => undefined);
    const open = this.#running();
    addSubjects(open, this.#unsaid);
    this.#unsaid = newTouched();
    this.#judgeAll(open);
  }

  /** A process that was stopped has heard nobody: what was sent meanwhile still waits in its sockets. */
  #noteStandstill(now: number): void {
    const at = performance.now();
    const ms = at - this.#tickedAt - TICK_MS;
    this.#tickedAt = at;
    if (ms < LONG_MS) return;
    // A shorter one of before says nothing more.
    this.#standstills = [...this.#standstills.filter((one) => one.ms > ms), { ms, end: now }];
  }

  /** Epoch milliseconds since when somebody who was silent for `after` would have been heard. */
  #listeningSince(after: number): number {
    const { time } = this.#options;
    const long = this.#standstills.findLast(({ ms }) => ms >= after * LONG_SHARE);
    return Math.max(this.#startedAt, time.jumpedAt, long?.end ?? 0);
  }

  #addSubjectOf(alert_id: string, touched: Touched): void {
    const { job_id, phase_id } = this.#options.model.alerts.get(alert_id)?.raised ?? {};
    if (job_id === undefined) return;
    if (phase_id === undefined) touched.jobs.add(job_id);
    else touchPhase(touched, job_id, phase_id);
  }

  #judgeAll(touched: Touched): void {
    const events = this.#judge.judge(touched, this.#options.time.now());
    this.#say(events, () => {
      this.#judge.unsaid(events);
      addSubjects(this.#unsaid, touched);
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

  /** Phases that run may become slow without any event. */
  #running(): Touched {
    const touched = newTouched();
    for (const job of this.#options.model.jobs.values()) {
      const open = [...job.phases.values()].filter((phase) => phase.marks.at(-1)?.kind === 'START');
      if (open.length > 0)
        touched.phases.set(job.job_id, new Set(open.map((phase) => phase.phase_id)));
      else if (job.phases.size === 0) touched.jobs.add(job.job_id);
    }
    return touched;
  }
}
