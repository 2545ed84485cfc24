/**
 * Keeps what is usual for jobs and when they will end beside them, for their records. A job is looked at when something was
 * heard of it, at most every 2 s, and every 10 s while it runs; windows are told only where somebody would see the
 * difference. Nothing of it is stored: after a start it is worked out anew.
 */
import { widthOf } from '../analysis/expected/calibration.ts';
import { likenessOf, pastRunsOf, runNow } from '../analysis/expected/jobRuns.ts';
import {
  changedPhases,
  endedOutlook,
  isBlank,
  isNews,
  runningOutlook,
} from '../analysis/expected/outlook.ts';
import {
  type PastRun,
  type Structure,
  pastRuns,
  structureOf,
} from '../analysis/expected/pastRuns.ts';
import type { PastRuns } from '../analysis/expected/run.ts';
import type { AnalysisPart, PartSources } from './part.ts';
import { type Derived, deriveJob } from '../core/derive.ts';
import type { Model } from '../core/fold.ts';
import type { JobState } from '../core/model.ts';
import { type JobOutlook, outlookOf, setOutlook } from '../core/outlook.ts';
import { type Touched, touchPhase } from '../core/touched.ts';
import { jobRecord, pipelineOf, toldProgress } from '../core/view.ts';
import type { JobRecord } from '../protocol/record.ts';
import { isEnded } from '../protocol/states.ts';
import { Foretold } from './foretold.ts';
import { Scheduled } from './scheduled.ts';

/** Pipelines of which runs are held ready. */
const MOST_PIPELINES = 200;
/** How long they are good enough when another one ended: the longer, the more it costs to read them. */
const FRESH_MS = 250;
const FRESH_PER_MS = 100;
/** When an ended job is looked at for the last time. */
const AGAIN_MS = 2000;
/** Milliseconds of one second, and of one change, that may go by here: what is left is looked at later. */
const SLICE_MS = 10;

interface Pipeline {
  runs: readonly PastRun[];
  structure: Structure;
  /** Monotonic milliseconds up to which it is fresh, whatever ends. */
  fresh_until: number;
  stale: boolean;
}

export class ExpectedPart implements AnalysisPart {
  readonly #sources: PartSources;
  readonly #pipelines = new Map<string, Pipeline>();
  readonly #foretold = new Foretold();
  readonly #due: Scheduled;
  #begun = false;

  constructor(sources: PartSources) {
    this.#sources = sources;
    this.#due = new Scheduled();
  }

  changed(touched: Touched): void {
    const { model, now, clock } = this.#sources;
    const at = now();
    const until = clock.elapsed() + SLICE_MS;
    for (const id of touched.removedJobs) this.#forget(id);
    for (const id of new Set([...touched.jobs, ...touched.phases.keys()])) {
      const job = model.jobs.get(id);
      if (job === undefined) continue;
      const of = deriveJob(job);
      if (touched.phases.has(id) || isEnded(of.status)) this.#age(pipelineOf(job));
      // The first and the last word are said with the events that they follow from.
      const isTurn = isEnded(of.status) || outlookOf(job) === undefined;
      if (isTurn && clock.elapsed() < until) this.#look(job, of, { at, touched });
      // Of what has ended once more: others may have ended with it.
      this.#due.heardOf(id, isTurn ? at + AGAIN_MS : at);
    }
  }

  tick(now: number): void {
    const { model, clock, touched } = this.#sources;
    if (!this.#begun) {
      this.#begun = true;
      for (const id of model.jobs.keys()) this.#due.heardOf(id, now);
    }
    const until = clock.elapsed() + SLICE_MS;
    for (const id of this.#due.take(now)) {
      const job = model.jobs.get(id);
      if (job === undefined) this.#forget(id);
      else this.#look(job, deriveJob(job), { at: now, touched: touched() });
      if (clock.elapsed() >= until) break;
    }
  }

  /** A job that was read from disk: its records say what was usual. */
  describe(job: JobState): void {
    const of = deriveJob(job);
    if (outlookOf(job) === undefined && isEnded(of.status)) this.#setEnded(job, of);
  }

