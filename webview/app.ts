import type { JobRecord } from '../service/protocol/record.ts';
import { Clock } from './clock.ts';
import type { KnownRegion } from './layout.ts';
import { LayoutKeeper } from './layoutKeeper.ts';
import { PathFeed } from './pathFeed.ts';
import type { Session } from './session.ts';
import type { Store } from './store.ts';
import { Crosshair, TimeRange } from './timeRange.ts';

/** What every element is given: the records, the conversation, and the time. */
export interface App {
  readonly store: Store;
  readonly session: Session;
  readonly clock: Clock;
  readonly time: TimeRange;
  readonly crosshair: Crosshair;
  readonly layout: LayoutKeeper;
  /** The critical path of the shown job. */
  readonly path: PathFeed;
}

/** `regions` are those there are, in their usual order. */
export function makeApp(session: Session, regions: readonly KnownRegion[]): App {
  const { store } = session;
  const growing = (job: JobRecord): boolean => job.status === 'RUNNING';
  const clock = new Clock(() => [...store.jobs.values()].some(growing), store.time);
  store.subscribe(['jobs'], () => clock.wake());
  const time = new TimeRange(session, clock);
  const layout = new LayoutKeeper(session, regions);
  return {
    store,
    session,
    clock,
    time,
    crosshair: new Crosshair(),
    layout,
    path: new PathFeed(session),
  };
}
