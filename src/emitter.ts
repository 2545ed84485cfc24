import type { Disposable } from './lifetime.ts';

export type Listener<T> = (value: T) => void;
export type Listen<T> = (listener: Listener<T>) => Disposable;

/** Says "state changed" to whoever listens; the parts that know nothing of VS Code use it. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<Listener<T>>();

  readonly event: Listen<T> = (listener) => {
    // Wrapped, so that the same function may listen twice and each end takes back only its own.
    const own: Listener<T> = (value) => listener(value);
    this.listeners.add(own);
    return { dispose: () => this.listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  get size(): number {
    return this.listeners.size;
  }

  dispose(): void {
    this.listeners.clear();
  }
}
