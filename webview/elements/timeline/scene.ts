import { isEnded } from '../../../service/protocol/states.ts';
import type { App } from '../../app.ts';
import { originOf } from '../../runSpan.ts';
import type { Span } from '../../timeScale.ts';
import { type Context, extentOf, type Row } from './bars.ts';
import { foldingOf } from './folds.ts';

/** What one drawing of the timeline shows. */
export interface Scene {
  rows: readonly Row[];
  context: Context;
  whole: Span;
  shown: Span;
  running: boolean;
  /** What the button for all sub-phases does; null where nothing folds. */
  folding: 'show' | 'hide' | null;
}

/** The scene of the shown job now; undefined before anything has started. */
export function sceneOf(app: App, rows: readonly Row[]): Scene | undefined {
  const { job, detail } = app.store;
  if (job === undefined || detail === null) return undefined;
  const phases = detail.orderedPhases();
  const origin = originOf(job, phases);
  if (origin === null) return undefined;
  const running = !isEnded(job.status) && job.status !== 'STALE';
  // The bars of a silent job end where it was last heard of.
  const now = job.status === 'STALE' ? Date.parse(job.last_seen_at) : app.clock.now();
  const whole = extentOf(job, phases, origin, now);
  const folding = foldingOf(rows);
  const context = { origin, now, running, phases: detail.phases };
  return { rows, context, whole, shown: app.session.view.timeline ?? whole, running, folding };
}
