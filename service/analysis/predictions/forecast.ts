/**
 * One series on its way to a limit, point by point: looked at over four stretches at once, from a minute to half a day, so
 * that a leak of hours is seen as well as one of seconds. Says a prediction when it was seen three times in a row, and takes
 * it back when the trend was not there three times. Memory and time per point are bounded; a judgement costs some
 * thousand steps, to be asked for every few seconds.
 */
import { type Approach, type Limit, type Outlook, isReached, outlookOf } from './outlook.ts';
import { Slots } from './slots.ts';

/** Milliseconds of a slot. The stretches are 40 times as long: 80 s, 5 min, 27 min, 2.7 h, 13 h. */
const WIDTHS = [2000, 8000, 40_000, 240_000, 1_200_000];
const TIMES_SEEN = 3;
/** The last time that a date can have. */
const LAST_TIME = 8.64e15;

/** `broken`: the trend is over. `reached`: the limit is. `silent`: there are no points any more. */
export type Ending = 'broken' | 'reached' | 'silent';

export type Forecast =
  | { is: 'open'; approach: Approach; since: number }
  | { is: 'closed'; why: Ending | null; outlook: Outlook };

export class Forecaster {
  readonly #scales = WIDTHS.map((width) => new Slots(width));
  #limit: Limit | null = null;
  #open: Extract<Forecast, { is: 'open' }> | null = null;
  #seen = 0;
  #unseen = 0;
  #newest = -Infinity;
  #value = Number.NaN;

  /** Times are epoch milliseconds; values that are no numbers are passed over. */
  add(time: number, value: number): void {
    if (!Number.isFinite(value) || !(Math.abs(time) <= LAST_TIME)) return;
    [this.#newest, this.#value] = [time, value];
    for (const slots of this.#scales) slots.add(time, value);
  }

  /** Time of the newest point; -Infinity before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** Looks at the trend. Another limit than the last time begins anew. */
  judge(limit: Limit, now: number): Forecast {
    if (this.#limit?.value !== limit.value || this.#limit.direction !== limit.direction) {
      [this.#limit, this.#open, this.#seen, this.#unseen] = [limit, null, 0, 0];
    }
    const outlook = this.#outlook(limit, now);
    if (outlook.is === 'approaching') return this.#saw(notBefore(outlook, now), now);
    this.#seen = 0;
    if (this.#open === null) return { is: 'closed', why: null, outlook };
    this.#unseen++;
    const approach = notBefore(this.#open.approach, now);
    this.#open = { ...this.#open, approach };
    if (outlook.is === 'reached') return this.#close('reached', outlook);
    if (this.#isSilent(now, approach)) return this.#close('silent', outlook);
    if (this.#unseen >= TIMES_SEEN) return this.#close('broken', outlook);
    return this.#open;
  }

  #saw(approach: Approach, now: number): Forecast {
    this.#unseen = 0;
    this.#seen++;
    if (this.#open !== null) this.#open = { ...this.#open, approach };
    else if (this.#seen >= TIMES_SEEN) this.#open = { is: 'open', approach, since: now };
    return this.#open ?? { is: 'closed', why: null, outlook: approach };
  }

  #close(why: Ending, outlook: Outlook): Forecast {
    [this.#open, this.#unseen] = [null, 0];
    return { is: 'closed', why, outlook };
  }

  /** Of the stretches that see an approach the shortest: it knows the newest. Whether it is there, the newest value says. */
  #outlook(limit: Limit, now: number): Outlook {
    if (isReached(limit, this.#value)) return { is: 'reached' };
    let first: Outlook | null = null;
    let shorter: Slots | null = null;
    for (const slots of this.#scales) {
      if (this.#newest < now - 5 * slots.width) continue;
      const outlook = outlookOf(slots, limit, shorter);
      if (outlook.is === 'approaching') return outlook;
      first ??= outlook;
      shorter = slots;
    }
    return first ?? { is: 'steady' };
  }

  #isSilent(now: number, { span, points }: Approach): boolean {
    return now - this.#newest > (5 * span) / points;
  }
}

/** What was to come by now has not: it is to come at once. */
function notBefore(approach: Approach, now: number): Approach {
  const [at, earliest, latest] = [approach.at, approach.earliest, approach.latest].map((time) =>
    Math.max(now, time),
  ) as [number, number, number];
  return { ...approach, at, earliest, latest };
}
