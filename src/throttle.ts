import type { Disposable } from './lifetime.ts';

/**
 * Collects items and hands them over together: at once when nothing was handed over during the last `ms`, else as soon
 * as `ms` have passed. So `flush` runs at most every `ms`, and no item is lost.
 */
export class Throttle<T> implements Disposable {
  private readonly waiting = new Set<T>();
  private timer: NodeJS.Timeout | undefined;
  private last = -Infinity;

  constructor(
    private readonly ms: number,
    private readonly flush: (items: ReadonlySet<T>) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(item: T): void {
    this.waiting.add(item);
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.last + this.ms - this.now());
    this.timer = setTimeout(() => this.run(), wait);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting.clear();
  }

  private run(): void {
    this.timer = undefined;
    this.last = this.now();
    const items = new Set(this.waiting);
    this.waiting.clear();
    this.flush(items);
  }
}
