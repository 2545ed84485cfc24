import type { HostMessage, RecordsFrame, Topic } from '../service/protocol/frame.ts';
import type { AlertRecord, JobRecord } from '../service/protocol/record.ts';
import { isEnded } from '../service/protocol/states.ts';
import { JobDetail } from './jobDetail.ts';
import { type Listener, Notifier, type Part, type Timing } from './notifier.ts';
import type { RegionName } from './regionNames.ts';
import { merge, problem, type SeriesState } from './seriesState.ts';
import { ServiceTime } from './serviceTime.ts';
import type { AlertsAim } from './alertsAim.ts';
import type { TokenNeed } from './transport.ts';
import { upsert } from './upsert.ts';
import { WorkRecords } from './workRecords.ts';

/** What the page can bring into view: a region, or a widget of the person's own. */
export type Place = RegionName | `widget:${string}`;
export type Connection = Omit<Extract<HostMessage, { type: 'connection' }>, 'type'>;
export type Notice = Omit<Extract<HostMessage, { type: 'notice' }>, 'type'>;

/** More than a picker can be searched in; the newest are kept. */
const MAX_JOBS = 5_000;
const MAX_ALERTS = 5_000;
const POINTS_QUIET_MS = 500;

/** The newest record of each id, as the service last said it. Nothing is computed here that the service knows. */
export class Store {
  readonly jobs = new Map<string, JobRecord>();
  readonly alerts = new Map<string, AlertRecord>();
  readonly work = new WorkRecords();
  readonly time: ServiceTime;
  /** By the query of the topic; only those that somebody wants. */
  readonly series = new Map<string, SeriesState>();
  /** How many jobs the service holds; here are the newest of them. */
  jobsTotal = 0;
  /** As it was saved, unread; undefined until the home has told. */
  layout: unknown;
  /** What is known of the job that is shown; null before there is one. */
  detail: JobDetail | null = null;
  connection: Connection;
  notice: Notice | null = null;
  /** The region to be brought into view; whoever does it takes it away. */
  goal: Place | null = null;
  /** What the alerts are to open; whoever does it takes it away. */
  aim: AlertsAim | null = null;
  /** Asks for the access token; only in a browser. */
  tokenNeeded: TokenNeed | null = null;
  /** True once records have come: an empty list then means that there is nothing. */
  loaded = false;
  readonly #notifier: Notifier;
  /** Points come once a second and have many charts drawn: what happened does not wait for them. */
  readonly #points: Notifier;

  constructor(timing?: Timing, time = new ServiceTime()) {
    this.#notifier = new Notifier(timing);
    this.#points = new Notifier(timing, POINTS_QUIET_MS);
    this.time = time;
    this.connection = { state: 'connecting', since: time.now() };
  }

  subscribe(parts: readonly Part[], listener: Listener): () => void {
    const stop = this.#notifier.subscribe(parts, listener);
    if (!parts.includes('series')) return stop;
    const stopPoints = this.#points.subscribe(['series'], listener);
    return () => {
      stop();
      stopPoints();
    };
  }

