import { type FSWatcher, watch } from 'node:fs';
import type { Disposable } from '../lifetime.ts';

const POLL_MS = 5000;
const SETTLE_MS = 50;

/**
 * Says when a service may have appeared in a data directory, so that one started by another window or in a terminal is
 * found by itself: at once where the folder can be watched, else within 5 s.
 */
export class DataDirWatcher implements Disposable {
  private watcher: FSWatcher | undefined;
  private settle: NodeJS.Timeout | undefined;
  private readonly poll: NodeJS.Timeout;

  constructor(
    private readonly dataDir: string,
    private readonly mayHaveChanged: () => void,
  ) {
    this.watch();
    this.poll = setInterval(() => {
      if (!this.watcher) this.watch();
      this.mayHaveChanged();
    }, POLL_MS);
  }

  dispose(): void {
    clearInterval(this.poll);
    clearTimeout(this.settle);
    this.watcher?.close();
    this.watcher = undefined;
  }

  private watch(): void {
    try {
      this.watcher = watch(this.dataDir, { persistent: false }, (_event, name) => {
        if (name !== null && !name.startsWith('service.json')) return;
        clearTimeout(this.settle);
        this.settle = setTimeout(this.mayHaveChanged, SETTLE_MS);
      });
      this.watcher.on('error', () => {
        this.watcher?.close();
        this.watcher = undefined;
      });
    } catch {
      this.watcher = undefined; // not there yet: the poll looks again
    }
  }
}