  #look(job: JobState, of: Derived, { at, touched }: { at: number; touched: Touched }): void {
    const { job_id } = job;
    const before = outlookOf(job);
    if (isEnded(of.status)) {
      this.#due.drop(job_id); // heardOf() puts it back for one more look
      this.#foretold.ended(job_id, of.status === 'COMPLETED' ? of.ended_at : null);
      this.#setEnded(job, of);
    } else this.#setRunning(job, of, at);
    const after = outlookOf(job);
    if (after === undefined || after === before || after.seq === 0) return;
    touched.jobs.add(job_id);
    for (const phase_id of changedPhases(before, after, at)) touchPhase(touched, job_id, phase_id);
  }

  #setRunning(job: JobState, of: Derived, at: number): void {
    const { job_id } = job;
    const pipeline = pipelineOf(job);
    this.#due.looked(job_id, at);
    const progress = toldProgress(job, of);
    if (progress !== null) this.#foretold.progress(job_id, at, progress);
    const earlier = this.#foretold.earlier(job_id, ((of.started_at ?? at) + at) / 2);
    const run = of.status === 'RUNNING' ? runNow(job, { of, now: at, earlier }) : null;
    if (run === null)
      return this.#set(job, { expected: null, eta: null, times: null, phases: NONE }, at);
    const width = widthOf(this.#foretold.scores(pipeline));
    const { outlook, rest } = runningOutlook(run, { past: this.#past(job, pipeline), width });
    if (rest !== null)
      this.#foretold.note({ job_id, pipeline, started_at: run.started_at }, at, rest);
    this.#set(job, outlook, at);
  }

  #setEnded(job: JobState, of: Derived): void {
    const at = this.#sources.now();
    const run = runNow(job, { of, now: of.ended_at ?? at, earlier: null });
    if (run !== null) this.#set(job, endedOutlook(run, this.#past(job, pipelineOf(job))), at);
  }

  #set(job: JobState, outlook: Omit<JobOutlook, 'seq'>, at: number): void {
    const before = outlookOf(job);
    // That nothing is known is no news to those who knew nothing.
    if (before === undefined && isBlank(outlook)) setOutlook(job, { ...outlook, seq: 0 });
    else if (isNews(before, outlook, at)) setOutlook(job, { ...outlook, seq: this.#sources.seq() });
  }

  /** Runs before, as they count for this job. */
  #past(job: JobState, pipeline: string): PastRuns {
    const labels = Object.fromEntries(
      [...job.labels].map(([name, { value }]) => [name, String(value)]),
    );
    const { runs, structure } = this.#pipeline(pipeline);
    const others = runs.filter(({ job_id }) => job_id !== job.job_id);
    return pastRuns(others, structure, (run) => likenessOf(run.labels, labels));
  }

  #pipeline(pipeline: string): Pipeline {
    const held = this.#pipelines.get(pipeline);
    const { model, clock } = this.#sources;
    const begin = clock.elapsed();
    if (held && (!held.stale || begin < held.fresh_until)) return held;
    const runs = pastRunsOf(model.domain, jobsOf(model, pipeline), pipeline);
    const structure = structureOf(runs);
    const end = clock.elapsed();
    const fresh_until = end + Math.max(FRESH_MS, FRESH_PER_MS * (end - begin));
    this.#pipelines.delete(pipeline);
    const made = { runs, structure, fresh_until, stale: false };
    this.#pipelines.set(pipeline, made);
    const [oldest] = this.#pipelines.keys();
    if (this.#pipelines.size > MOST_PIPELINES && oldest !== undefined)
      this.#pipelines.delete(oldest);
    return made;
  }

  #age(pipeline: string): void {
    const held = this.#pipelines.get(pipeline);
    if (held) held.stale = true;
  }

  #forget(job_id: string): void {
    this.#due.drop(job_id);
    this.#foretold.ended(job_id, null);
  }
}

const NONE = new Map<string, never>();

function* jobsOf(model: Model, pipeline: string): Iterable<JobRecord> {
  for (const row of model.finished.values()) if (row.pipeline === pipeline) yield row;
  for (const job of model.jobs.values())
    if (pipelineOf(job) === pipeline) yield jobRecord(job, model.activeAlerts(job.job_id));
}
