/** Events into time series: what an event does not say itself is looked up in the model. */
import type { Model } from './core/fold.ts';
import { findTask } from './core/domain/queries.ts';
import { newestRun } from './core/marks.ts';
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

  constructor(model: Model, series: SeriesStore, knownSeq: number) {
    this.#series = series;
    this.#knownSeq = knownSeq;
    this.#lookup = lookupIn(model);
  }

  /** Appends the points that the entry makes; to be called when it is in the model. */
  take({ seq, event }: Entry): void {
    if (seq <= this.#knownSeq) return;
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

  /** Why the event is refused at the door: its labels would make one series too many. Null for all others. */
  fault(event: Event): EventFault | null {
    if (event.type !== 'metric.recorded') return null;
    const refused = pointsOf(event, this.#lookup).find(
      ({ metric, labels }) => !this.#series.admits(metric, labels),
    );
    if (!refused) return null;
    return {
      code: 'SERIES_LIMIT',
      path: '/labels',
      message: `There are too many label sets already to begin another one of "${event.name}". Drop labels that differ with each run.`,
    };
  }
}

function lookupIn(model: Model): PointLookup {
  return {
    pipelineOf: (job_id) => {
      const job = model.jobs.get(job_id);
      return job ? pipelineOf(job) : model.finished.get(job_id)?.pipeline;
    },
    task: (task_id) => findTask(model.domain, task_id) ?? undefined,
    phaseTime: (job_id, phase_id) => {
      const phase = model.jobs.get(job_id)?.phases.get(phase_id);
      const run = phase && newestRun(phase.marks);
      if (!run?.end || run.started_at === null) return undefined;
      return Math.max(0, run.end.time - run.started_at);
    },
  };
}
