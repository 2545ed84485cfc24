import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from './app.ts';
import type { Loaded } from './loadState.ts';
import type { Part } from './notifier.ts';
import { messageOf } from '../service/protocol/errors.ts';

interface Host extends ReactiveControllerHost {
  app: App;
  /** False while nobody sees the element: it asks for nothing then. */
  seen: boolean;
}

export interface LoadOptions {
  /** What to GET (`/api/...`); null when there is nothing to ask. Another address is asked for at once. */
  path: () => string | null;
  /** Asked for again after one of these changed, at most every `everyMs`. */
  parts?: readonly Part[];
  /** The same, after this became another value: for what changes less often than the parts it is seen by. */
  version?: () => unknown;
  everyMs?: number;
  /** Asks again every `everyMs` while it is seen: for what no record tells of. */
  polls?: boolean | (() => boolean);
}

/** Changes come in crowds: people need no more than this. */
const EVERY_MS = 5_000;

/** Holds one answer of the service's REST for its element: asked for when seen, asked again when things change, never in vain. */
export class Load<T> implements ReactiveController {
  state: Loaded<T> = { kind: 'loading' };
  readonly #host: Host;
  readonly #options: LoadOptions;
  #path: string | null = null;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = -Infinity;
  /** Something changed since it was asked for. */
  #old = false;
  #version: unknown;
  #stop: (() => void)[] = [];

  constructor(host: Host, options: LoadOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  hostConnected(): void {
    const { store } = this.#host.app;
    this.#stop = [
      store.subscribe(this.#options.parts ?? [], () => this.#changed()),
      store.subscribe(['connection'], () => this.#reconnected()),
    ];
  }

  hostDisconnected(): void {
    for (const stop of this.#stop.splice(0)) stop();
    this.#cancel();
    this.#path = null;
  }

  /** Asks when the address changed, or when the element is seen again with an old answer. */
  hostUpdate(): void {
    if (!this.#host.seen) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    const path = this.#options.path();
    const version = this.#options.version?.();
    if (version !== this.#version) this.#old = true;
    this.#version = version;
    if (path !== this.#path) {
      this.#path = path;
      this.state = { kind: 'loading' };
      this.#ask();
    } else if (this.#wantsMore && path !== null) this.#plan();
  }

  get #wantsMore(): boolean {
    const { polls = false } = this.#options;
    return this.#old || (typeof polls === 'function' ? polls() : polls);
  }

  /** The value, as far as there is one. */
  get value(): T | undefined {
    return this.state.kind === 'ready' ? this.state.value : undefined;
  }

  /** Asks now, as a person wants it. */
  retry(): void {
    if (this.state.kind === 'failed') this.state = { kind: 'loading' };
    this.#ask();
    this.#host.requestUpdate();
  }

  #changed(): void {
    this.#old = true;
    if (this.#host.seen && this.#path !== null) this.#plan();
  }

  #reconnected(): void {
    if (this.#host.app.store.connection.state !== 'connected') return;
    if (this.state.kind !== 'failed' && !this.#missed()) return;
    // What failed with the line is asked for at once when it is back.
    this.#askedAt = -Infinity;
    this.#changed();
  }

  #missed(): boolean {
    return this.state.kind === 'ready' && this.state.message !== null;
  }

  #plan(): void {
    if (this.#timer !== undefined || this.#abort !== undefined) return;
    const wait = this.#askedAt + (this.#options.everyMs ?? EVERY_MS) - performance.now();
    this.#timer = setTimeout(() => this.#ask(), Math.max(0, wait));
  }

  #ask(): void {
    this.#cancel();
    const path = this.#path;
    if (path === null) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#old = false;
    this.#askedAt = performance.now();
    if (this.state.kind === 'ready') this.state = { ...this.state, stale: true };
    this.#host.app.session.get<T>(path, abort.signal).then(
      (value) => this.#done(abort, () => ({ kind: 'ready', value, stale: false, message: null })),
      (error: unknown) => this.#done(abort, () => this.#failed(messageOf(error))),
    );
  }

  /** What was there stays, with the sentence; without anything the sentence is all. */
  #failed(message: string): Loaded<T> {
    if (this.state.kind !== 'ready') return { kind: 'failed', message };
    return { ...this.state, stale: false, message };
  }

  #done(abort: AbortController, state: () => Loaded<T>): void {
    if (abort !== this.#abort) return; // Cancelled, or overtaken by a newer question.
    this.#abort = undefined;
    this.state = state();
    if (this.#wantsMore && this.#host.seen) this.#plan();
    this.#host.requestUpdate();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
  }
}
