/** From what counts up to what happens now. */
import type { CpuTicks } from './hostProc.ts';

/** CPU time is counted in ticks of 10 ms a core: a share of fewer than this would jump in steps above 1 %. */
const LEAST_TICKS = 100;
/** One core at the shortest interval of 50 ms needs 20 looks for so many ticks. */
const KEPT_LOOKS = 24;

export interface CpuShares {
  busy: number;
  user: number;
  system: number;
  iowait: number;
  steal: number;
}

/**
 * Shares of CPU time in percent, over the shortest time that holds 100 ticks: on 16 cores that is less than 100 ms, on
 * 2 cores half a second. So the value moves at every look, and its steps are 1 % at most.
 */
export class CpuWindow {
  readonly #looks: CpuTicks[] = [];

  /** Null at the first look, and when the counters stand still. */
  add(now: CpuTicks): CpuShares | null {
    const before = this.#looks.findLast(({ total }) => now.total - total >= LEAST_TICKS);
    const from = before ?? this.#looks[0];
    this.#looks.push(now);
    if (this.#looks.length > KEPT_LOOKS) this.#looks.shift();
    const total = from ? now.total - from.total : 0;
    if (!from || total <= 0) return null;
    // Idle and iowait may go backwards (proc(5)): never below nothing, never above all.
    const share = (part: number) => Math.min(100, Math.max(0, (part / total) * 100));
    const idle = now.idle - from.idle + (now.iowait - from.iowait);
    return {
      busy: share(total - idle),
      user: share(now.user - from.user),
      system: share(now.system - from.system),
      iowait: share(now.iowait - from.iowait),
      steal: share(now.steal - from.steal),
    };
  }
}

/** Growth of a counter, a second. */
export class Rate {
  #count: number | undefined;
  #at = 0;

  /** `elapsed`: milliseconds. Null at the first look, and when the counter has begun anew. */
  add(count: number, elapsed: number): number | null {
    const grown = this.#count === undefined ? -1 : count - this.#count;
    const took = elapsed - this.#at;
    this.#count = count;
    this.#at = elapsed;
    return grown < 0 || took <= 0 ? null : (grown / took) * 1000;
  }
}
