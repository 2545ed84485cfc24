import type { ReactiveController } from 'lit';
import type { App } from '../../webview/app.ts';
import { PathFeed } from '../../webview/pathFeed.ts';
import { Crosshair, TimeRange } from '../../webview/timeRange.ts';
import { type Line, startSession } from './line.ts';

/** What a controller needs of its element: renders once, a turn after it was asked to. */
export class TestElement {
  seen = true;
  renders = 0;
  readonly line: Line;
  readonly app: App;
  readonly updateComplete = Promise.resolve(true);
  readonly #controllers: ReactiveController[] = [];
  #planned = false;

  constructor(now: () => number = Date.now) {
    const { line, session, store } = startSession();
    this.line = line;
    const time = new TimeRange(session, { now });
    // The clock of a page needs a document; what is tested here tells no time by itself.
    const path = new PathFeed(session);
    this.app = { session, store, time, path, crosshair: new Crosshair() } as unknown as App;
  }

  addController(controller: ReactiveController): void {
    this.#controllers.push(controller);
  }

  removeController(): void {
    throw new Error('No controller leaves its element.');
  }

  requestUpdate(): void {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.render();
    });
  }

  render(): void {
    this.renders++;
    for (const controller of this.#controllers) controller.hostUpdate?.();
  }

  connect(): void {
    for (const controller of this.#controllers) controller.hostConnected?.();
    this.render();
  }

  disconnect(): void {
    for (const controller of this.#controllers) controller.hostDisconnected?.();
  }

  look(seen: boolean): void {
    this.seen = seen;
    this.render();
  }
}
