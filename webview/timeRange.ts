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
const WITHOUT_RUN = 15 * MINUTE;
/**
 * A run is asked for from a round time before its start: the service takes no range of less than a second, and a run
 * that has just begun has none.
 */
const BEFORE_RUN = 10_000;
/** Nothing shorter can be asked for. */
const SHORTEST = 1_000;
/** Steps back that are remembered. */
const MOST_STEPS = 50;

/** Holds the range with the rest of what the person has set. */
type Keeper = Pick<Session, 'view' | 'store' | 'set'>;

export class TimeRange {
  readonly #session: Keeper;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #before: Range[] = [];

  constructor(session: Keeper, clock: Pick<Clock, 'now'>) {
    this.#session = session;
    this.#clock = clock;
  }

  get range(): Range {
    return this.#session.view.range;
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
    return this.#before.length > 0;
  }

  /** Epoch milliseconds, `to` at least a second after `from`. */
  span(): Span {
    const { range } = this;
    if (range.kind === 'between') return { from: range.from, to: range.to };
    const now = this.#session.view.pausedAt ?? this.#clock.now();
    if (range.kind === 'last') return { from: now - range.ms, to: now };
    return this.#run(now);
  }

  /** Another range, remembered for `back`. */
  set(range: Range): void {
    this.#before.push(this.range);
    if (this.#before.length > MOST_STEPS) this.#before.shift();
    this.#change({ range });
  }

  /** Zooms into a part of what is shown; a mere click is no part. */
  zoomTo({ from, to }: Span): void {
    if (to - from >= SHORTEST) this.set({ kind: 'between', from, to });
  }

  back(): void {
    const range = this.#before.pop();
    if (range !== undefined) this.#change({ range });
  }

  pause(): void {
    this.#change({ pausedAt: this.#clock.now() });
  }

  resume(): void {
    this.#change({ pausedAt: null });
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
    return `from=${Math.floor(from)}&to=${Math.ceil(to)}`;
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

  #change(change: Partial<Pick<View, 'range' | 'pausedAt'>>): void {
    this.#session.set(change);
  }
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