  apply(frame: RecordsFrame): void {
    const parts = new Set<Part>(frame.reset === true ? this.#forget() : []);
    if (upsert(this.jobs, frame.jobs, (job) => job.job_id)) parts.add('jobs');
    if (upsert(this.alerts, frame.alerts, (alert) => alert.alert_id)) parts.add('alerts');
    for (const part of frame.removed.flatMap((removed) => this.#remove(removed))) parts.add(part);
    for (const part of this.detail?.apply(frame) ?? []) parts.add(part);
    if (this.work.apply(frame)) parts.add('work');
    if (frame.definitions === true || frame.reset === true) parts.add('definitions');
    if (this.#applySeries(frame)) this.#points.changed('series');
    this.jobsTotal = Math.max(frame.jobs_total ?? this.jobsTotal, this.jobs.size);
    if (!this.loaded) parts.add('jobs').add('alerts');
    this.loaded = true;
    this.#bound();
    this.#notifier.changed(...parts);
  }

  /** Shows another job: what was known of the one before is forgotten. */
  select(jobId: string | null): void {
    if (this.detail?.jobId === jobId || (this.detail === null && jobId === null)) return;
    this.detail = jobId === null ? null : new JobDetail(jobId);
    this.#notifier.now('selection');
  }

  /** True while what is shown may be old. */
  get stale(): boolean {
    return this.loaded && this.connection.state !== 'connected';
  }

  /** The job that is shown, as far as it is known. */
  get job(): JobRecord | undefined {
    return this.detail === null ? undefined : this.jobs.get(this.detail.jobId);
  }

  /** Whether the phases of the shown job are here, or it has none. */
  get detailLoaded(): boolean {
    return (this.detail?.phases.size ?? 0) > 0 || this.job?.phases_total === 0;
  }

  connected(connection: Connection): void {
    // Trying again is no news: what counts is since when the line is down.
    const down = connection.state !== 'connected' && this.connection.state !== 'connected';
    this.connection = down ? { ...connection, since: this.connection.since } : connection;
    if (connection.state === 'connected') this.tokenNeeded = null;
    this.#notifier.now('connection');
  }

  needToken(reason: TokenNeed | null): void {
    this.tokenNeeded = reason;
    this.#notifier.now('connection');
  }

  say(notice: Notice | null): void {
    this.notice = notice;
    this.#notifier.now('notice');
  }

  viewChanged(): void {
    this.#notifier.now('view');
  }

  /** A layout that was saved before, or another one now; null is the default. */
  setLayout(layout: unknown): void {
    this.layout = layout;
    this.#notifier.now('layout');
  }

  /** The critical path of the shown job is another, or was asked for in vain. */
  pathChanged(): void {
    this.#notifier.now('path');
  }

  /** Some series are not followed: whoever shows them has to ask in another way. */
  seriesRefused(): void {
    this.#notifier.now('series');
  }

  /** Nobody looks at this topic any more: what is known of it would only grow old. */
  leave(topic: Topic): void {
    if (topic === 'workers') this.work.clear();
    else if (topic.startsWith('series:')) this.series.delete(topic.slice('series:'.length));
  }

  /** Brings a region into view; the page listens. */
  go(region: Place): void {
    this.goal = region;
    this.#notifier.now('goal');
  }

  #forget(): Part[] {
    this.jobs.clear();
    this.alerts.clear();
    this.jobsTotal = 0;
    if (this.detail !== null) this.detail = new JobDetail(this.detail.jobId);
    return ['jobs', 'alerts', 'phases', 'sub_phases', 'logs', 'artifacts', 'resources'];
  }

  #remove(removed: RecordsFrame['removed'][number]): Part[] {
    switch (removed.kind) {
      case 'job':
        this.jobs.delete(removed.job_id);
        return ['jobs'];
      case 'alert':
        this.alerts.delete(removed.alert_id);
        return ['alerts'];
      case 'worker':
      case 'task':
        return []; // WorkRecords takes these
    }
  }

  #applySeries({ series = [], series_problems = [] }: RecordsFrame): boolean {
    for (const update of series)
      this.series.set(update.query, merge(this.series.get(update.query), update));
    for (const one of series_problems) this.series.set(one.query, problem(one));
    return series.length + series_problems.length > 0;
  }

  #bound(): void {
    dropOldest(
      this.jobs,
      MAX_JOBS,
      (job) => isEnded(job.status) && job.job_id !== this.detail?.jobId,
    );
    dropOldest(this.alerts, MAX_ALERTS, (alert) => !alert.active || alert.acknowledged);
  }
}

/** Forgets the least recently changed of those that may go. */
function dropOldest<T extends { seq: number }>(
  map: Map<string, T>,
  limit: number,
  mayGo: (record: T) => boolean,
): void {
  if (map.size <= limit) return;
  const oldest = [...map].filter(([, record]) => mayGo(record)).sort((a, b) => a[1].seq - b[1].seq);
  for (const [id] of oldest.slice(0, map.size - limit)) map.delete(id);
}
