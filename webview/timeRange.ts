/** The one range of time that all charts of the page share, and the one moment that all of them mark. */
import type { Range, View } from './view.ts';
import { endOfRun, originOf } from './runSpan.ts';
import { isEnded } from '../service/protocol/states.ts';
import type { Clock } from './clock.ts';
import type { Session } from './session.ts';
import type { Span } from './timeScale.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What the picker offers; the service answers 5 minutes to 30 days. */
export const LAST: readonly number[] = [
  ...[5, 15, 30].map((n) => n * MINUTE),
  ...[1, 4, 12, 24, 7 * 24, 30 * 24].map((n) => n * HOUR),
];
const RUN: Range = { kind: 'run' };
const WITHOUT_RUN = 15 * MINUTE;
/**
 * A run is asked for from a round time before its start: the service takes no range of less than a second, and a run
 * that has just begun has none.
 */
const BEFORE_RUN = 10_000;
/** Nothing shorter can be asked for: of a shorter range the second around it. */
const SHORTEST = 1_000;
/** Nothing shorter is zoomed into. */
const CLOSEST = 10;
/** A live range moves in steps of this: with each of them every chart is drawn anew. */
const STEP_MS = 500;
/** Steps back that are remembered. */
const MOST_STEPS = 50;
/** A range that is moved in small steps, as by a wheel, is that of the charts when it has stood still for as long. */
const REST_MS = 250;

/** Holds the range with the rest of what the person has set. */
type Keeper = Pick<Session, 'view' | 'store' | 'set'>;

export class TimeRange {
  readonly #session: Keeper;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #before: Range[] = [];
  readonly #followers = new Set<() => void>();
  #moving: Range | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Keeper, clock: Pick<Clock, 'now'>) {
    this.#session = session;
    this.#clock = clock;
  }

  get range(): Range {
    return this.#session.view.range;
  }

  /** Where the range is on its way to while somebody moves it: for those who draw each step. */
  get moving(): Range {
    return this.#moving ?? this.range;
  }

  /** True while the end of the range moves with the clock. */
  get live(): boolean {
    if (this.#session.view.pausedAt !== null || this.range.kind === 'between') return false;
    const { job } = this.#session.store;
    return this.range.kind === 'last' || job === undefined || !isEnded(job.status);
  }

  get paused(): boolean {
    return this.#session.view.pausedAt !== null;
  }

  get canGoBack(): boolean {
    return this.#before.length > 0 || this.range.kind === 'between';
  }

  /** Epoch milliseconds, `to` after `from`. */
  span(range = this.range): Span {
    if (range.kind === 'between') return { from: range.from, to: range.to };
    const now = this.#session.view.pausedAt ?? Math.ceil(this.#clock.now() / STEP_MS) * STEP_MS;
    if (range.kind === 'last') return { from: now - range.ms, to: now };
    return this.#run(now);
  }

  /** Another range; the one before is remembered for `back`. */
  set(range: Range): void {
    this.#change({ range });
  }

  /** All of the shown run, and on with it. */
  showRun(): void {
    this.#change({ range: RUN, pausedAt: null });
  }

  /** Zooms into a part of what is shown; a mere click is no part. */
  zoomTo({ from, to }: Span): void {
    if (to - from >= CLOSEST) this.set({ kind: 'between', from, to });
  }

  /** One of many small steps: followers draw each, the charts and `back` know the last one. */
  move(range: Range): void {
    this.#moving = range;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.rest(), REST_MS);
    for (const follower of [...this.#followers]) follower();
  }

  /** There are no more steps for now. */
  rest(): void {
    if (this.#moving !== null) this.set(this.#moving);
  }

  /** Told of each step of a range that is moved. Returns the function that ends the subscription. */
  follow(follower: () => void): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** To the range before; without one, as after a reload, from a part of the time to the run. */
  back(): void {
    // What is still moved goes back to where it was.
    const moved = this.#moving !== null;
    const before = moved ? this.range : this.#before.pop();
    this.#stop();
    this.#session.set({ range: before ?? (this.range.kind === 'between' ? RUN : this.range) });
  }

  pause(): void {
    this.#session.set({ pausedAt: this.#clock.now() });
  }

  resume(): void {
    this.#session.set({ pausedAt: null });
  }

  /** The range as the query of the series says it: `range=15m`, or `from=...&to=...` in epoch milliseconds. */
  query(): string {
    const { range, live } = this;
    if (range.kind === 'last' && live) return `range=${range.ms}`;
    if (live && this.#origin() === null) return `range=${WITHOUT_RUN}`;
    const { from, to } = this.span();
    // A job whose clock is ahead begins later than now: there is no such range.
    const begin = Math.min(from, this.#clock.now());
    if (live) return `from=${Math.floor(begin / BEFORE_RUN) * BEFORE_RUN - BEFORE_RUN}`;
    const more = Math.max(0, SHORTEST - (to - from)) / 2;
    return `from=${Math.floor(from - more)}&to=${Math.ceil(to + more)}`;
  }

  #run(now: number): Span {
    const { job, detail } = this.#session.store;
    const phases = detail?.orderedPhases() ?? [];
    const from = this.#origin();
    if (job === undefined || from === null) return { from: now - WITHOUT_RUN, to: now };
    const to = endOfRun(job, phases, now) ?? now;
    return { from, to: Math.max(to, from + SHORTEST) };
  }

  /** When the shown run began; null before it has. */
  #origin(): number | null {
    const { job, detail } = this.#session.store;
    return job === undefined ? null : originOf(job, detail?.orderedPhases() ?? []);
  }

  #change(change: Pick<View, 'range'> & Partial<Pick<View, 'pausedAt'>>): void {
    this.#stop();
    if (!isSameRange(change.range, this.range)) this.#before.push(this.range);
    if (this.#before.length > MOST_STEPS) this.#before.shift();
    this.#session.set(change);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#moving = null;
  }
}

export function isSameRange(a: Range, b: Range): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The moment that is looked at, epoch milliseconds: charts draw a line there. Not a part of the store: it moves with the pointer. */
export class Crosshair {
  readonly #listeners = new Set<(time: number | null) => void>();
  #time: number | null = null;

  get time(): number | null {
    return this.#time;
  }

  set(time: number | null): void {
    if (time === this.#time) return;
    this.#time = time;
    for (const listener of [...this.#listeners]) listener(time);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (time: number | null) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
