/** Own it when you make it: whatever needs an end is tracked by a lifetime and ends with it, newest first. */
export interface Disposable {
  dispose(): unknown;
}

export class Lifetime implements Disposable {
  private owned: Disposable[] = [];
  private ended = false;

  /** Takes ownership; after the end, ends it at once. */
  track<T extends Disposable>(thing: T): T {
    if (this.ended) thing.dispose();
    else this.owned.push(thing);
    return thing;
  }

  /** Runs `task` every `ms` until the end. */
  every(ms: number, task: () => void): void {
    const timer = setInterval(task, ms);
    this.track({ dispose: () => clearInterval(timer) });
  }

  dispose(): void {
    this.ended = true;
    for (const thing of this.owned.splice(0).reverse()) thing.dispose();
  }
}
