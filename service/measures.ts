/** Events into time series: what an event does not say itself is looked up in the model. */
import type { Model } from './core/fold.ts';
import { Domain } from './core/domain/domain.ts';
import { newTaskFacts } from './core/domain/queries.ts';
import { newestRun } from './core/marks.ts';
import type { JobState } from './core/model.ts';
import { newTouched } from './core/touched.ts';
import { pipelineOf } from './core/view.ts';
import type { Entry, Event } from './protocol/event.ts';
import type { EventFault } from './protocol/parse.ts';
import { type PointLookup, pointsOf } from './series/points.ts';
import type { SeriesStore } from './series/store.ts';
import type { Point } from './series/types.ts';

export class Measures {
  readonly #series: SeriesStore;
  readonly #lookup: PointLookup;
  readonly #listeners = new Set<(point: Point) => void>();
  /** Entries up to this one are in the stored series. */
  readonly #knownSeq: number;
  readonly #model: Model;
  /** Where all series are made anew: the tables as they were by then, because the stored ones know what came later. */
  #past: Domain | undefined;
  /** The entry whose points are made, and its job where that is not in memory. */
  #about: About = { seq: 0, time: 0, job: null };

  constructor(model: Model, series: SeriesStore, knownSeq: number) {
    this.#series = series;
    this.#knownSeq = knownSeq;
    this.#model = model;
    const { tasks, folded_seq } = model.domain;
    if (knownSeq === 0 && folded_seq > 0) this.#past = new Domain({ tasks: tasks.limit });
    this.#lookup = lookupIn(model, {
      about: () => this.#about,
      domain: () => this.#past ?? model.domain,
    });
  }

  /** True where `take` needs the entry's job, also when it is not in memory. */
  wantsJob({ seq, event }: Entry): boolean {
    return (
      seq > this.#knownSeq && (event.type === 'phase.completed' || event.type === 'phase.failed')
    );
  }

  /** Appends the points that the entry makes; to be called when it is in the model. `job`: one that is only stored. */
  take(entry: Entry, job: JobState | null = null): void {
    const { seq, event } = entry;
    if (seq <= this.#knownSeq) return;
    this.#past?.apply(entry, newTouched());
    if (seq >= this.#model.domain.folded_seq) this.#past = undefined;
    this.#about = { seq, time: event.time, job };
    for (const point of pointsOf(event, this.#lookup)) {
      this.#series.append(point);
      for (const listener of this.#listeners) listener(point);
    }
  }

  /** Calls back for each point that events make, until the returned function is called. */
  onPoint(listener: (point: Point) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Why the event is refused at the door, and counted: its labels would make one series too many. Null for all others. */
  fault(event: Event): EventFault | null {
    if (event.type !== 'metric.recorded') return null;
    const refused = pointsOf(event, this.#lookup).find(
      ({ metric, labels }) => !this.#series.admits(metric, labels),
    );
    if (!refused) return null;
    this.#series.countRefused();
    return {
      code: 'SERIES_LIMIT',
      path: '/labels',
      message: `There are too many label sets already to begin another one of "${event.name}". Drop labels that differ with each run.`,
    };
  }
}

interface About {
  seq: number;
  time: number;
  job: JobState | null;
}

function lookupIn(
  model: Model,
  { about, domain }: { about: () => About; domain: () => Domain },
): PointLookup {
  return {
    pipelineOf: (job_id) => {
      const job = model.jobs.get(job_id);
      const pipeline = job ? pipelineOf(job) : model.finished.get(job_id)?.pipeline;
      // A job without a name is its own pipeline: as a label that would make a series of every run.
      return pipeline === job_id ? undefined : pipeline;
    },
    task: (task_id) => newTaskFacts(domain(), task_id, about().seq),
    phaseTime: (job_id, phase_id) => {
      const { job, time } = about();
      const phase = (job ?? model.jobs.get(job_id))?.phases.get(phase_id);
      // The run that the event ended: a job that is stored may have begun another one since.
      const run = phase && newestRun(phase.marks.filter((mark) => mark.time <= time));
      if (!run?.end || run.started_at === null) return undefined;
      return Math.max(0, run.end.time - run.started_at);
    },
  };
}
