import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import type { App } from '../../app.ts';
import type { Loaded } from '../../loadState.ts';
import type { PathView } from '../../pathView.ts';
import { originOf } from '../../runSpan.ts';
import { type Context, extentOf, type Row, rowsOf } from './bars.ts';
import { foldingOf } from './folds.ts';
import type { Gap } from './gaps.ts';
import { RunFactsCache } from './runFacts.ts';
import { type Extent, extentIn } from './window.ts';

/** What one drawing of the timeline shows. */
export interface Scene {
  rows: readonly Row[];
  context: Context;
  /** The time of the run, and what is drawn of it. */
  extent: Extent;
  running: boolean;
  path: PathView | null;
  /** Whether the path is known, and why not. */
  pathState: Loaded<unknown>;
  gaps: readonly Gap[];
  /** What the button for all sub-phases does; null where nothing folds. */
  folding: 'show' | 'hide' | null;
}

/** Makes the scene of the shown job, from what it knew before as far as nothing changed. */
export class SceneMaker {
  readonly #facts = new RunFactsCache();
  #rows: { key: readonly unknown[]; rows: readonly Row[] } | undefined;

  /** Undefined before anything has started. */
  make(app: App): Scene | undefined {
    const { job, detail, work } = app.store;
    if (job === undefined || detail === null) return undefined;
    const phases = detail.orderedPhases();
    const origin = originOf(job, phases);
    if (origin === null) return undefined;
    const running = !isEnded(job.status) && job.status !== 'STALE';
    const present = app.clock.now();
    // The bars of a silent job end where it was last heard of.
    const now = job.status === 'STALE' ? Date.parse(job.last_seen_at) : present;
    const whole = extentOf(job, phases, origin, now);
    const until = Math.max(origin, whole.until);
    const worker = (id: string) => work.workers.get(id);
    const run = { job, phases, byId: detail.phases, origin, until, now: present, running, worker };
    const { gaps, declares, firstEnd } = this.#facts.of(run);
    const { path, state: pathState } = app.path;
    const rows = this.#rowsOf(app, phases, path);
    const times = { origin, begin: origin, firstEnd, now, running, declares };
    return {
      ...{ rows, path, pathState, gaps, running, folding: foldingOf(rows) },
      context: { ...times, phases: detail.phases },
      extent: extentIn(app.time, { origin, whole: whole.span, until: until - origin }),
    };
  }

  /** Thousands of rows are made anew only when a record changed, not with every tick. */
  #rowsOf(app: App, phases: readonly PhaseRecord[], path: PathView | null): readonly Row[] {
    const { detail } = app.store;
    if (detail === null) return [];
    const { subPhases, timelineAs } = app.session.view;
    const only = timelineAs.critical && path !== null ? path.ids : null;
    const key = [phases, detail.subPhaseVersion, subPhases, only];
    if (this.#rows?.key.every((part, index) => part === key[index]) !== true) {
      const some = only === null ? phases : phases.filter(({ phase_id: id }) => only.has(id));
      this.#rows = { key, rows: rowsOf(some, (id) => detail.subPhasesOf(id), subPhases) };
    }
    return this.#rows.rows;
  }
}
