/**
 * Keeps what is usual for jobs and when they will end beside them, for their records. A job is looked at when something was
 * heard of it, at most every 2 s, and every 10 s while it runs; windows are told only where somebody would see the
 * difference. Of a job that has ended it depends on what had ended before it alone, so that it is the same after a start,
 * when it is worked out anew.
 */
import { widthOf } from '../analysis/expected/calibration.ts';
import { type PastTimes, likenessOf, pastTimes, usualFor } from '../analysis/expected/before.ts';
import { pastRunsOf, runNow } from '../analysis/expected/jobRuns.ts';
import {
  type ExpectedOf,
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
import { historyRows } from '../core/history.ts';
import type { JobState } from '../core/model.ts';
import { type JobOutlook, outlookOf, setOutlook } from '../core/outlook.ts';
import { readAllTexts } from '../core/registers.ts';
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
  times: PastTimes;
  structure: Structure;
  /** Monotonic milliseconds up to which it is fresh, whatever ends. */
  fresh_until: number;
  stale: boolean;
  /** Number of the newest entry that it knows of. */
  seq: number;
}

export class ExpectedPart implements AnalysisPart {
  readonly #sources: PartSources;
  readonly #pipelines = new Map<string, Pipeline>();
  readonly #foretold: Foretold;
  readonly #due: Scheduled;
  #begun = false;

  constructor(sources: PartSources) {
    this.#sources = sources;
    this.#foretold = new Foretold(sources.model.domain.forecasts);
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
      else {
        const of = deriveJob(job);
        // The last look at it: its row is to say the same as after a start.
        if (isEnded(of.status)) this.#refresh(pipelineOf(job), job.seq);
        this.#look(job, of, { at: now, touched: touched() });
      }
      if (clock.elapsed() >= until) break;
    }
  }

  /** An ended job that is to be looked at, before its row is made or read: of one that was read again nothing is known yet. */
  describe(job: JobState): void {
    const { job_id } = job;
    if (outlookOf(job) !== undefined && !this.#due.has(job_id)) return;
    const of = deriveJob(job);
    if (!isEnded(of.status)) return;
    this.#due.drop(job_id);
    this.#refresh(pipelineOf(job), job.seq);
    this.#setEnded(job, of);
    // Windows may have its record without it.
    const { model, touched } = this.#sources;
    const after = outlookOf(job);
    if (after && after.seq > 0 && model.jobs.get(job_id) === job) touched().jobs.add(job_id);
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
    const [past, expectedOf] = [this.#past(job, pipeline), this.#expectedOf(job, pipeline)];
    const { outlook, rest } = runningOutlook(run, { past, expectedOf, width });
    if (rest !== null)
      this.#foretold.note({ job_id, pipeline, started_at: run.started_at }, at, rest);
    this.#set(job, outlook, at);
  }

  #setEnded(job: JobState, of: Derived): void {
    const at = this.#sources.now();
    const run = runNow(job, { of, now: of.ended_at ?? at, earlier: null });
    if (run === null) return;
    const outlook = endedOutlook(run, this.#expectedOf(job, pipelineOf(job)));
    this.#set(job, outlook, at);
    // What stays is exact, though nobody would see the difference: it is the same after a start.
    const held = outlookOf(job);
    if (held !== undefined) setOutlook(job, { ...outlook, seq: held.seq });
  }

  #set(job: JobState, outlook: Omit<JobOutlook, 'seq'>, at: number): void {
    const before = outlookOf(job);
    // That nothing is known is no news to those who knew nothing.
    if (before === undefined && isBlank(outlook)) setOutlook(job, { ...outlook, seq: 0 });
    else if (isNews(before, outlook, at)) setOutlook(job, { ...outlook, seq: this.#sources.seq() });
  }

  /** Runs before, as they count for this job. */
  #past(job: JobState, pipeline: string): PastRuns {
    const labels = readAllTexts(job.labels);
    const { runs, structure } = this.#pipeline(pipeline);
    const others = runs.filter(({ job_id }) => job_id !== job.job_id);
    return pastRuns(others, structure, (run) => likenessOf(run.labels, labels));
  }

  #expectedOf({ job_id, labels: own }: JobState, pipeline: string): ExpectedOf {
    const { times } = this.#pipeline(pipeline);
    const labels = readAllTexts(own);
    return ({ phase_id, size, started_at }) => {
      const past = phase_id === null ? times.totals : (times.phases.get(phase_id) ?? []);
      // Of what has not begun, what is usual now.
      return usualFor(past, { job_id, size, labels, before: started_at ?? Infinity });
    };
  }

  #pipeline(pipeline: string): Pipeline {
    const held = this.#pipelines.get(pipeline);
    const { model, clock, seq } = this.#sources;
    const begin = clock.elapsed();
    if (held && (!held.stale || begin < held.fresh_until)) return held;
    const jobs = [...jobsOf(model, pipeline)];
    const runs = pastRunsOf(model.domain, jobs, pipeline);
    const structure = structureOf(runs);
    const times = pastTimes(jobs, historyRows(model.domain, { pipeline }));
    const end = clock.elapsed();
    const fresh_until = end + Math.max(FRESH_MS, FRESH_PER_MS * (end - begin));
    this.#pipelines.delete(pipeline);
    const made = { runs, structure, times, fresh_until, stale: false, seq: seq() };
    this.#pipelines.set(pipeline, made);
    const [oldest] = this.#pipelines.keys();
    if (this.#pipelines.size > MOST_PIPELINES && oldest !== undefined)
      this.#pipelines.delete(oldest);
    return made;
  }

  /** What is held of the pipeline is to know of all that came before an entry. */
  #refresh(pipeline: string, seq: number): void {
    const held = this.#pipelines.get(pipeline);
    if (held && held.seq < seq) this.#pipelines.delete(pipeline);
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
