/** Work that can be stopped in between: it yields the share that is done, 0 to 1. */
export type Work<T> = Generator<number, T, undefined>;

/** A frame has 16 ms; this leaves room for what else has to be done in it. */
const SLICE_MS = 8;

export interface Report<T> {
  progress: (share: number) => void;
  done: (value: T) => void;
}

/** One piece of work at a time, done in slices between which the page stays alive. What is begun anew ends what was. */
export class Slices<T> {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Work<T> | undefined;

  get busy(): boolean {
    return this.#work !== undefined;
  }

  /**
   * Works for one slice at once; `done` is called then and there where that was enough. `progress` gets the share that is
   * done, 0 to 1, after every slice that was not.
   */
  start(work: Work<T>, report: Report<T>): void {
    this.cancel();
    this.#work = work;
    this.#slice(work, report, (value) => this.#finish(report, value));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#work = undefined;
  }

  /** `done` gets the value: at once, or in a task of its own, because whoever gets it has work of their own to do with it. */
  #slice(work: Work<T>, report: Report<T>, done: (value: T) => void): void {
    const until = performance.now() + SLICE_MS;
    for (;;) {
      const step = work.next();
      if (step.done === true) {
        done(step.value);
        return;
      }
      if (performance.now() < until) continue;
      report.progress(step.value);
      const later = (value: T): void => {
        this.#timer = setTimeout(() => this.#finish(report, value));
      };
      this.#timer = setTimeout(() => this.#slice(work, report, later));
      return;
    }
  }

  #finish(report: Report<T>, value: T): void {
    this.#work = undefined;
    report.done(value);
  }
}

/** All of a work at once, for where nobody waits at a page. */
export function finished<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
